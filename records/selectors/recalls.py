"""Reads of recalls: what a lot touched, who is to be called, and how far that is."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Max, Prefetch, Q, QuerySet

from clinic.models import Site
from records.domain.recalls import WATCH, Counts, count_reach
from records.models import (
    Administration,
    Anaesthesia,
    Recall,
    RecallAttempt,
    RecallContact,
    RecallUse,
)
from sessions.models import TreatmentSession
from treatments.models import Lot, TreatmentCourse

_OF_SESSION = (
    "record__session",
    "record__session__course__patient",
    "record__session__course__site__timezone",
    "record__session__delivered_on",
    "record__opened_at",
    "record__signed_at",
)


@dataclass(frozen=True, slots=True)
class Use:
    """Where a lot went: whose session, on which day, which zone (None: to numb). Keys of rows.

    `is_late`: typed after the lot was put in quarantine.
    """

    lot: int
    patient: int
    session: int
    zone: int | None
    used_on: date
    is_signed: bool
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Reached:
    """How many a recall touches."""

    patients: int
    sessions: int
    drafts: int


def find_uses(lots: Collection[int]) -> list[Use]:
    """Return every use of `lots` in signed records and drafts, as product or to numb.

    The lots' keys lead to it by an index, so it does not grow with the past (2 queries).
    """
    given = Administration.objects.filter(lot__in=lots).values_list(
        "lot", "zone_treatment__zone", *_OF_SESSION, "is_said_given"
    )
    numbed = Anaesthesia.objects.filter(lot__in=lots).values_list("lot", *_OF_SESSION)
    zones = [_use(lot, zone, *rest) for lot, zone, *rest in given.order_by("pk")]
    agents = [_use(lot, None, *rest) for lot, *rest in numbed.order_by("pk") if lot is not None]
    return [*zones, *agents]


def _use(
    lot: int,
    zone: int | None,
    session: int,
    patient: int,
    clock: str,
    delivered_on: date | None,
    opened_at: datetime,
    signed_at: datetime | None,
    is_late: bool = False,
) -> Use:
    used_on = delivered_on or opened_at.astimezone(ZoneInfo(clock)).date()
    is_signed = signed_at is not None
    return Use(lot, patient, session, zone, used_on, is_signed=is_signed, is_late=is_late)


def reached(uses: Iterable[Use]) -> Reached:
    """Return how many patients and sessions `uses` are of, and how many of these are drafts."""
    known = list(uses)
    return Reached(
        patients=len({use.patient for use in known}),
        sessions=len({use.session for use in known}),
        drafts=len({use.session for use in known if not use.is_signed}),
    )


def planned_sessions(lots: Iterable[Lot]) -> QuerySet[TreatmentSession]:
    """Return the sessions to come of running courses that plan a product of `lots`."""
    to_come = [TreatmentSession.Status.PLANNED, TreatmentSession.Status.BOOKED]
    return (
        TreatmentSession.objects.filter(
            course__product__in={lot.product_id for lot in lots},
            course__status=TreatmentCourse.Status.ACTIVE,
            status__in=to_come,
        )
        .select_related("course__patient", "course__indication", "course__product")
        .order_by("due_on", "pk")
    )


def open_recall_of(lot: int) -> Recall | None:
    """Return the open recall of the lot with that key, or None."""
    return Recall.objects.filter(recalled__lot=lot, closed_at__isnull=True).first()


def listed_recalls() -> QuerySet[Recall]:
    """Return all recalls, open ones first, then the newest, with what a row shows."""
    return (
        Recall.objects.select_related("opened_by", "closed_by")
        .prefetch_related("lots__product")
        .annotate(
            touched=Count("contacts", distinct=True),
            unreached=Count(
                "contacts",
                filter=Q(contacts__status=RecallContact.Status.UNREACHED),
                distinct=True,
            ),
        )
        .order_by(F("closed_at").desc(nulls_first=True), "-opened_at", "-pk")
    )


def recall_with_lots(pk: int) -> QuerySet[Recall]:
    """Return the recall with that key and who opened and closed it, with its lots."""
    return (
        Recall.objects.filter(pk=pk)
        .select_related("opened_by", "closed_by")
        .prefetch_related("lots__product")
    )


def counts_of(recall: Recall) -> Counts:
    """Return how many patients of `recall` stand how (1 query)."""
    return count_reach(recall.contacts.values_list("status", "attempt_count"))


def contacts_of(recall: Recall, status: str = "") -> QuerySet[RecallContact]:
    """Return the patients of `recall`, or those of one status, with all that a row shows.

    Those not reached come first, then by name; the same number of queries however many there are.
    """
    found = recall.contacts.filter(status=status) if status else recall.contacts.all()
    return (
        with_details(found)
        .annotate(is_settled=~Q(status=RecallContact.Status.UNREACHED))
        .order_by("is_settled", "patient__family_names", "patient__given_names", "pk")
    )


def with_details(contacts: QuerySet[RecallContact]) -> QuerySet[RecallContact]:
    """Return `contacts` with patient, uses and attempts (the newest first)."""
    uses = RecallUse.objects.select_related("session__course__indication", "lot__product", "zone")
    attempts = RecallAttempt.objects.select_related("by").order_by("-at", "-pk")
    return contacts.select_related("patient", "recall").prefetch_related(
        Prefetch("uses", uses.order_by("-used_on", "session", "pk")),
        Prefetch("attempts", attempts),
    )


def watched_to_the_end(site: Site, today: date) -> list[RecallContact]:
    """Return who of open recalls was reached, and not asked again since the watch was over.

    `today` is a day of the site. A call that nobody took asked nothing.
    """
    statuses = [RecallContact.Status.REACHED, RecallContact.Status.SYMPTOMATIC]
    answered = ~Q(attempts__status=RecallContact.Status.UNREACHED)
    found = (
        RecallContact.objects.filter(
            recall__closed_at__isnull=True,
            status__in=statuses,
            last_used_on__lte=today - WATCH,
            uses__session__course__site=site,
        )
        .select_related("patient", "recall")
        .annotate(last_call=Max("attempts__at", filter=answered))
        .order_by("last_used_on", "pk")
    )
    return [one for one in found if one.last_call.astimezone(site.zone).date() < one.watch_until]


def unreached_at(site: int) -> QuerySet[RecallContact]:
    """Return who of open recalls was treated at that site and is not reached, oldest recall first."""
    return (
        RecallContact.objects.filter(
            recall__closed_at__isnull=True,
            status=RecallContact.Status.UNREACHED,
            uses__session__course__site=site,
        )
        .select_related("patient", "recall")
        .order_by("recall__opened_at", "pk")
        .distinct()
    )
