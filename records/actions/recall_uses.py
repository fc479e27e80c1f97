"""Whom the lots of a recall touched: listed when it is opened, and added to when one is typed late."""

from collections.abc import Iterable, Sequence
from datetime import date

from records.models import Administration, Recall, RecallContact, RecallUse, SessionRecord
from records.selectors.recalls import Use, find_uses
from treatments.models import Lot


def list_uses(recall: Recall, uses: Sequence[Use]) -> None:
    """Keep in `recall`, which is open, what is not kept yet of `uses`, and the patients of them."""
    last: dict[int, date] = {}
    for use in uses:
        last[use.patient] = max(use.used_on, last.get(use.patient, use.used_on))
    contacts = _contacts(recall, last)
    known = set(
        RecallUse.objects.filter(contact__in=contacts.values()).values_list(
            "contact__patient", "session", "lot", "zone"
        )
    )
    RecallUse.objects.bulk_create(
        RecallUse(
            contact=contacts[use.patient],
            session_id=use.session,
            lot_id=use.lot,
            zone_id=use.zone,
            used_on=use.used_on,
            was_signed=use.is_signed,
            is_late=use.is_late,
        )
        for use in uses
        if (use.patient, use.session, use.lot, use.zone) not in known
    )


def add_late_uses(record: SessionRecord) -> None:
    """Add to open recalls what the draft `record` gave of their lots and nobody had typed before."""
    given = Administration.objects.filter(record=record, lot__status=Lot.Status.QUARANTINED)
    lots = set(given.values_list("lot", flat=True))
    recalls = Recall.objects.filter(recalled__lot__in=lots, closed_at__isnull=True)
    for recall in recalls.select_for_update(of=("self",), no_key=True).order_by("pk"):
        own = lots & set(recall.recalled.values_list("lot", flat=True))
        list_uses(recall, [use for use in find_uses(own) if use.session == record.session_id])


def _contacts(recall: Recall, last: dict[int, date]) -> dict[int, RecallContact]:
    """Return the patients of `recall` by key, those added that are not in it yet."""
    known = {one.patient_id: one for one in recall.contacts.filter(patient__in=last)}
    _move_on(known.values(), last)
    made = RecallContact.objects.bulk_create(
        RecallContact(recall=recall, patient_id=patient, last_used_on=on)
        for patient, on in sorted(last.items())
        if patient not in known
    )
    return known | {contact.patient_id: contact for contact in made}


def _move_on(contacts: Iterable[RecallContact], last: dict[int, date]) -> None:
    """Watch patients for longer who got more of a lot since."""
    for contact in contacts:
        if contact.last_used_on < last[contact.patient_id]:
            contact.last_used_on = last[contact.patient_id]
            contact.save(update_fields=["last_used_on"])
