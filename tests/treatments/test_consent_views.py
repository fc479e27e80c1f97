"""The pages of consent: what is open, signing, taking back, paper."""

import json
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse
from pypdf import PdfReader

from tests.factories.clinic import SiteFactory
from tests.factories.consents import ConsentFactory, ConsentTemplateFactory
from tests.factories.sessions import planned_course
from tests.factories.treatments import TreatmentCourseFactory, ZoneFactory
from tests.treatments.conftest import NOW
from treatments.actions.consents import publish_consent_text, revoke_consent
from treatments.domain.consents import digest
from treatments.domain.zone_classes import ZoneClass
from treatments.models import Consent, ConsentReopening, ConsentRevocation
from treatments.selectors.consents import read_standing

pytestmark = pytest.mark.usefixtures("now")

DRAWN = json.dumps([[[10, 20], [30, 40.4]]])


@pytest.fixture
def course(patient, hair_loss, site, clinician):
    return TreatmentCourseFactory(
        patient=patient, indication=hair_loss, site=site, practitioner=clinician
    )


@pytest.fixture
def treatment(hair_loss):
    return ConsentTemplateFactory(indication=hair_loss, title="Consent to the injections")


@pytest.fixture
def photos():
    return ConsentTemplateFactory(photos=True)


def page(name, row):
    return reverse(f"treatments:{name}", args=[row.pk])


def answers(course, *, shown, key=None, **change):
    return {
        "key": str(key or uuid4()),
        "patient": str(course.patient_id),
        "shown": ",".join(str(template.pk) for template in shown),
        "signed_name": "Amara Whitfield",
        **{f"text-{template.pk}-choice": "yes" for template in shown},
    } | change


def words(answer):
    return " ".join(answer.content.decode().split())


class TestList:
    def test_it_says_what_is_open_and_what_is_signed(
        self, clinician_client, course, treatment, photos
    ):
        answer = words(clinician_client.get(page("consent-list", course)))
        assert "It is not signed yet." in answer
        assert "No session waits for it." in answer
        assert page("consent-sign", course) in answer
        consent = ConsentFactory(of=course, template=treatment, signed_at=NOW)
        answer = words(clinician_client.get(page("consent-list", course)))
        assert "It is signed and stands." in answer
        assert page("consent-revoke", consent) in answer
        assert page("consent-pdf", consent) in answer

    def test_a_clinic_without_texts_keeps_consent_on_paper(self, clinician_client, course):
        answer = words(clinician_client.get(page("consent-list", course)))
        assert "This clinic keeps consent on paper" in answer
        assert "Read and sign" not in answer

    def test_what_was_taken_back_stays_with_its_reason(
        self, clinician_client, course, treatment, clinician
    ):
        consent = ConsentFactory(of=course, template=treatment, signed_at=NOW)
        revoke_consent(consent=consent, reason="Wants to wait.", by=clinician, at=NOW)
        answer = words(clinician_client.get(page("consent-list", course)))
        assert "The patient took it back." in answer
        assert "Wants to wait." in answer

    def test_many_signatures_take_as_many_queries_as_one(
        self, clinician_client, course, treatment, django_assert_max_num_queries
    ):
        ConsentFactory(of=course, template=treatment)
        clinician_client.get(page("consent-list", course))  # counts the follow-ups in the rail
        with django_assert_max_num_queries(15) as one:
            clinician_client.get(page("consent-list", course))
        for _ in range(5):
            ConsentFactory(of=course, template=treatment)
        with django_assert_max_num_queries(len(one)):
            clinician_client.get(page("consent-list", course))


