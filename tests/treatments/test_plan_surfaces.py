"""No plan is shown without its recovery notes and the advice to talk to a doctor.

The addresses are walked, not listed: a page that draws the course ruler is a plan, whoever adds
it. The named ones below must be among those found, so that the walk cannot pass by finding none.
"""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.html import escape

from sessions.models import TreatmentSession
from tests.factories.patients import PatientFactory
from tests.factories.sessions import AppointmentFactory, planned_course
from tests.factories.treatments import IndicationFactory, IndicationRevisionFactory
from tests.test_access import ALL, NOWHERE
from treatments.domain import catalogue

pytestmark = pytest.mark.usefixtures("now")

# Every parameter of an address is filled with the same value, so one of each row has that number.
ID = int(NOWHERE["int"])
SLUG = NOWHERE["slug"]

NOTES = "Same day: Redness is common.\n48 hours: No sauna."
PLANS = {
    "sessions:course-plan",
    "sessions:course-detail",
    "sessions:course-print",
    "patients:patient-detail",
}
RULER = re.compile(r'<svg class="ruler[ "]')


@pytest.fixture
def course(site, clinician):
    """A course whose indication, patient, sessions and appointment all bear the walk's number."""
    indication = IndicationFactory(pk=ID, slug=SLUG, revision=None)
    revision = IndicationRevisionFactory(
        pk=ID, indication=indication, number=ID, recovery_notes=NOTES
    )
    course = planned_course(
        pk=ID,
        patient=PatientFactory(pk=ID),
        indication=indication,
        revision=revision,
        site=site,
        practitioner=clinician,
    )
    course.sessions.filter(number=1).update(id=ID)
    AppointmentFactory(pk=ID, of=TreatmentSession.objects.get(pk=ID))
    return course


def lacks(html, courses=1):
    """Return what a page that shows a plan lacks of what every plan must say."""
    disclaimers = re.findall(r"<section[^>]*\bdata-disclaimer\b.*?</section>", html, re.DOTALL)
    notes = re.findall(r"<section[^>]*\bdata-recovery\b.*?</section>", html, re.DOTALL)
    text = escape(catalogue.DISCLAIMER_TEXT)
    said = {
        "disclaimer": sum(text in found for found in disclaimers) >= courses and text,
        "recovery notes": sum(
            all(line in found for line in ("Redness is common.", "48 hours", "No sauna."))
            for found in notes
        )
        >= courses,
    }
    return [name for name, is_there in said.items() if not is_there]


def surfaces(client):
    """Return the pages that draw a plan, by the name of their address."""
    found = {}
    for address in ALL:
        answer = client.get(address.path)
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        if is_page and answer.status_code == 200:
            html = answer.content.decode()
            if RULER.search(html):
                found[address.name] = html
    return found


@pytest.mark.parametrize("who", ["clinician_client", "reception_client"])
def test_every_page_that_draws_a_plan_says_what_a_plan_must_say(request, course, who):
    found = surfaces(request.getfixturevalue(who))
    assert set(found) >= PLANS
    assert {name: lacks(html) for name, html in found.items() if lacks(html)} == {}


def test_an_admin_sees_no_plan_without_it_either(admin_client, course):
    found = surfaces(admin_client)
    assert set(found) >= PLANS - {"sessions:course-plan"}
    assert {name: lacks(html) for name, html in found.items() if lacks(html)} == {}


@pytest.mark.parametrize(
    ("status", "values"),
    [
        ("DRAFT", {"activated_at": None}),
        ("SUSPENDED", {"status_reason": "Head cold"}),
        ("COMPLETED", {"ended_at": "2026-11-25T10:00Z"}),
        ("DISCONTINUED", {"status_reason": "Moved away", "ended_at": "2026-11-25T10:00Z"}),
    ],
)
def test_a_plan_says_it_in_every_state(clinician_client, course, status, values):
    type(course).objects.filter(pk=course.pk).update(status=status, **values)
    for name in ("sessions:course-detail", "sessions:course-print"):
        html = clinician_client.get(reverse(name, args=[course.pk])).content.decode()
        assert lacks(html) == [], name


