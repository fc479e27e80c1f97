"""No session begins while a consent that it needs is open."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from records.actions import drafts
from records.actions.checks import save_checks
from sessions.actions.status import StatusRefused, check_in, start_appointment, undo_status
from sessions.models import Appointment
from sessions.selectors.appointments import read_visit
from tests.factories.clinic import RoomFactory
from tests.factories.consents import ConsentFactory, ConsentTemplateFactory
from tests.factories.core import UserFactory
from tests.sessions.desk import Desk
from treatments.actions.consents import revoke_consent
from treatments.actions.reflection import waive_reflection
from treatments.domain.consents import State
from treatments.selectors.consents import read_standing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now():
    """It is the morning of the first session, also when somebody signs in."""
    moment = datetime(2026, 11, 26, 10, tzinfo=UTC)
    with time_machine.travel(moment, tick=False):
        yield moment


@pytest.fixture
def desk(site):
    desk = Desk(site=site)
    desk.book(1, 0)
    return desk


@pytest.fixture
def text(desk):
    return ConsentTemplateFactory(indication=desk.course.indication)


def begin(desk):
    desk.arrive(1)
    return start_appointment(
        appointment=desk.place(1), by=desk.practitioner, at=desk.moment(0, "10:00")
    )


def test_the_patient_is_checked_in_but_not_treated(desk, text):
    desk.arrive(1)
    with pytest.raises(StatusRefused) as refused:
        start_appointment(
            appointment=desk.place(1), by=desk.practitioner, at=desk.moment(0, "10:00")
        )
    assert "Treatment: It is not signed yet." in refused.value.problem
    assert "A clinician takes it" in refused.value.problem
    assert desk.place(1).status == "ARRIVED"


def test_a_record_is_not_opened_either(desk, text):
    desk.arrive(1)
    with pytest.raises(StatusRefused):
        drafts.open_record(
            session=desk.session(1), by=desk.practitioner, at=desk.moment(0, "10:00")
        )
    assert desk.place(1).status == "ARRIVED"


def test_a_draft_from_before_is_not_written_on_while_a_consent_is_open(desk, text):
    """A start that was undone is made again by whoever goes on with the record."""
    consent = ConsentFactory(of=desk.course, template=text)
    desk.arrive(1)
    at, by = desk.moment(0, "10:00"), desk.practitioner
    record = drafts.open_record(session=desk.session(1), by=by, at=at)
    undo_status(appointment=desk.place(1), by=by, at=at)
    revoke_consent(consent=consent, reason="Waits", by=by, at=at)
    with pytest.raises(StatusRefused):
        save_checks(record=record, answers={}, words="", version=1, by=by, at=at)
    ConsentFactory(of=desk.course, template=text)
    save_checks(record=record, answers={}, words="", version=1, by=by, at=at)
    assert desk.place(1).status == "IN_TREATMENT"


def test_once_it_is_signed_treatment_begins(desk, text):
    ConsentFactory(of=desk.course, template=text)
    assert begin(desk).status == "IN_TREATMENT"


@pytest.mark.parametrize("is_given", [True, False])
def test_a_consent_that_does_not_stand_is_none(desk, text, is_given):
    consent = ConsentFactory(of=desk.course, template=text, is_given=is_given)
    if is_given:
        revoke_consent(consent=consent, reason="Waits", by=desk.practitioner, at=desk.now)
    with pytest.raises(StatusRefused):
        begin(desk)


def test_a_clinic_that_publishes_no_text_is_asked_nothing(desk):
    assert begin(desk).status == "IN_TREATMENT"


def test_an_open_photo_holds_nobody_up(desk, text):
    ConsentTemplateFactory(photos=True)
    ConsentFactory(of=desk.course, template=text)
    assert begin(desk).status == "IN_TREATMENT"


def test_a_consultation_needs_no_consent(desk, text, now):
    visit = desk.place(1)
    type(visit).objects.filter(pk=visit.pk).update(kind="CONSULTATION", session=None)
    visit.refresh_from_db()
    check_in(appointment=visit, by=desk.reception, at=now)
    assert start_appointment(appointment=visit, by=desk.practitioner, at=now)
    assert read_visit(visit, now=now, late_after=10).consent is None


@pytest.mark.parametrize(
    ("who", "may_sign"),
    [("clinician_client", True), ("reception_client", False), ("admin_client", False)],
)
def test_the_panel_says_how_it_is_and_leads_clinicians_to_it(request, desk, text, who, may_sign):
    client = request.getfixturevalue(who)
    url = reverse("sessions:appointment-detail", args=[desk.place(1).pk])
    sign = reverse("treatments:consent-sign", args=[desk.course.pk])
    page = " ".join(client.get(url).content.decode().split())
    assert "<dt>Consent</dt>" in page
    assert "Open" in page.partition("<dt>Consent</dt>")[2][:500]
    assert (sign in page) is may_sign
    assert text.title not in page
    ConsentFactory(of=desk.course, template=text)
    page = " ".join(client.get(url).content.decode().split())
    assert "Complete" in page.partition("<dt>Consent</dt>")[2][:500]
    assert sign not in page


def test_the_panel_says_nothing_where_consent_is_on_paper(desk, reception_client):
    url = reverse("sessions:appointment-detail", args=[desk.place(1).pk])
    assert "<dt>Consent</dt>" not in reception_client.get(url).content.decode()


def test_the_course_says_how_it_is(desk, text, reception_client, clinician_client):
    url = reverse("sessions:course-detail", args=[desk.course.pk])
    sign = reverse("treatments:consent-sign", args=[desk.course.pk])
    for client, may_sign in ((reception_client, False), (clinician_client, True)):
        page = " ".join(client.get(url).content.decode().split())
        assert "Open" in page.partition("Consent:")[2][:500]
        assert (sign in page) is may_sign


def test_a_start_that_is_refused_says_why(desk, text, clinician_client):
    desk.arrive(1)
    answer = clinician_client.post(
        reverse("sessions:appointment-start", args=[desk.place(1).pk]), follow=True
    )
    assert "Consent is open." in answer.content.decode()
    assert desk.place(1).status == "ARRIVED"


def test_the_record_says_why_it_does_not_begin(desk, text, clinician_client):
    desk.arrive(1)
    url = reverse("records:record-step", args=[desk.session(1).pk, "checks"])
    assert clinician_client.get(url).status_code == 200
    answer = clinician_client.post(url, {"version": 0})
    assert answer.status_code == 422
    assert "Consent is open." in answer.content.decode()


def test_the_day_sheet_knows_what_is_signed(desk, text, reception_client):
    url = reverse("sessions:day-sheet")
    assert "consent open" in reception_client.get(url).content.decode()
    consent = ConsentFactory(of=desk.course, template=text)
    assert "consent open" not in reception_client.get(url).content.decode()
    revoke_consent(consent=consent, reason="Waits", by=desk.practitioner, at=desk.now)
    assert "consent open" in reception_client.get(url).content.decode()


class TestAnotherTeam:
    """At another site with somebody new, the treatment is talked about again."""

    @pytest.fixture
    def elsewhere(self, desk):
        """The next session is booked at another site."""
        return RoomFactory(site__name="Linden")

    def book(self, desk, room, practitioner):
        Appointment.objects.filter(pk=desk.place(1).pk).update(room=room, practitioner=practitioner)

    def state(self, desk):
        [finding] = read_standing(desk.course, at=desk.now).findings
        return finding.state

    def test_it_is_signed_again(self, desk, text, elsewhere):
        ConsentFactory(of=desk.course, template=text, site=desk.site, signed_at=desk.now)
        stranger = UserFactory(clinician=True)
        assert self.state(desk) is State.VALID
        self.book(desk, desk.room, stranger)
        assert self.state(desk) is State.VALID
        self.book(desk, elsewhere, desk.practitioner)
        assert self.state(desk) is State.VALID
        self.book(desk, elsewhere, stranger)
        assert self.state(desk) is State.OTHER_TEAM
        with pytest.raises(StatusRefused, match="Somebody else treats than was talked about"):
            begin(desk)
        ConsentFactory(
            of=desk.course, template=text, site=desk.site, signed_at=desk.now, taken_by=stranger
        )
        assert self.state(desk) is State.VALID
        ConsentFactory(of=desk.course, template=text, site=elsewhere.site, signed_at=desk.now)
        assert self.state(desk) is State.VALID
        desk_begun = start_appointment(
            appointment=desk.place(1), by=stranger, at=desk.moment(0, "10:00")
        )
        assert desk_begun.status == "IN_TREATMENT"

    def test_who_treated_the_course_before_is_known(self, desk, text, elsewhere):
        ConsentFactory(of=desk.course, template=text, site=desk.site, signed_at=desk.now)
        stranger = UserFactory(clinician=True)
        desk.arrive(1)
        begun = start_appointment(
            appointment=desk.place(1), by=stranger, at=desk.moment(0, "10:00")
        )
        Appointment.objects.filter(pk=begun.pk).update(practitioner=stranger)
        desk.deliver(1, 0)
        desk.book(2, 7)
        second = desk.place(2)
        for practitioner, expected in (
            (UserFactory(clinician=True), State.OTHER_TEAM),
            (stranger, State.VALID),
        ):
            Appointment.objects.filter(pk=second.pk).update(
                room=elsewhere, practitioner=practitioner
            )
            assert self.state(desk) is expected

    def test_an_old_consent_is_for_every_site_and_everybody(self, desk, text, elsewhere):
        ConsentFactory(of=desk.course, template=text, signed_at=desk.now)
        self.book(desk, elsewhere, UserFactory(clinician=True))
        assert self.state(desk) is State.VALID


class TestTimeToReflect:
    """Before the first session of what cannot be taken back easily."""

    @pytest.fixture(autouse=True)
    def body(self, desk, text):
        type(desk.course.indication).objects.filter(pk=desk.course.indication_id).update(
            slug="body_sculpting"
        )

    def test_the_first_session_waits(self, desk, text, now):
        ConsentFactory(of=desk.course, template=text, signed_at=now - timedelta(hours=23))
        with pytest.raises(StatusRefused, match=r"Time to reflect until .*A prescriber can sign"):
            begin(desk)
        assert desk.place(1).status == "ARRIVED"

    def test_it_begins_once_the_time_is_over(self, desk, text, now):
        ConsentFactory(of=desk.course, template=text, signed_at=now - timedelta(hours=25))
        assert begin(desk).status == "IN_TREATMENT"

    def test_it_begins_earlier_if_a_prescriber_signs_so(self, desk, text, now):
        ConsentFactory(of=desk.course, template=text, signed_at=now - timedelta(hours=1))
        doctor = UserFactory(prescriber=True)
        waive_reflection(course=desk.course, reason="Flies home.", by=doctor, at=now)
        assert begin(desk).status == "IN_TREATMENT"
