"""Every page of the product, each with real rows behind it."""

from collections.abc import Iterator
from datetime import UTC, time, timedelta
from decimal import Decimal
from urllib.parse import urlencode
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from clinic.actions import add_extra_hours, close_days
from meso_clinic.core.actions import invite, invite_first_admin
from meso_clinic.core.models import User
from patients.actions import record_allergy, record_screening
from patients.actions_links import make_link
from patients.domain.screening import Given, Part, Value
from patients.models import Screening, ScreeningQuestion
from records.actions import drafts
from records.actions.outcomes import Score, Sitting, correct_outcome, record_outcomes
from records.actions.photos import Shot, add_photos
from records.actions.reactions import News, Report, report_reaction, update_reaction
from records.actions.recalls import note_attempt, open_recall
from records.actions.signing import amend_record
from records.models import AdverseEvent, OutcomeAssessment, Photo, Recall
from sessions.actions.checking import run_schedule_check
from sessions.actions.status import cancel_appointment, check_in
from sessions.actions.visits import book_visit
from sessions.actions.waiting import Wish, add_session, note_call
from sessions.models import Appointment, TreatmentSession, WaitlistEntry
from tests.e2e.clinic import Clinic, session_of
from tests.records.conftest import fill, sign
from tests.records.photos.conftest import clean
from tests.records.photos.pictures import jpeg
from treatments.actions.consents import Choice, Signature, sign_consents
from treatments.actions.screening import give_clearance
from treatments.models import (
    Clearance,
    Consent,
    ConsentTemplate,
    ContraindicationRule,
    Lot,
    Product,
    TreatmentCourse,
)

# These take forms only, answer a machine, or send the browser on.
NOT_PAGES = {
    "core:home",
    "core:health",
    "core:dialogs",
    # Only a device in a patient's hands has it; it is looked at there.
    "core:take-back",
    "patients:screening-tablet",
    "patients:screening-pdf",
    "treatments:may-start-data",
    "patients:screening-link-withdraw",
    "account_logout",
    "sessions:deviation-export",
    "records:reaction-export",
    # Takes the form of the page of its reaction.
    "records:reaction-update",
    "records:reaction-photo",
    # Takes a form of the page on which the record is signed.
    "records:record-deviation",
    "sessions:calendar-data",
    "sessions:calendar-words",
    "sessions:came-free",
    "sessions:day-changes",
    "sessions:follow-up-count",
    "sessions:appointment-targets",
    "sessions:day-sheet-pdf",
    "treatments:consent-pdf",
    "treatments:consent-explain",
    "records:photos-decline",
    "records:photo-file",
    "records:photo-thumbnail",
    "records:photo-copy",
    "records:recall-pdf",
    "records:recall-export",
    # Only a new clinic has it; it is looked at there.
    "clinic:set-up",
}


