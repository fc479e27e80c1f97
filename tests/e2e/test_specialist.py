"""(d) A hair-loss course waits for the specialist."""

from playwright.sync_api import expect

from sessions.models import Appointment
from tests.e2e.people import choose_first_time, heading, ready, toast
from treatments.models import Assessment, TreatmentCourse

STOP = "A specialist has to see this patient first"


def test_hair_loss_is_stopped_without_the_consultation(clinic, enter):
    patient = clinic.patient()
    desk = enter(clinic.maya, at=f"/patients/{patient.pk}/")
    desk.get_by_role("link", name="Plan a course").first.click()
    expect(heading(desk, "Plan a course for Amara Whitfield")).to_be_visible()
    ready(desk)
    desk.get_by_label("Indication").select_option(label="Hair loss")
    expect(desk.get_by_role("heading", name=STOP)).to_be_visible()
    expect(desk.get_by_text("Ask a clinician to record it.")).to_be_visible()
    desk.get_by_label("With", exact=True).select_option(label="Petra Lindqvist")
    desk.get_by_role("button", name="Keep as draft").click()
    expect(toast(desk, "The plan is kept as a draft.")).to_be_visible()
    expect(desk.get_by_role("heading", name=STOP)).to_be_visible()
    expect(desk.get_by_role("button", name="Activate the course")).to_have_count(0)
    expect(desk.get_by_role("heading", name="choose a time")).to_have_count(0)

    course = TreatmentCourse.objects.get()
    assert (course.indication.slug, course.status) == ("hair_loss", TreatmentCourse.Status.DRAFT)
    assert not Appointment.objects.exists()

    chair = enter(clinic.petra, at=f"/courses/{course.pk}/")
    chair.get_by_role("link", name="Record the consultation").click()
    expect(heading(chair, "Record a consultation")).to_be_visible()
    expect(chair.get_by_label("Indication")).to_have_value("hair_loss")
    chair.get_by_label("Doctor’s name").fill("Dr Ines Halloran, dermatology")
    chair.get_by_label("Diagnosis").fill(
        "Pattern hair loss, no scarring. Blood results are normal."
    )
    chair.get_by_role("button", name="Record the consultation").click()
    expect(toast(chair, "The consultation is recorded.")).to_be_visible()
    chair.get_by_role("button", name="Activate the course").click()
    expect(toast(chair, "The course is active.")).to_be_visible()
    choose_first_time(chair, 1, clinic.today)

    course.refresh_from_db()
    assert course.status == TreatmentCourse.Status.ACTIVE
    assert Appointment.objects.get().session.number == 1
    kept = Assessment.objects.get()
    assert (kept.kind, kept.recorded_by) == (Assessment.Kind.SPECIALIST, clinic.petra)


def test_a_forged_booking_of_a_draft_is_refused(clinic, enter):
    course = clinic.course(slug="hair_loss", is_active=False)
    other = clinic.course(clinic.patient("Bao", "Tran", phone="020 7946 0555"))
    page = enter(clinic.maya, at=f"/courses/{other.pk}/")
    first = course.sessions.get(number=1)
    form = page.locator("form", has=page.get_by_role("button", name="Lindqvist").first)
    form.evaluate(
        "(form, url) => { form.removeAttribute('hx-post'); form.action = url;"
        " form.replaceWith(form.cloneNode(true)); }",
        f"/sessions/{first.pk}/book/",
    )
    page.locator("details[open]").get_by_role("button", name="Lindqvist").first.click()
    expect(page.get_by_role("alert").first).to_contain_text("This course is")
    assert not Appointment.objects.exists()