class TestSigning:
    def test_nothing_is_chosen_beforehand(self, clinician_client, course, treatment, photos):
        answer = clinician_client.get(page("consent-sign", course))
        assert "checked" not in words(answer)
        assert words(answer).count("I do not agree") == 2

    def test_a_unit_that_only_another_product_asks_for_is_signed_when_it_is_wanted(
        self, clinician_client, course, treatment
    ):
        blood = ConsentTemplateFactory(unit="BLOOD_DRAW", indication=None, title="Your own blood")
        listed = words(clinician_client.get(page("consent-list", course)))
        assert "Only for some products" in listed
        wanted = page("consent-sign", course) + "?also=BLOOD_DRAW"
        assert f'href="{wanted}"' in listed
        assert "Your own blood" not in words(clinician_client.get(page("consent-sign", course)))
        assert "Your own blood" in words(clinician_client.get(wanted))
        posted = answers(course, shown=[treatment, blood], also="BLOOD_DRAW")
        assert clinician_client.post(page("consent-sign", course), posted).status_code == 302
        assert {consent.unit for consent in Consent.objects.all()} == {"TREATMENT", "BLOOD_DRAW"}

    @pytest.mark.parametrize("also", ["", "TREATMENT", "NONE", "\x00"])
    def test_an_odd_wish_shows_what_is_asked_for(self, clinician_client, course, treatment, also):
        answer = clinician_client.get(page("consent-sign", course), {"also": also})
        assert answer.status_code in (200, 400)

    def test_the_whole_text_with_the_disclaimer_is_shown(self, clinician_client, course, treatment):
        answer = words(clinician_client.get(page("consent-sign", course)))
        for line in treatment.shown.split("\n")[1:]:
            assert line.partition(": ")[2] in answer
        assert "Talk to a doctor before you start" in answer

    def test_a_typed_name_is_enough(self, clinician_client, clinician, course, treatment, photos):
        posted = answers(course, shown=[treatment, photos])
        posted[f"text-{photos.pk}-choice"] = "no"
        answer = clinician_client.post(
            page("consent-sign", course), posted, headers={"user-agent": "Tablet\x00 1"}
        )
        assert (answer.status_code, answer["Location"]) == (302, page("consent-list", course))
        first, second = Consent.objects.in_order()
        assert (first.is_given, second.is_given) == (True, False)
        assert first.signature == ""
        assert first.device == "Tablet 1"
        assert first.taken_by == clinician
        assert first.signed_at == NOW

    def test_a_drawing_is_kept_as_a_path(self, clinician_client, course, treatment):
        posted = answers(course, shown=[treatment], drawing=DRAWN, next="/courses/")
        answer = clinician_client.post(page("consent-sign", course), posted)
        assert answer["Location"] == "/courses/"
        assert Consent.objects.get().signature == "M10 20L30 40"

    def test_what_is_optional_can_stay_open(self, clinician_client, course, treatment, photos):
        posted = answers(course, shown=[treatment, photos])
        del posted[f"text-{photos.pk}-choice"]
        assert clinician_client.post(page("consent-sign", course), posted).status_code == 302
        assert Consent.objects.get().template == treatment

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"signed_name": "  "}, "Type the name of the patient who signs."),
            ({"signed_name": "A\nB"}, "hidden sign"),
            ({"signed_name": "x" * 201}, "200 characters at most"),
            ({"drawing": "<svg onload=alert(1)>"}, "The drawing did not arrive."),
            ({"drawing": '[["M0 0"]]'}, "The drawing did not arrive."),
            ({"drawing": "[" * 9000}, "The drawing did not arrive."),
            ({"drawing": json.dumps([[[1, 1]] * 5000])}, "Clear the drawing"),
            ({"drawing": "1" * 130_000}, "Clear the drawing"),
            ({"key": "nothing"}, "There is a problem"),
            ({"witness": "x" * 201}, "200 characters at most"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_signed(
        self, clinician_client, course, treatment, change, sentence
    ):
        posted = answers(course, shown=[treatment], **change)
        answer = clinician_client.post(page("consent-sign", course), posted)
        assert answer.status_code == 422
        assert sentence in words(answer)
        assert not Consent.objects.exists()

    @pytest.mark.parametrize("choice", ["", "maybe"])
    def test_what_a_session_waits_for_must_be_answered(
        self, clinician_client, course, treatment, choice
    ):
        posted = answers(course, shown=[treatment])
        posted[f"text-{treatment.pk}-choice"] = choice
        answer = clinician_client.post(page("consent-sign", course), posted)
        assert answer.status_code == 422
        assert "choose “I agree” or “I do not agree”" in words(answer).replace("Choose", "choose")

    def test_nothing_but_open_ends_is_refused(self, clinician_client, course, photos):
        posted = answers(course, shown=[photos])
        del posted[f"text-{photos.pk}-choice"]
        answer = clinician_client.post(page("consent-sign", course), posted)
        assert answer.status_code == 422
        assert "at least one text" in words(answer)

    def test_the_same_form_sent_twice_signs_once(self, clinician_client, course, treatment):
        posted = answers(course, shown=[treatment])
        for _ in range(2):
            answer = clinician_client.post(page("consent-sign", course), posted)
            assert (answer.status_code, answer["Location"]) == (302, page("consent-list", course))
        assert Consent.objects.count() == 1

    def test_a_form_of_another_patient_is_refused(self, clinician_client, course, treatment):
        other = TreatmentCourseFactory(indication=course.indication, site=course.site)
        answer = clinician_client.post(
            page("consent-sign", other), answers(course, shown=[treatment])
        )
        assert answer.status_code == 409
        assert "made for another patient" in words(answer)
        assert "checked" not in words(answer)
        assert not Consent.objects.exists()

    def test_a_form_with_an_old_text_is_refused(self, clinician_client, course, treatment, admin):
        posted = answers(course, shown=[treatment])
        publish_consent_text(
            unit="TREATMENT",
            indication=treatment.indication,
            base_version=1,
            title="Consent",
            text="Risks: New ones.",
            reason="News",
            by=admin,
            at=NOW,
        )
        answer = clinician_client.post(page("consent-sign", course), posted)
        assert answer.status_code == 409
        assert "A text was changed" in words(answer)
        assert "New ones." in words(answer)
        assert not Consent.objects.exists()

    def test_there_can_be_nothing_to_sign(self, clinician_client, course, treatment):
        ConsentFactory(of=course, template=treatment, signed_at=NOW)
        assert "There is nothing to sign" in words(
            clinician_client.get(page("consent-sign", course))
        )

    def test_a_course_that_ended_is_not_signed_for(self, clinician_client, course, treatment):
        type(course).objects.update(status="COMPLETED", ended_at=NOW)
        posted = answers(course, shown=[treatment])
        answer = clinician_client.post(page("consent-sign", course), posted)
        assert answer.status_code == 422
        assert "This course has ended" in words(answer)


class TestPartsOfTheBody:
    """A consent to the treatment names the parts of the body that it is about."""

    @pytest.fixture(autouse=True)
    def zones(self, hair_loss):
        hair_loss.zones.all().delete()
        for position, code in enumerate(["forehead", "chin", "hand"]):
            ZoneFactory(indication=hair_loss, code=code, position=position)

    def sign(self, client, course, treatment, *parts, **change):
        posted = answers(course, shown=[treatment], **change)
        posted[f"text-{treatment.pk}-parts"] = list(parts)
        return client.post(page("consent-sign", course), posted)

    def ticked(self, client, course, **query):
        shown = words(client.get(page("consent-sign", course), query))
        offered = shown.split('type="checkbox"')[1:]
        return [one.split('value="')[1].split('"')[0] for one in offered if "checked" in one[:250]]

    def test_the_usual_part_is_ticked_and_the_others_can_be(
        self, clinician_client, course, treatment, photos
    ):
        shown = words(clinician_client.get(page("consent-sign", course)))
        assert shown.count('type="checkbox"') == 2
        assert "Face and neck" in shown
        assert "Scalp" not in shown
        assert self.ticked(clinician_client, course) == ["FACE"]

    def test_what_is_ticked_is_kept_with_the_text(
        self, clinician_client, course, treatment, clinician
    ):
        assert self.sign(clinician_client, course, treatment, "BODY", "FACE").status_code == 302
        consent = Consent.objects.get()
        assert consent.zone_classes == "FACE,BODY"
        assert (consent.site, consent.taken_by) == (course.site, clinician)
        line = "What is treated: Face and neck; Chest, body, arms and legs."
        assert line in consent.text.split("\n")
        assert consent.text_sha256 == digest(consent.text)
        for name in ("consent-detail", "consent-list"):
            target = consent if name == "consent-detail" else course
            shown = words(clinician_client.get(page(name, target)))
            assert "Face and neck; Chest, body, arms and legs" in shown
        pdf = PdfReader(BytesIO(clinician_client.get(page("consent-pdf", consent)).content))
        text = " ".join(pdf.pages[0].extract_text().split())
        assert "What is treated: Face and neck; Chest, body, arms and legs." in text

    def test_where_it_was_signed_is_the_site_one_works_at(
        self, clinician_client, course, treatment
    ):
        elsewhere = SiteFactory(name="Linden")
        clinician_client.post(reverse("clinic:site-switch"), {"site": elsewhere.pk})
        assert self.sign(clinician_client, course, treatment, "FACE").status_code == 302
        consent = Consent.objects.get()
        assert consent.site == elsewhere
        assert "Linden" in words(clinician_client.get(page("consent-detail", consent)))

    @pytest.mark.parametrize(
        ("parts", "sentence"),
        [
            ((), "Tick what is treated."),
            (("SCALP",), "Tick what is treated, from the list."),
            (("FACE", "x" * 999), "Tick what is treated, from the list."),
        ],
    )
    def test_nothing_or_something_odd_is_not_signed(
        self, clinician_client, course, treatment, parts, sentence
    ):
        answer = self.sign(clinician_client, course, treatment, *parts)
        assert answer.status_code == 422
        assert f'-parts_0">{sentence}' in words(answer)
        assert not Consent.objects.exists()

    def test_what_is_declined_names_its_parts_too(self, clinician_client, course, treatment):
        declined = {f"text-{treatment.pk}-choice": "no"}
        answer = self.sign(clinician_client, course, treatment, "FACE", **declined)
        assert answer.status_code == 302
        assert not Consent.objects.get().is_given

    def test_one_part_is_said_and_not_asked(self, clinician_client, course, treatment, hair_loss):
        hair_loss.zones.exclude(code="chin").delete()
        shown = words(clinician_client.get(page("consent-sign", course)))
        assert 'type="checkbox"' not in shown
        assert "<b>What is treated:</b> Face and neck." in shown
        assert self.sign(clinician_client, course, treatment).status_code == 302
        assert Consent.objects.get().zone_classes == "FACE"

    def test_an_indication_without_zones_names_no_part(
        self, clinician_client, course, treatment, hair_loss
    ):
        hair_loss.zones.all().delete()
        assert self.sign(clinician_client, course, treatment).status_code == 302
        consent = Consent.objects.get()
        assert (consent.zone_classes, consent.text) == ("", treatment.shown)

    def test_a_part_is_added_by_signing_again(self, clinician_client, course, treatment):
        self.sign(clinician_client, course, treatment, "FACE")
        url = page("consent-sign", course)
        for query in ({}, {"part": "FACE"}, {"part": "NONE"}):
            assert "There is nothing to sign" in words(clinician_client.get(url, query))
        assert self.ticked(clinician_client, course, part="BODY") == ["FACE", "BODY"]
        answer = self.sign(clinician_client, course, treatment, "FACE", "BODY", part="BODY")
        assert answer.status_code == 302
        assert [one.zone_classes for one in Consent.objects.in_order()] == ["FACE", "FACE,BODY"]
        assert read_standing(course, at=NOW).lacks_zone(ZoneClass.BODY) is None

    def test_a_text_in_another_language_says_it_in_the_clinics_own(
        self, clinician_client, course, treatment
    ):
        text = ConsentTemplateFactory(
            indication=treatment.indication, language="ar", published_at=NOW, title="موافقة"
        )
        assert self.sign(clinician_client, course, text, "FACE", language="ar").status_code == 302
        shown = words(clinician_client.get(page("consent-detail", Consent.objects.get())))
        assert shown.count('<p dir="auto" lang="en">') == 2


class TestPaper:
    @pytest.fixture
    def consent(self, course, treatment):
        return ConsentFactory(
            of=course,
            template=treatment,
            signature="M10 20L300 100",
            signed_name="Amara <b>Whitfield</b>",
            interpreter="Lin Wu",
            witness="Bao Tran",
            signed_at=NOW,
        )

    def test_a_page_to_print_shows_the_exact_text(self, clinician_client, consent, admin):
        publish_consent_text(
            unit="TREATMENT",
            indication=consent.template.indication,
            base_version=1,
            title="Consent",
            text="Risks: New ones.",
            reason="News",
            by=admin,
            at=NOW,
        )
        answer = words(clinician_client.get(page("consent-detail", consent)))
        for line in consent.text.split("\n")[1:]:
            assert line.partition(": ")[2] in answer
        assert "New ones." not in answer
        assert '<path d="M10 20L300 100" />' in answer
        assert "Amara &lt;b&gt;Whitfield&lt;/b&gt;" in answer
        assert consent.text_sha256 in answer
        assert "Lin Wu" in answer
        assert "Bao Tran" in answer

    def test_the_copy_is_a_pdf_with_the_text_and_the_name(self, clinician_client, consent):
        answer = clinician_client.get(page("consent-pdf", consent))
        assert answer["Content-Type"] == "application/pdf"
        assert "attachment" in answer["Content-Disposition"]
        text = " ".join(
            " ".join(sheet.extract_text() for sheet in PdfReader(BytesIO(answer.content)).pages)
            .replace("\u2068", "")
            .replace("\u2069", "")
            .split()
        )
        for part in (consent.template.title, "You decide.", "Results vary", "I agree.", "Lin Wu"):
            assert part in text
        assert "Amara <b>Whitfield</b>" in text

    def test_the_time_is_the_one_of_the_site_where_it_was_signed(
        self, clinician_client, treatment, hair_loss
    ):
        berlin = TreatmentCourseFactory(indication=hair_loss, site__timezone="Europe/Berlin")
        consent = ConsentFactory(of=berlin, template=treatment, signed_at=NOW)
        assert "26 November 2026, 11:42" in words(
            clinician_client.get(page("consent-detail", consent))
        )

    def test_what_was_declined_and_what_was_taken_back_say_so(
        self, clinician_client, course, photos, treatment, clinician
    ):
        declined = ConsentFactory(of=course, template=photos, is_given=False)
        assert "I do not agree." in words(clinician_client.get(page("consent-detail", declined)))
        assert clinician_client.get(page("consent-pdf", declined)).status_code == 200
        gone = ConsentFactory(of=course, template=treatment)
        revoke_consent(consent=gone, reason="Wants to wait.", by=clinician, at=NOW)
        assert "Wants to wait." in words(clinician_client.get(page("consent-detail", gone)))
        pdf = PdfReader(BytesIO(clinician_client.get(page("consent-pdf", gone)).content))
        assert "Taken back on 26 November 2026." in pdf.pages[0].extract_text()


class TestTakingBack:
    @pytest.fixture
    def consent(self, course, treatment):
        return ConsentFactory(of=course, template=treatment, signed_at=NOW - timedelta(days=1))

    def test_it_is_noted_with_a_reason(self, clinician_client, clinician, consent, course):
        answer = clinician_client.post(page("consent-revoke", consent), {"reason": "Wants to wait"})
        assert (answer.status_code, answer["Location"]) == (302, page("consent-list", course))
        assert ConsentRevocation.objects.get().by == clinician

    def test_nobody_has_to_say_why(self, clinician_client, consent):
        url = page("consent-revoke", consent)
        assert "Nobody has to give one." in words(clinician_client.get(url))
        assert clinician_client.post(url, {"reason": " "}).status_code == 302
        assert ConsentRevocation.objects.get().reason == "No reason given"

    def test_what_is_too_long_is_told(self, clinician_client, consent):
        answer = clinician_client.post(page("consent-revoke", consent), {"reason": "x" * 201})
        assert answer.status_code == 422
        assert not ConsentRevocation.objects.exists()

    def test_it_is_offered_for_a_consent_to_an_older_text_too(
        self, clinician_client, course, consent, treatment
    ):
        ConsentTemplateFactory(indication=treatment.indication, version=treatment.version + 1)
        listed = clinician_client.get(page("consent-list", course))
        assert page("consent-revoke", consent) in listed.content.decode()

    def test_twice_is_once(self, clinician_client, consent):
        url = page("consent-revoke", consent)
        clinician_client.post(url, {"reason": "Wants to wait"})
        answer = clinician_client.post(url, {"reason": "Wants to wait"})
        assert answer.status_code == 409
        assert "taken back already" in words(answer)
        assert ConsentRevocation.objects.count() == 1

    def test_photos_lead_back_to_the_patient(self, clinician_client, course, photos):
        consent = ConsentFactory(of=course, template=photos)
        answer = clinician_client.post(page("consent-revoke", consent), {"reason": "No photos"})
        assert answer["Location"] == reverse("patients:patient-detail", args=[course.patient_id])


class TestReopening:
    @pytest.fixture
    def course(self, patient, hair_loss, site):
        return planned_course(patient=patient, indication=hair_loss, site=site)

    @pytest.fixture
    def signed(self, course, treatment):
        return ConsentFactory(of=course, template=treatment, signed_at=NOW - timedelta(days=1))

    def test_the_course_is_open_again_and_the_page_says_why(
        self, clinician_client, course, signed, patient
    ):
        url = page("consent-reopen", course)
        assert url in words(clinician_client.get(page("consent-list", course)))
        assert "checked" not in words(clinician_client.get(url))
        posted = {"patient": course.patient_id, "reason": "OTHER_ZONE", "words": " Thighs. "}
        answer = clinician_client.post(url, posted)
        assert (answer.status_code, answer["Location"]) == (302, page("consent-list", course))
        said = words(clinician_client.get(page("consent-list", course)))
        assert "Other zones are treated than were talked about. Talk about them" in said
        assert "Thighs." in said
        assert url not in said
        assert page("consent-sign", course) in said
        row = reverse("patients:patient-detail", args=[patient.pk])
        assert "Treatment: Other zones are treated" in words(clinician_client.get(row))

    def test_who_may_not_take_consent_reads_no_reason(
        self, clinician_client, reception_client, course, signed, patient
    ):
        posted = {"patient": course.patient_id, "reason": "NEW_FINDING", "words": "Lupus"}
        clinician_client.post(page("consent-reopen", course), posted)
        row = reverse("patients:patient-detail", args=[patient.pk])
        said = words(reception_client.get(row))
        assert "Open" in said.partition(">Consent</h2>")[2][:700]
        assert "Lupus" not in said
        assert "Something new is known" not in said

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"reason": ""}, "Choose why it is signed again."),
            ({"reason": "SEVERE_REACTION"}, "Choose why it is signed again."),
            ({"words": "x" * 201}, "200 characters at most"),
        ],
    )
    def test_what_is_wrong_is_said(self, clinician_client, course, signed, change, sentence):
        posted = {"patient": course.patient_id, "reason": "PATIENT_ASKS"} | change
        answer = clinician_client.post(page("consent-reopen", course), posted)
        assert answer.status_code == 422
        assert sentence in words(answer)
        assert not ConsentReopening.objects.exists()

    def test_a_form_of_another_patient_is_refused(self, clinician_client, course, signed):
        posted = {"patient": course.patient_id + 1, "reason": "PATIENT_ASKS"}
        answer = clinician_client.post(page("consent-reopen", course), posted)
        assert answer.status_code == 409
        assert "made for another patient" in words(answer)
        assert not ConsentReopening.objects.exists()

    def test_there_can_be_nothing_to_reopen(self, clinician_client, course, treatment):
        posted = {"patient": course.patient_id, "reason": "PATIENT_ASKS"}
        answer = clinician_client.post(page("consent-reopen", course), posted)
        assert answer.status_code == 409
        assert "nothing to reopen" in words(answer)


