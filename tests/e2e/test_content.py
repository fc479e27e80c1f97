"""(c) An admin changes what an indication says; plans keep the text they were made with."""

from playwright.sync_api import expect

from tests.e2e.people import go_to, heading, ready, toast
from treatments.models import IndicationRevision, TreatmentCourse

NEW = "48 hours: Leave out sauna and steam."


def test_an_admin_publishes_new_text_and_only_new_plans_show_it(clinic, enter):
    old = clinic.course(slug="cellulite_tightening")
    office = enter(clinic.alex)
    go_to(office, "Manage")
    office.get_by_role("main").get_by_role("link", name="Indications").click()
    office.get_by_role("link", name="Cellulite and skin tightening").first.click()
    expect(heading(office, "Cellulite and skin tightening")).to_be_visible()
    ready(office)
    preview = office.get_by_role("region", name="What the patient gets")
    notes = office.get_by_label("Recovery notes")
    expect(preview).not_to_contain_text("Leave out sauna")
    notes.fill("")
    expect(preview).to_contain_text("Recovery notes are missing")
    notes.press_sequentially(NEW)
    expect(preview).to_contain_text("Leave out sauna and steam.")
    assert IndicationRevision.objects.filter(indication=old.indication).count() == 1

    # Without a reason nothing is published, and what was typed is still there.
    office.get_by_role("button", name="Publish version 2").click()
    expect(office.get_by_role("alert").first).to_contain_text("Say why the text changed.")
    expect(notes).to_have_value(NEW)
    office.get_by_label("Why it changed").fill("New advice on heat")
    office.get_by_role("button", name="Publish version 2").click()
    expect(toast(office, "Version 2 is live.")).to_be_visible()
    versions = office.get_by_role("region", name="Versions")
    expect(versions.get_by_role("listitem").first).to_contain_text("New advice on heat")
    expect(versions.get_by_role("listitem").first).to_contain_text("Alex Moreau")

    desk = enter(clinic.maya)
    other = clinic.patient("Bao", "Tran", phone="020 7946 0555")
    desk.goto(f"/patients/{other.pk}/courses/new/")
    desk.get_by_label("Indication").select_option(label="Cellulite and skin tightening")
    expect(desk.get_by_text("Leave out sauna and steam.")).to_be_visible()
    desk.get_by_role("button", name="Book 10 sessions").click()
    expect(toast(desk, "10 sessions booked.")).to_be_visible()
    expect(desk.get_by_text("Leave out sauna and steam.")).to_be_visible()
    expect(desk.get_by_text("Cellulite, version 2")).to_be_visible()

    for path in (f"/courses/{old.pk}/", f"/patients/{old.patient_id}/"):
        desk.goto(path)
        expect(desk.get_by_text("Cellulite, version 1")).to_be_visible()
        expect(desk.get_by_text("Leave out sauna and steam.")).to_have_count(0)
    desk.goto(f"/courses/{old.pk}/plan/")
    expect(heading(desk, "Your treatment plan")).to_be_visible()
    expect(desk.get_by_text("text version 1")).to_be_visible()
    expect(desk.get_by_text("Leave out sauna and steam.")).to_have_count(0)

    revision = IndicationRevision.objects.get(number=2)
    assert (revision.reason, revision.published_by) == ("New advice on heat", clinic.alex)
    kept = TreatmentCourse.objects.order_by("pk").values_list("revision__number", flat=True)
    assert list(kept) == [1, 2]


def test_the_editor_is_for_admins(clinic, enter):
    desk = enter(clinic.maya)
    expect(desk.get_by_role("link", name="Manage")).to_have_count(0)
    desk.goto("/manage/indications/")
    expect(desk.get_by_text("This page is for")).to_be_visible()