def furnish(clinic: Clinic) -> dict[str, tuple[list[object], str]]:
    """Fill the clinic, and return for each URL name of a page its arguments and query."""
    at = timezone.now()
    patient = clinic.patient()
    allergy = record_allergy(
        patient=patient, substance="Lidocaine", reaction="Rash", by=clinic.petra, at=at
    )
    course = clinic.course(patient, first_ahead=-9)
    first = _signed(clinic, course)
    clinic.in_the_chair(course, 2)
    second = session_of(course, 2)
    drafts.open_record(session=second, by=clinic.petra, at=timezone.now())
    clinic.book(course, 3, starts_at=clinic.moment(7, time(11)))
    _others(clinic)
    talk = _talk(clinic)
    product = Product.objects.enabled().filter(lots__isnull=False).order_by("pk")[0]
    close_days(
        sites=[clinic.site],
        starts_on=clinic.day(20),
        ends_on=clinic.day(21),
        reason="Training days",
        by=clinic.alex,
        at=at,
    )
    add_extra_hours(
        practitioner=clinic.omar,
        site=clinic.site,
        on=clinic.day(3),
        starts=time(1),
        ends=time(2),
        by=clinic.alex,
        at=at,
        reason="Swap",
    )
    # A course with Omar finds no way past these weeks.
    clinic.send_away(clinic.omar, 25, 40)
    run_schedule_check(by=clinic.alex, at=timezone.now())
    slug = course.indication.slug
    photo = photos(clinic, course)[0]
    consent = _consent(clinic)
    screening, clearance = _screened(clinic, course)
    scored = _scored(clinic, course)
    event = _reaction(clinic)
    recall = _recall(clinic)
    contact = recall.contacts.get()
    return {
        "account_login": ([], ""),
        "core:account": ([], ""),
        "core:command-list": ([], ""),
        "core:first-admin": ([invite_first_admin(at=at)], ""),
        "core:invitation": ([invite(user=clinic.omar, by=clinic.alex, at=at)], ""),
        "core:people-list": ([], ""),
        "core:person-add": ([], ""),
        "core:person-edit": ([clinic.omar.pk], ""),
        "core:person-deactivate": ([clinic.omar.pk], ""),
        "clinic:manage": ([], ""),
        "clinic:profile-edit": ([], ""),
        "clinic:site-list": ([], ""),
        "clinic:site-add": ([], ""),
        "clinic:site-edit": ([clinic.site.pk], ""),
        "clinic:hours": ([clinic.omar.pk], ""),
        "clinic:closure-list": ([], ""),
        "clinic:holiday-import": ([], ""),
        "patients:patient-list": ([], ""),
        "patients:patient-search": ([], "?q=whit"),
        "patients:patient-register": ([], ""),
        "patients:patient-detail": ([patient.pk], ""),
        "patients:patient-edit": ([patient.pk], ""),
        "patients:allergy-add": ([patient.pk], ""),
        "patients:allergy-withdraw": ([patient.pk, allergy.pk], ""),
        "treatments:indication-list": ([], ""),
        "treatments:indication-edit": ([slug], ""),
        "treatments:revision-detail": ([slug, 1], ""),
        "treatments:indication-settings": ([slug], ""),
        "treatments:protocol-edit": ([slug], ""),
        "treatments:product-list": ([], ""),
        "treatments:product-detail": ([product.code], ""),
        "treatments:product-edit": ([product.code], ""),
        "treatments:lot-detail": ([product.lots.order_by("pk")[0].pk], ""),
        "treatments:lot-quarantine": ([product.lots.order_by("pk")[0].pk], ""),
        "treatments:lot-release": ([product.lots.order_by("pk")[0].pk], ""),
        "treatments:stock-list": ([], ""),
        "treatments:assessment-add": ([patient.pk], ""),
        "treatments:consent-text-list": ([], ""),
        "treatments:consent-text-edit": (["treatment", slug], ""),
        "treatments:consent-text-translate": (["treatment", slug, "ar"], ""),
        "treatments:consent-text-detail": ([consent.template_id], ""),
        "treatments:consent-text-withdraw": ([consent.template_id], ""),
        "treatments:consent-list": ([consent.course_id], ""),
        "treatments:consent-sign": ([consent.course_id], ""),
        "treatments:consent-reopen": ([consent.course_id], ""),
        "treatments:reflection-waive": ([consent.course_id], ""),
        "treatments:consent-detail": ([consent.pk], ""),
        "treatments:consent-revoke": ([consent.pk], ""),
        "patients:screening-fill": ([patient.pk], ""),
        "patients:screening-list": ([patient.pk], ""),
        "patients:screening-detail": ([patient.pk, screening.pk], ""),
        "patients:screening-link-make": ([patient.pk], ""),
        "patients:screening-link": (
            [make_link(patient=patient, part="FULL", by=clinic.petra, at=at)],
            "",
        ),
        "patients:screening-print": ([patient.pk, screening.pk], ""),
        "patients:screening-hand-over": ([patient.pk], ""),
        "treatments:may-start": ([course.pk], ""),
        "treatments:clearance-withdraw": ([clearance.pk], ""),
        "treatments:question-list": ([], ""),
        "treatments:question-switch": ([screening.answers.order_by("pk")[0].question_id], ""),
        "sessions:day": ([], ""),
        "sessions:calendar": ([], ""),
        "sessions:day-sheet": ([], "?detail=detailed"),
        "sessions:appointment-new": ([], ""),
        "sessions:appointment-detail": ([talk.pk], ""),
        "sessions:appointment-move": ([talk.pk], ""),
        "sessions:course-plan": ([patient.pk], ""),
        "sessions:course-list": ([], ""),
        "sessions:course-detail": ([course.pk], ""),
        "sessions:course-suspend": ([course.pk], ""),
        "sessions:course-stop": ([course.pk], ""),
        "sessions:course-print": ([course.pk], ""),
        "sessions:course-replan": ([course.pk], "?from=3"),
        "sessions:touched": ([], ""),
        "sessions:waiting-list": ([], ""),
        "sessions:waiting-add": ([patient.pk], ""),
        "sessions:waiting-edit": ([waiting(clinic).pk], ""),
        "sessions:deviation-report": ([], ""),
        "sessions:follow-ups": ([], ""),
        "sessions:schedule-check": ([], ""),
        "sessions:session-book": ([session_of(course, 4).pk], ""),
        "sessions:session-skip": ([session_of(course, 3).pk], ""),
        "patients:patient-documents": ([patient.pk], ""),
        "patients:patient-activity": ([patient.pk], ""),
        "records:patient-sessions": ([patient.pk], ""),
        "records:patient-photos": ([patient.pk], ""),
        "records:outcome-list": ([course.pk], ""),
        "records:outcome-add": ([course.pk], "?more=1"),
        "records:outcome-print": ([course.pk], ""),
        "records:outcome-correct": ([scored.pk], ""),
        "records:record-detail": ([first.pk], ""),
        "records:record-amend": ([first.pk], ""),
        "records:record-sign": ([second.pk], ""),
        "records:record-step": ([second.pk, "injections"], ""),
        "records:course-photos": ([course.pk], ""),
        "records:session-photos": ([second.pk], ""),
        "records:follow-up-photos": ([course.pk], ""),
        "records:photo-compare": ([course.pk], ""),
        "records:photo-detail": ([photo.key], ""),
        "records:photo-withdraw": ([photo.key], ""),
        "records:reaction-list": ([event.patient_id], ""),
        "records:reaction-report": ([patient.pk], ""),
        "records:reaction-detail": ([event.pk], ""),
        "records:reaction-register": ([], ""),
        "records:hold-lift": ([event.course_id], ""),
        "records:aftercare-call": ([first.pk, "48-hours"], ""),
        "records:emergency": ([], ""),
        "records:recall-list": ([], ""),
        "records:recall-new": ([], f"?lot={product.lots.order_by('pk')[0].pk}"),
        "records:recall-detail": ([recall.pk], ""),
        "records:recall-contact": ([recall.pk, contact.pk], ""),
        "records:recall-close": ([recall.pk], ""),
        "records:recall-report": ([recall.pk], ""),
    }


