"""Clusters as they are read from records, and where they are said."""

from datetime import timedelta

import pytest
from django.urls import reverse

from records.actions.zones import save_zone
from records.selectors.clusters import read_clusters
from sessions.follow_ups import follow_ups
from sessions.models import Appointment
from tests.factories.reactions import AdverseEventFactory
from tests.factories.treatments import LotFactory, ProductFactory, TreatmentCourseFactory
from tests.records.conftest import NOW, TODAY, numb, zone_values

pytestmark = pytest.mark.django_db


def late_lump(course, days_ago, **change):
    return AdverseEventFactory(
        course=course, late_lump=True, onset_on=TODAY - timedelta(days=days_ago), **change
    )


@pytest.fixture
def other(site):
    return TreatmentCourseFactory(site=site)


def test_two_patients_with_one_lot_are_a_cluster(course, other, lot):
    first = late_lump(course, 30, lot=lot, product=lot.product)
    second = late_lump(other, 3, lot=lot, product=lot.product)
    [cluster] = read_clusters(TODAY)
    assert cluster.events == (first, second)
    assert cluster.newest == second
    assert cluster.words == ("lot DB-2609 (Dexpanthenol)", "product Dexpanthenol")


def test_what_was_injected_is_read_from_the_signed_record(signed, other, lot):
    """Nobody named the lot: the record of the session names it, and the room and the person."""
    session = signed.session
    session.refresh_from_db()
    late_lump(session.course, 0, session=session)
    late_lump(other, 2, lot=lot, product=lot.product)
    [cluster] = read_clusters(TODAY)
    assert "lot DB-2609 (Dexpanthenol)" in cluster.words


def test_a_reaction_of_a_course_looks_at_the_twelve_weeks_before_it(
    signed, other_record, lot, crown, clinician
):
    session = signed.session
    session.refresh_from_db()
    zone = zone_values(lot, crown)
    save_zone(record=other_record, version=1, by=clinician, at=NOW, **zone)
    late_lump(session.course, 0)
    late_lump(other_record.session.course, 0, kind="bacterial_infection")
    [cluster] = read_clusters(TODAY)
    room = session.course.site.rooms.get().name
    assert cluster.words == (
        "lot DB-2609 (Dexpanthenol)",
        "product Dexpanthenol",
        room,
    )


def test_two_reactions_of_one_patient_are_no_cluster(course, lot):
    late_lump(course, 30, lot=lot, product=lot.product)
    late_lump(course, 3, lot=lot, product=lot.product)
    other_course = TreatmentCourseFactory(site=course.site, patient=course.patient)
    late_lump(other_course, 2, lot=lot, product=lot.product)
    assert read_clusters(TODAY) == []


def test_the_lot_that_numbed_both_is_named(record, other_record, cream, clinician):
    numb(record, cream, clinician)
    numb(other_record, cream, clinician)
    for one in (record, other_record):
        late_lump(one.session.course, 0, session=one.session)
    found = [words for cluster in read_clusters(TODAY) for words in cluster.words]
    assert f"lot {cream.number} (Cream)" in found


def test_the_lot_that_diluted_both_is_named(record, other_record, indication, crown, clinician):
    water = LotFactory(product=ProductFactory(name="Saline", product_class="diluent"))
    water.product.indications.add(indication)
    for one in (record, other_record):
        zone = zone_values(water, crown)
        save_zone(record=one, version=one.version, by=clinician, at=NOW, **zone)
        late_lump(one.session.course, 0, session=one.session)
    found = [words for cluster in read_clusters(TODAY) for words in cluster.words]
    assert f"lot {water.number} (Saline)" in found


def test_a_session_without_a_day_counts_on_the_local_day_of_its_appointment(record, other_record):
    """The evening of the 26th in London is the 27th in Auckland, where the clinic is."""
    courses = [record.session.course, other_record.session.course]
    type(courses[0].site).objects.update(timezone="Pacific/Auckland")
    for hours, held in enumerate(Appointment.objects.order_by("pk"), start=10):
        begins = NOW + timedelta(hours=hours)
        Appointment.objects.filter(pk=held.pk).update(
            starts_at=begins,
            ends_at=begins + timedelta(minutes=30),
            held_from=begins,
            held_until=begins + timedelta(minutes=30),
        )
    for course in courses:
        late_lump(course, 0)
    assert read_clusters(TODAY) == []
    for course in courses:
        late_lump(course, -1)
    [cluster] = read_clusters(TODAY + timedelta(days=1))
    assert cluster.words == ("Room 1",)


def test_a_session_after_the_reaction_has_no_part_in_it(signed):
    course = signed.session.course
    late_lump(course, 5)
    late_lump(course, 6)
    assert read_clusters(TODAY) == []


@pytest.mark.parametrize("kind", ["bruise", "hsv_reactivation"])
def test_other_kinds_make_no_cluster(course, other, lot, kind):
    late_lump(course, 30, lot=lot, product=lot.product)
    AdverseEventFactory(course=other, kind=kind, onset_on=TODAY, lot=lot, product=lot.product)
    assert read_clusters(TODAY) == []


def test_an_old_cluster_is_no_alert_any_more(course, other, lot):
    late_lump(course, 100, lot=lot, product=lot.product)
    late_lump(other, 91, lot=lot, product=lot.product)
    assert read_clusters(TODAY) == []
    assert len(read_clusters(TODAY - timedelta(days=1))) == 1


@pytest.fixture
def cluster(course, other, lot):
    late_lump(course, 30, lot=lot, product=lot.product)
    return late_lump(other, 3, lot=lot, product=lot.product)


def test_the_follow_ups_say_it_to_clinicians_only(cluster, clinician_client, reception_client):
    url = reverse("sessions:follow-ups")
    words = "2 infections or late lumps share lot DB-2609 (Dexpanthenol), product Dexpanthenol."
    assert words in clinician_client.get(url).content.decode()
    text = reception_client.get(url).content.decode()
    assert "infections" not in text
    assert "Several reactions" not in text


def test_a_follow_up_stands_at_the_site_of_the_newest(cluster, site, reception, clinician):
    def headings(reader):
        return [str(reason.heading) for reason, _items in follow_ups(site, NOW, reader=reader)]

    assert "Several reactions alike" in headings(clinician)
    assert "Several reactions alike" not in headings(reception)


def test_the_page_of_the_product_says_it(cluster, lot, clinician_client, admin_client):
    url = reverse("treatments:product-detail", args=[lot.product.code])
    assert "share lot DB-2609" in clinician_client.get(url).content.decode()
    assert "Several reactions" not in admin_client.get(url).content.decode()
    other = reverse("treatments:product-detail", args=[LotFactory().product.code])
    assert "Several reactions" not in clinician_client.get(other).content.decode()


def test_many_reactions_cost_no_more_queries(
    site, lot, clinician_client, django_assert_max_num_queries
):
    for number in range(24):
        course = TreatmentCourseFactory(site=site)
        late_lump(course, number, lot=lot, product=lot.product)
    with django_assert_max_num_queries(8):
        read_clusters(TODAY)
    clinician_client.get(reverse("records:reaction-register"))
    with django_assert_max_num_queries(18):
        answer = clinician_client.get(reverse("records:reaction-register"))
    assert answer.content.decode().count("Late lumps or abscess") >= 48
    with django_assert_max_num_queries(40):
        clinician_client.get(reverse("sessions:follow-ups"))
