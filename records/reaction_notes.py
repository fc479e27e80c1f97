"""What reactions say on the pages of the apps below: alerts, gates, follow-ups, product notes."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.models import Site
from meso_clinic.core.http import ClinicRequest
from meso_clinic.core.roles import Right
from patients.models import Patient
from patients.registry import Alert
from records.domain.clusters import Shared, What
from records.domain.reactions import Asked, Look
from records.models import AdverseEvent
from records.reaction_words import due_words, kind_name, look_words, red_flag_words
from records.selectors.clusters import ClusterAlert, read_clusters
from records.selectors.reactions import stopping_reactions, waiting_reactions
from sessions.follow_ups import FollowUp
from sessions.models import TreatmentSession
from treatments.models import Lot, Product
from treatments.product_notes import ProductNote


def alerts(request: ClinicRequest, patient: Patient) -> list[Alert]:
    """Return the open red flags of a patient; who reads no clinical notes learns of the hold only."""
    stopping = stopping_reactions(patient.pk)
    if request.user.has_right(Right.SEE_CLINICAL):
        return [Alert("stop", red_flag_words(event)) for event in stopping]
    return [Alert("stop", _("Clinical hold"))] if stopping else []


def gate(session: TreatmentSession, _at: datetime) -> str:
    """Return why no session of the patient may begin: an open red flag, of whatever course."""
    if not stopping_reactions(session.course.patient_id):
        return ""
    return _(
        "Clinical hold: a serious reaction of this patient is still open. "
        "A prescriber has to say how it went before a session begins."
    )


def waiting(site: Site, now: datetime) -> list[FollowUp]:
    """Return the reactions that somebody has to look at; who reads no notes learns by when only."""
    return [
        FollowUp(
            patient=event.patient,
            what=_desk_words(look, site, now),
            private=_waiting_words(event, look, site, now),
            since=event.reported_at.astimezone(site.zone).date(),
            url=reverse("records:reaction-detail", args=[event.pk]),
            action=_("Look at it"),
            right=Right.SEE_CLINICAL,
        )
        for event, look in waiting_reactions(site, now)
    ]


def _waiting_words(event: AdverseEvent, look: Look, site: Site, now: datetime) -> str:
    said = _("%(kind)s, grade %(grade)s.") % {"kind": kind_name(event), "grade": event.grade_now}
    due = look_words(look, now=now, zone=site.zone)
    if look.asked is Asked.KIND:
        return f"{said} {_(event.facts.action)} {due}"
    return f"{said} {due}"


def _desk_words(look: Look, site: Site, now: datetime) -> str:
    due = due_words(look.at, zone=site.zone)
    if look.is_overdue(now):
        return _("Overdue: a clinician had to look at this patient by %(due)s.") % {"due": due}
    return _("A clinician has to look at this patient by %(due)s.") % {"due": due}


def clusters(site: Site, now: datetime) -> list[FollowUp]:
    """Return each cluster whose newest reaction came after a course at `site`."""
    today = now.astimezone(site.zone).date()
    page = reverse("records:reaction-register")
    return [
        FollowUp(
            patient=cluster.newest.patient,
            what=cluster_words(cluster),
            since=cluster.newest.onset_on,
            url=f"{page}#clusters",
            action=_("Look at them"),
            right=Right.SEE_CLINICAL,
        )
        for cluster in read_clusters(today)
        if cluster.newest.course.site_id == site.pk
    ]


def cluster_words(cluster: ClusterAlert) -> str:
    """Return what the reactions of a cluster share, as a sentence."""
    count = len(cluster.events)
    return ngettext(
        "%(count)s infection or late lump shares %(what)s.",
        "%(count)s infections or late lumps share %(what)s.",
        count,
    ) % {"count": count, "what": ", ".join(cluster.words)}


def product_notes(request: ClinicRequest, product: Product) -> list[ProductNote]:
    """Return the clusters that share `product` or one of its lots, to clinical readers only."""
    if not request.user.has_right(Right.SEE_CLINICAL):
        return []
    lots = Lot.objects.filter(product=product).values_list("pk", flat=True)
    own = {Shared(What.PRODUCT, product.pk), *(Shared(What.LOT, pk) for pk in lots)}
    page = reverse("records:reaction-register")
    return [
        ProductNote(
            heading=_("Several reactions alike"),
            text=cluster_words(cluster),
            url=f"{page}#clusters",
            action=_("Look at them"),
        )
        for cluster in read_clusters(timezone.localdate())
        if own & set(cluster.shared)
    ]