def more(clinic: Clinic) -> Iterator[str]:
    """Yield further addresses of the same pages in states that look different."""
    course = TreatmentCourse.objects.get(patient__family_names="Whitfield")
    second = session_of(course, 2)
    for step in ("checks", "anaesthesia", "aftercare"):
        yield reverse("records:record-step", args=[second.pk, step])
    yield reverse("sessions:session-book", args=[session_of(course, 4).pk]) + "?late=1"
    planner = reverse("sessions:course-plan", args=[course.patient_id])
    yield f"{planner}?practitioner={clinic.omar.pk}"
    yield f"{planner}?change=2&anybody=1"
    replan = reverse("sessions:course-replan", args=[course.pk])
    yield f"{replan}?from=3&{_other_place(clinic, course)}"
    yield f"{replan}?from=3&late=1&with=any"
    yield f"{replan}?from=4&all=1"
    yield reverse("sessions:day") + "?view=list"
    yield reverse("sessions:day") + f"?date={clinic.day(2):%Y-%m-%d}"
    yield reverse("sessions:day") + f"?date={clinic.day(20):%Y-%m-%d}"
    sheet = reverse("sessions:day-sheet")
    yield f"{sheet}?paper=letter&practitioner={clinic.petra.pk}"
    yield f"{sheet}?date={clinic.day(20):%Y-%m-%d}"
    for view in ("day", "list", "week&by=room"):
        yield reverse("sessions:calendar") + f"?view={view}"
    yield reverse("sessions:calendar") + f"?date={clinic.day(20):%Y-%m-%d}"
    yield reverse("patients:patient-search") + "?q=nobody"
    yield reverse("records:session-photos", args=[second.pk]) + "?area=submental"
    yield reverse("records:session-photos", args=[session_of(course, 1).pk])
    yield reverse("records:recall-new") + "?number=LOT"
    drawn = Consent.objects.get()
    yield reverse("records:course-photos", args=[drawn.course_id])
    yield reverse("treatments:consent-list", args=[course.pk])
    yield reverse("treatments:consent-sign", args=[course.pk])
    yield reverse("patients:patient-detail", args=[drawn.patient_id])
    yield reverse("patients:screening-fill", args=[course.patient_id]) + "?part=full"
    yield reverse("patients:screening-fill", args=[course.patient_id]) + "?part=short"
    yield reverse("treatments:may-start", args=[drawn.course_id])
    draft = TreatmentCourse.objects.get(indication__slug="hair_loss")
    yield reverse("sessions:course-detail", args=[draft.pk])
    new = reverse("sessions:appointment-new")
    yield f"{new}?q=whit"
    yield f"{new}?patient={course.patient_id}&date={clinic.day(1):%Y-%m-%d}&time=11:00"
    talk = Appointment.objects.get(patient__family_names="Nazari")
    yield f"{new}?patient={talk.patient_id}"
    booked = Appointment.objects.get(session__course=course, session__number=3)
    yield reverse("sessions:appointment-detail", args=[booked.pk])
    move = reverse("sessions:appointment-move", args=[booked.pk])
    yield f"{move}?to={clinic.day(8):%Y-%m-%d}T11:00"
    yield f"{move}?to={clinic.day(2):%Y-%m-%d}T11:00"
    yield "/nothing/"


