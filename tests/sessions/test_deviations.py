"""What changed in the plans: on the course, on paper, in the report and its file."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sessions.actions.booking import LateReason
from sessions.selectors.deviations import Wanted, deviation_summary
from sessions.views.deviations import BYTE_ORDER_MARK, PAGE_SIZE, guarded
from tests.factories.clinic import SiteFactory
from tests.factories.sessions import DeviationFactory, planned_course
from tests.sessions.desk import Desk

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 26, 8, tzinfo=UTC)
REPORT = "/courses/deviations/"
EXPORT = "/courses/deviations.csv"
FEVER = LateReason("UNWELL", "Fever since Friday.")


@pytest.fixture
def desk(site):
    with time_machine.travel(MORNING, tick=False):
        yield Desk(site=site)


def noted(desk, number, **more):
    return DeviationFactory(
        **{"session": desk.session(number), "at": MORNING, "by": desk.practitioner, **more}
    )


def rows_of(answer):
    text = answer.content.decode("utf-8")
    assert text.startswith(BYTE_ORDER_MARK)
    return list(csv.DictReader(StringIO(text.removeprefix(BYTE_ORDER_MARK))))


# The report


def test_without_changes_the_report_says_so(desk, reception_client):
    page = reception_client.get(REPORT).content.decode()
    assert "No changes here" in page
    assert "Export CSV" not in page


def test_the_list_of_courses_leads_to_the_report(desk, reception_client):
    assert REPORT in reception_client.get(reverse("sessions:course-list")).content.decode()


def test_changes_are_listed_the_newest_first(desk, reception_client):
    noted(desk, 2, days_late=2, at=MORNING - timedelta(days=3))
    noted(desk, 3, kind="SKIPPED", days_late=0, reason="SKIN")
    page = reception_client.get(REPORT).content.decode()
    assert page.index("3 of 8") < page.index("2 of 8")
    assert "Later than its window, 2 days" in page
    assert "Skin not ready" in page
    assert desk.course.patient.full_name in page


def test_only_clinical_readers_see_the_words(desk, reception_client, admin_client, client):
    noted(desk, 2, words="Pregnancy not ruled out.")
    client.force_login(desk.practitioner)
    for address in (REPORT, EXPORT):
        for closed in (reception_client, admin_client):
            text = closed.get(address).content.decode()
            assert "Patient away" in text
            assert "Pregnancy" not in text
        assert "Pregnancy not ruled out." in client.get(address).content.decode()


def test_the_summary_counts_each_session_once(desk):
    desk.give(1, 0)
    desk.book(2, 12, late_reason=FEVER, by=desk.practitioner)
    desk.book(2, 15, late_reason=FEVER, by=desk.practitioner)
    desk.arrive(2)
    desk.deliver(2, 15)
    noted(desk, 3, days_late=2)
    noted(desk, 4, kind="STRETCHED", reason="CONDITION", days_late=9)
    noted(desk, 5, kind="SKIPPED", days_late=0)
    (line,) = deviation_summary(Wanted(clock=desk.site))
    assert (line.late, line.stretched, line.skipped) == (2, 1, 1)
    assert line.median_days_late == 3.5
    assert (line.delivered, line.outside, line.share_outside) == (2, 1, 50)
    assert line.practitioner == desk.practitioner.display_name


def test_a_summary_without_delivered_sessions_has_no_share(desk, reception_client):
    noted(desk, 2, kind="SKIPPED", days_late=0)
    (line,) = deviation_summary(Wanted(clock=desk.site))
    assert (line.share_outside, line.median_days_late) == (None, None)
    assert "–" in reception_client.get(REPORT).content.decode()


def test_lines_stand_by_indication_and_practitioner(desk):
    noted(desk, 2)
    noted(desk.neighbour(), 2)
    assert len(deviation_summary(Wanted(clock=desk.site))) == 2


def test_days_count_in_the_sites_own_time(desk, reception_client):
    """In Europe 23:30 UTC in winter is the next day already."""
    berlin = SiteFactory(name="Am Park", timezone="Europe/Berlin")
    there = planned_course(site=berlin)
    DeviationFactory(
        session=there.sessions.get(number=2), at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    )
    asked = {"site": berlin.pk, "since": "2026-11-21", "until": "2026-11-21"}
    (row,) = rows_of(reception_client.get(EXPORT, asked))
    assert row["Noted on"] == "2026-11-21"
    asked["until"] = asked["since"] = "2026-11-20"
    assert rows_of(reception_client.get(EXPORT, asked)) == []


def test_filters_leave_out_other_days_and_sites(desk, reception_client):
    noted(desk, 2, at=MORNING - timedelta(days=9))
    noted(desk, 3)
    desk.give(1, 0)
    other = SiteFactory(name="Harbour")
    away = planned_course(site=other)
    DeviationFactory(session=away.sessions.get(number=4), at=MORNING)

    def sessions(**asked):
        return sorted(row["Session"] for row in rows_of(reception_client.get(EXPORT, asked)))

    assert sessions() == ["2", "3", "4"]
    assert sessions(since="2026-11-20") == ["3", "4"]
    assert sessions(until="20 Nov 2026") == ["2"]
    assert sessions(site=other.pk) == ["4"]
    page = reception_client.get(REPORT, {"site": other.pk, "since": "2026-11-01"}).content.decode()
    assert f"{EXPORT}?since=2026-11-01&amp;site={other.pk}&amp;" in page
    (line,) = deviation_summary(Wanted(clock=other, site=other))
    assert (line.late, line.delivered) == (1, 0)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"since": "soon"}, "From must be a real date"),
        ({"until": "0001-01-01"}, "To must be a real date"),
        ({"since": "2026-11-02", "until": "2026-11-01"}, "must not lie before the first"),
        ({"site": "x"}, "Choose one of the sites."),
        ({"site": "99999999999999999999999"}, "Choose one of the sites."),
    ],
)
@pytest.mark.parametrize("address", [REPORT, EXPORT])
def test_a_filter_that_makes_no_sense_is_answered_with_a_sentence(
    desk, reception_client, address, asked, words
):
    noted(desk, 2)
    answer = reception_client.get(address, asked)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_the_report_has_pages(desk, reception_client):
    for _again in range(PAGE_SIZE + 1):
        noted(desk, 2)
    page = reception_client.get(REPORT, {"site": desk.site.pk}).content.decode()
    assert "Page 1 of 2" in page
    assert f"?site={desk.site.pk}&amp;page=2" in page
    assert "Page 2 of 2" in reception_client.get(REPORT, {"page": "99"}).content.decode()


@pytest.mark.parametrize("address", [REPORT, EXPORT])
def test_more_changes_take_no_more_queries(desk, reception_client, address):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert reception_client.get(address).status_code == 200
        return len(seen)

    noted(desk, 2)
    queries()
    one = queries()
    for _more in range(3):
        noted(desk.neighbour(), 2)
    assert queries() == one


# The file


def test_the_file_names_no_patient(desk, client):
    noted(desk, 2, words="Öfter müde.")
    client.force_login(desk.practitioner)
    answer = client.get(EXPORT)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == (
        'attachment; filename="changes-to-plans-2026-11-26.csv"'
    )
    (row,) = rows_of(answer)
    course = desk.course
    assert row == {
        "Noted on": "2026-11-26",
        "Record number": course.patient.record_number,
        "Site": course.site.name,
        "Indication": course.indication.short_name,
        "Practitioner": course.practitioner.display_name,
        "Session": "2",
        "Change": "Later than its window",
        "Days late": "2",
        "Reason": "Patient away",
        "Noted by": desk.practitioner.display_name,
        "In words": "Öfter müde.",
    }
    assert course.patient.family_names not in answer.content.decode()


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_is_never_a_formula(desk, client, begins):
    noted(desk, 2, words=f"{begins}1+1")
    client.force_login(desk.practitioner)
    (row,) = rows_of(client.get(EXPORT))
    assert row["In words"].startswith(f"'{begins}".replace("\r", ""))
    assert guarded(f"{begins}1+1") == f"'{begins}1+1"


def test_other_cells_stay_as_they_are():
    assert [guarded(cell) for cell in ("", "7", "a=b")] == ["", "7", "a=b"]


# On the course and on paper


def test_a_stretched_gap_is_told_on_its_session(desk, client):
    noted(desk, 2, kind="STRETCHED", reason="CONDITION", days_late=5, words="Skin calm, go slower.")
    client.force_login(desk.practitioner)
    page = client.get(reverse("sessions:course-detail", args=[desk.course.pk])).content.decode()
    assert "Condition allows it" in page
    assert "Skin calm, go slower." in page


def test_the_printed_plan_lists_its_changes_and_only_if_there_are_any(desk, client):
    url = reverse("sessions:course-print", args=[desk.course.pk])
    client.force_login(desk.practitioner)
    assert "Changes to the plan" not in client.get(url).content.decode()
    noted(desk, 2, days_late=2, words="Fever.")
    desk.course.sessions.filter(number=3).update(status="SKIPPED")
    noted(desk, 3, kind="SKIPPED", days_late=0, reason="SKIN", words="Still red.")
    page = client.get(url).content.decode()
    assert "left out" in page
    assert "Changes to the plan" in page
    assert "Patient away: Fever." in page
    assert "Skin not ready: Still red." in page
    client.force_login(desk.reception)
    page = client.get(url).content.decode()
    assert "Patient away" in page
    assert "Fever." not in page