@pytest.mark.parametrize("who", ["reception_client", "admin_client"])
def test_only_clinicians_see_texts_and_take_consent(request, course, treatment, who):
    client = request.getfixturevalue(who)
    consent = ConsentFactory(of=course, template=treatment)
    for name, row in (
        ("consent-list", course),
        ("consent-sign", course),
        ("consent-reopen", course),
        ("consent-detail", consent),
        ("consent-pdf", consent),
        ("consent-revoke", consent),
    ):
        for ask in (client.get, client.post):
            answer = ask(page(name, row))
            assert answer.status_code in (403, 405)
            assert treatment.title not in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "may_sign"), [("clinician_client", True), ("reception_client", False)]
)
def test_the_patients_page_says_how_it_is(
    request, patient, hair_loss, site, treatment, who, may_sign
):
    course = planned_course(patient=patient, indication=hair_loss, site=site)
    client = request.getfixturevalue(who)
    url = reverse("patients:patient-detail", args=[patient.pk])
    answer = words(client.get(url))
    assert ">Consent</h2>" in answer
    assert "Open" in answer.partition(">Consent</h2>")[2][:700]
    assert (page("consent-sign", course) in answer) is may_sign
    ConsentFactory(of=course, template=treatment, signed_at=NOW)
    assert "Complete" in words(client.get(url)).partition(">Consent</h2>")[2][:700]


def test_the_patients_page_says_nothing_where_consent_is_on_paper(
    clinician_client, patient, hair_loss, site
):
    planned_course(patient=patient, indication=hair_loss, site=site)
    url = reverse("patients:patient-detail", args=[patient.pk])
    assert ">Consent</h2>" not in words(clinician_client.get(url))