def test_each_of_two_courses_says_its_own(clinician_client, course, clinician, site):
    other = IndicationFactory(revision=None)
    revision = IndicationRevisionFactory(
        indication=other, recovery_notes=f"{NOTES}\n72 hours: No gym."
    )
    planned_course(
        patient=course.patient,
        indication=other,
        revision=revision,
        site=site,
        hours=(
            course.planned_at.time().replace(hour=18),
            course.planned_at.time().replace(hour=19),
        ),
    )
    url = reverse("patients:patient-detail", args=[course.patient_id])
    html = clinician_client.get(url).content.decode()
    assert len(RULER.findall(html)) == 2
    assert lacks(html, courses=2) == []
    assert "No gym." in html


def test_parts_that_htmx_swaps_in_say_it_too(clinician_client, course):
    swapped = {
        reverse("sessions:course-plan", args=[course.patient_id]): {},
        reverse("sessions:session-book", args=[ID]): {},
    }
    for url, query in swapped.items():
        answer = clinician_client.get(url, query, headers={"HX-Request": "true"})
        html = answer.content.decode()
        assert RULER.search(html), url
        assert "<html" not in html
        assert lacks(html) == [], url


def test_the_preview_of_the_editor_says_it(admin_client, course):
    for name in ("treatments:indication-edit", "treatments:indication-preview"):
        url = reverse(name, args=[SLUG])
        answer = admin_client.post(url, {"recovery_notes": NOTES})
        assert lacks(answer.content.decode()) == [], name


# -- The guard over the templates ----------------------------------------------------------------

TEMPLATES = [Path(settings.BASE_DIR) / "templates"]
SAYS_IT = (
    re.compile(r"{%\s*care_sheet\b"),
    re.compile(r"{%\s*disclaimer\b.*{%\s*recovery_notes\b", re.DOTALL),
)
# A panel of a page whose other panel says it; the walk above proves that page.
SAID_BESIDE_IT = {"sessions/_patient_courses.html": "sessions/_patient_care.html"}


def templates():
    for folder in TEMPLATES:
        for path in sorted(folder.rglob("*.html")):
            yield path.relative_to(folder).as_posix(), path.read_text()


def says_it(source):
    return any(pattern.search(source) for pattern in SAYS_IT)


def test_every_template_that_draws_a_plan_says_what_a_plan_must_say():
    sources = dict(templates())
    drawing = {
        name for name, source in sources.items() if re.search(r"{%\s*course_ruler\b", source)
    }
    assert drawing >= {"sessions/_course.html", "sessions/course_print.html"}
    silent = {name for name in drawing if not says_it(sources[SAID_BESIDE_IT.get(name, name)])}
    assert silent == set()


def test_the_guard_notices_a_plan_that_says_nothing():
    assert not says_it("{% load ruler %}{% course_ruler drawn.ruler %}")
    assert not says_it("{% course_ruler drawn.ruler %}{% disclaimer revision %}")
    assert says_it("{% disclaimer revision %}\n{% recovery_notes revision %}")


@pytest.mark.parametrize(
    "silenced", ["data-disclaimer", "data-recovery", "No sauna.", catalogue.DISCLAIMER_TEXT]
)
def test_the_walk_notices_a_page_that_lacks_one(clinician_client, course, silenced):
    url = reverse("sessions:course-detail", args=[course.pk])
    html = clinician_client.get(url).content.decode()
    assert lacks(html.replace(escape(silenced), "")) != []


def test_no_one_but_the_tags_writes_the_disclaimer():
    holders = {name for name, source in templates() if "data-disclaimer" in source}
    assert holders == {"treatments/_care_sheet.html", "treatments/_disclaimer.html"}
    notes = {name for name, source in templates() if "data-recovery" in source}
    assert notes == {"treatments/_care_sheet.html", "treatments/_recovery_notes.html"}
