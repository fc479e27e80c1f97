"""What to do first in the four emergencies: cards to read aloud, in own plain words.

A card is for people who are trained for it. It names no dose without a source beside it. A
licensed clinician of the clinic reviews all of it.
"""

from dataclasses import dataclass
from typing import Final

from records.domain.sources import ANAESTHETIC, ANAPHYLAXIS, CLINIC_SETTING, CREAM, OCCLUSION


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyCard:
    """How to tell an emergency, what to do in order, and what to do once help has come."""

    slug: str
    name: str
    signs: tuple[str, ...]
    steps: tuple[str, ...]
    then: tuple[str, ...]
    sources: tuple[str, ...]


EMERGENCY_CARDS: Final = (
    EmergencyCard(
        slug="anaphylaxis",
        name="Anaphylaxis",
        signs=(
            "Within minutes, up to 1 hour.",
            "Hives or flushing, swollen lips or tongue.",
            "Hoarse, noisy or hard breathing.",
            "Dizzy, grey, weak pulse, collapse.",
        ),
        steps=(
            "Stop. Take the needle out. Call for help and for the emergency kit.",
            "Call an ambulance. Say “anaphylaxis”.",
            "Adrenaline 0.5 mg into the muscle of the outer thigh, now.",
            "Lay the patient flat with raised legs; sitting up if breathing is hard. No standing.",
            "Oxygen, and keep the airway open.",
            "No better after 5 minutes: adrenaline 0.5 mg again, and every 5 minutes.",
            "No breathing or no pulse: start resuscitation.",
        ),
        then=(
            "Note the time of each dose.",
            "Stay with the patient until the ambulance has taken over.",
            "Report the reaction. The product is never given to this patient again.",
        ),
        sources=(ANAPHYLAXIS, CLINIC_SETTING),
    ),
    EmergencyCard(
        slug="anaesthetic",
        name="Local anaesthetic toxicity",
        signs=(
            "Within minutes, up to 30, of an injection or a cream.",
            "Tingling lips, a metal taste, ringing ears.",
            "Restless, confused, twitching, a seizure.",
            "Slow or irregular heart, low blood pressure, collapse.",
        ),
        steps=(
            "Stop injecting. Wipe any cream off.",
            "Call for help and for the emergency kit. Call an ambulance.",
            "Oxygen, and keep the airway open.",
            "A seizure: protect the patient from injury. Treat it as you are trained to.",
            "Begin the lipid rescue protocol that is kept with the lipid emulsion.",
            "No breathing or no pulse: start resuscitation and go on with the lipid.",
        ),
        then=(
            "Add up every anaesthetic that was given: injected and cream, with the weight.",
            "Report the reaction with the dose and the time.",
        ),
        sources=(ANAESTHETIC, CLINIC_SETTING),
    ),
    EmergencyCard(
        slug="occlusion",
        name="Blocked vessel",
        signs=(
            "Within seconds, up to 24 hours.",
            "White skin, or a blue net on it.",
            "Severe pain, or pain that grows.",
            "Press and let go: colour takes 3 seconds or longer to come back.",
            "Blurred or lost sight, a drooping lid, pain in the eye.",
        ),
        steps=(
            "Stop injecting. Leave no pressure on the skin.",
            "Press on both sides and compare how fast the colour comes back.",
            "Sight is touched: an ambulance now, to an eye emergency. Do not wait for anything.",
            "Hyaluronic acid was given: hyaluronidase by a prescriber, as in the clinic’s protocol.",
            "Something else was given: call the prescriber and send the patient to hospital.",
            "Press again and compare. Go on until colour comes back as fast as on the other side.",
        ),
        then=(
            "Mark the border of the pale area. See the patient again the same day and the next.",
            "Blisters after 1 to 3 days are a sign of it as well.",
            "Report the reaction with product, lot and point.",
        ),
        sources=(OCCLUSION, CLINIC_SETTING),
    ),
    EmergencyCard(
        slug="methaemoglobin",
        name="Methaemoglobinaemia",
        signs=(
            "1 to 4 hours after prilocaine, mostly as a cream.",
            "Grey-blue lips, nails and skin that oxygen does not change.",
            "Headache, short breath, tired, confused.",
        ),
        steps=(
            "Wipe any cream off.",
            "Call an ambulance. Say “methaemoglobinaemia after prilocaine”.",
            "Oxygen, and let the patient rest.",
            "The finger sensor misleads: do not trust a value that looks fair.",
            "No breathing or no pulse: start resuscitation.",
        ),
        then=(
            "Send a note along: product, grams, area, and how long it was on.",
            "Report the reaction.",
        ),
        sources=(CREAM, CLINIC_SETTING),
    ),
)

BY_SLUG: Final = {card.slug: card for card in EMERGENCY_CARDS}