def photos(clinic: Clinic, course: TreatmentCourse) -> list[Photo]:
    """Take a view as a follow-up nine days ago, and again in the session of today."""
    picture, at = clean(jpeg(640, 480)), timezone.now()
    return [
        add_photos(
            course=course,
            session=session,
            shots=[Shot("abdomen_front", picture)],
            device="Tablet",
            key=uuid4(),
            by=clinic.petra,
            at=then,
        )[0]
        for session, then in ((None, at - timedelta(days=9)), (session_of(course, 2), at))
    ]


def waiting(clinic: Clinic) -> WaitlistEntry:
    """Let somebody wait for an earlier time, who was called, and free one that they would take."""
    course = clinic.course(clinic.patient("Mina", "Okafor", phone="020 7946 0555"))
    clinic.book(course, 1, starts_at=clinic.moment(4, time(15)))
    entry = add_session(
        session=session_of(course, 1),
        wish=Wish(weekdays=range(7), notice_hours=2),
        by=clinic.maya,
        at=timezone.now(),
    )
    note_call(entry=entry, by=clinic.maya, at=timezone.now())
    gone = clinic.course(clinic.patient("Nils", "Berg", phone="020 7946 0556"))
    cancel_appointment(
        appointment=clinic.book(gone, 1, starts_at=clinic.moment(1, time(15))),
        reason="PATIENT",
        by=clinic.maya,
        at=timezone.now(),
    )
    return entry


def _other_place(clinic: Clinic, course: TreatmentCourse) -> str:
    """Return another time for session 3, as its button sends it."""
    moment = clinic.moment(8, time(11)).astimezone(UTC)
    value = f"{moment:%Y-%m-%dT%H:%MZ}/{course.practitioner_id}/{clinic.rooms[0].pk}"
    return urlencode({"place": value})


def _signed(clinic: Clinic, course: TreatmentCourse) -> TreatmentSession:
    """Sign session 1, delivered nine days ago."""
    then = timezone.now() - timedelta(days=9)
    place = clinic.book(course, 1, starts_at=clinic.began(5) - timedelta(days=9))
    check_in(appointment=place, by=clinic.maya, at=then)
    first = session_of(course, 1)
    record = drafts.open_record(session=first, by=clinic.petra, at=then)
    lot = Lot.objects.filter(product__indications=course.indication).order_by("pk")[0]
    record = fill(record, lot, course.indication.zones.order_by("pk")[0], clinic.petra, at=then)
    record = sign(record, clinic.petra, at=then, delivered_on=then.astimezone(clinic.zone).date())
    amend_record(
        record=record,
        kind="ADDENDUM",
        words="The left thigh was treated first.",
        reason="Left out by mistake",
        by=clinic.petra,
        at=timezone.now(),
    )
    return first


def _consent(clinic: Clinic) -> Consent:
    """Ask for consent again, and let somebody sign for the treatment and not for photos."""
    clinic.asks_for_consent()
    course = clinic.course(clinic.patient("Ruth", "Adeyemi", phone="020 7946 0557"))
    [text] = ConsentTemplate.objects.in_force().filter(unit="TREATMENT")
    [consent] = sign_consents(
        course=course,
        choices=[Choice(text, is_given=True)],
        signature=Signature(name="Ruth Adeyemi", path="M40 150L90 60L140 150L190 60L260 140"),
        key=uuid4(),
        by=clinic.petra,
        at=timezone.now(),
    )
    return consent


def _prescriber(user: User) -> User:
    user.is_prescriber = True
    user.save(update_fields=["is_prescriber"])
    return user


def _screened(clinic: Clinic, course: TreatmentCourse) -> tuple[Screening, Clearance]:
    """Ask about health again; one answer forbids, one is signed off and one waits for it."""
    clinic.asks_about_health()
    grave = ("pregnancy", "anticoagulant", "keloid")
    screening = record_screening(
        patient=course.patient,
        part=Part.FULL,
        answers={
            code: Given(Value.YES if code in grave else Value.NO)
            for code in ScreeningQuestion.objects.in_use().values_list("code", flat=True)
        },
        key=uuid4(),
        by=clinic.petra,
        at=timezone.now(),
    )
    [rule] = ContraindicationRule.objects.filter(
        question__code="anticoagulant", level="SIGNOFF", indication=None, product_class=""
    )
    clearance = give_clearance(
        course=course,
        rule=rule.code,
        answer=screening.answers.get(question=rule.question).pk,
        reason="Her doctor agrees.",
        by=_prescriber(clinic.omar),
        at=timezone.now(),
    )
    return screening, clearance


def _scored(clinic: Clinic, course: TreatmentCourse) -> OutcomeAssessment:
    """Score the course before and after its first session, with a correction; return a value."""
    for day, occasion, nm, left, right in (
        (-12, "BASELINE", "3", "58.4", "58.9"),
        (-3, "OTHER", "2", "56.2", "58.5"),
    ):
        sitting = Sitting(
            occasion=occasion, assessed_on=clinic.day(day), rated_by=clinic.petra, notes="Standing."
        )
        scores = [
            Score("nm", "CLINICIAN", "", Decimal(nm)),
            Score("circumference_cm", "CLINICIAN", "LEFT", Decimal(left)),
            Score("circumference_cm", "CLINICIAN", "RIGHT", Decimal(right)),
        ]
        kept = record_outcomes(
            course=course,
            sitting=sitting,
            scores=scores,
            key=uuid4(),
            by=clinic.petra,
            at=timezone.now(),
        )
    return correct_outcome(
        outcome=kept[0],
        sitting=sitting,
        value=Decimal(1),
        reason="Typing slip",
        by=clinic.petra,
        at=timezone.now(),
    )


def _talk(clinic: Clinic) -> Appointment:
    """Book a consultation for tomorrow."""
    change = book_visit(
        kind="CONSULTATION",
        patient=clinic.patient("Farid", "Nazari", phone="020 7946 0556"),
        practitioner=clinic.omar,
        room=clinic.rooms[1],
        starts_at=clinic.moment(1, time(9)),
        minutes=30,
        key=uuid4(),
        by=clinic.maya,
        at=timezone.now(),
    )
    return change.lines.get().appointment


def _others(clinic: Clinic) -> None:
    """Add the patients that make Today and the lists show every state."""
    late = clinic.course(clinic.patient("Bao", "Tran", phone="020 7946 0551"))
    clinic.book(late, 1, starts_at=clinic.began(70), practitioner=clinic.omar, room=1)
    waits = clinic.course(clinic.patient("Chloé", "Dubois", phone="020 7946 0552"))
    place = clinic.book(waits, 1, starts_at=clinic.moment(0, time(13)))
    check_in(appointment=place, by=clinic.maya, at=timezone.now())
    booked = clinic.course(clinic.patient("Dmitri", "Ostrov", phone="020 7946 0553"))
    clinic.book(booked, 1, starts_at=clinic.moment(0, time(15)))
    clinic.course(
        clinic.patient("Efua", "Mensah", phone="020 7946 0554"), "hair_loss", is_active=False
    )


def _reaction(clinic: Clinic) -> AdverseEvent:
    """Report a red flag, which puts its course on hold, and add to it."""
    course = clinic.course(clinic.patient("Sanna", "Lindgren", phone="020 7946 0558"))
    clinic.book(course, 1, starts_at=clinic.moment(1, time(13)))
    event = report_reaction(
        report=Report(
            course=course,
            session=None,
            kind="nodule_late",
            grade=2,
            onset_on=clinic.today,
            source="PATIENT",
            relatedness="PROBABLE",
            is_serious=False,
            description="Three lumps along the points.",
        ),
        key=uuid4(),
        by=clinic.petra,
        at=timezone.now(),
    )
    news = News(words="A biopsy was taken.", grade=2, outcome="ONGOING")
    update_reaction(event=event, seen=0, news=news, by=clinic.petra, at=timezone.now())
    return event


def _recall(clinic: Clinic) -> Recall:
    """Recall the lot that was used, and note a first call that nobody took."""
    lot = Lot.objects.filter(uses__isnull=False).order_by("pk")[0]
    recall = open_recall(
        lots=[lot],
        reason="Mycobacteria found",
        source="Notice 12/2026",
        script="We call about the product of your last visit.",
        by=clinic.petra,
        at=timezone.now(),
    )
    contact = recall.contacts.get()
    note_attempt(
        contact=contact, status="UNREACHED", words="", seen=0, by=clinic.petra, at=timezone.now()
    )
    return recall
