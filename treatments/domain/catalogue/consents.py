"""What patients read before they agree, in our own plain words, unit by unit.

Each line begins with what it is about. The disclaimer is not among the lines: the product adds it
to every text, whatever a clinic writes. A doctor of the clinic approves every text before use.
"""

from dataclasses import dataclass
from typing import Final

from treatments.domain.catalogue.vocabulary import INDICATION_SLUGS

# What a consent to treatment must speak of, by the beginnings of its lines.
TREATMENT_TOPICS: Final = (
    "What it is",
    "What is injected",
    "How many sessions",
    "What you can expect",
    "What else you can do",
    "Common effects",
    "Rare but serious",
    "Tell us first",
    "Approval",
    "Your part",
    "Photos",
    "Your questions",
    "Your choice",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentText:
    """The text of one unit; `indication` is "" if it is for all."""

    unit: str
    indication: str
    title: str
    text: str

    def __post_init__(self) -> None:
        """Raise ValueError for an unknown indication, an empty title or a line without a topic."""
        if self.indication not in ("", *INDICATION_SLUGS):
            raise ValueError(f"Unknown indication {self.indication!r}.")
        topics = [line.partition(": ")[0] for line in self.text.split("\n") if ": " in line]
        if not self.title or len(topics) != len(self.text.split("\n")):
            raise ValueError(f"{self.unit}: a title, and a topic on each line, are needed.")


_SESSIONS = (
    "How many sessions: One session is not enough. A course has 3 to 15 sessions. The first ones "
    "are 7 to 10 days apart, then they are usually monthly. You may stop at any time."
)
_COMMON = (
    "Common effects: Redness, swelling, small bumps, tenderness and bruises are common. They are "
    "usually temporary. Some people need at least two days of rest. Bruises have usually faded "
    "after 10 days."
)
_SERIOUS = (
    "Rare but serious: Infection, also by germs that show only weeks later as lumps or draining "
    "spots, up to 3 months after a session. Allergic reactions, which can be life-threatening. A "
    "blocked blood vessel, dying skin, scars, dents, lasting lumps or changes in skin colour."
)
_TELL_US = (
    "Tell us first: Tell us if you are or may be pregnant, breastfeed, take blood thinners or other "
    "regular medicines, have an allergy, a skin infection, a fever or a long-term illness, or are "
    "under 18."
)
_APPROVAL = (
    "Approval: Some products are used in a way or at a place for which they have no official "
    "approval. Your clinician tells you which ones, and why."
)
_YOUR_PART = (
    "Your part: Follow the after-care notes that you get after each session, and come to the "
    "planned checks. Call us the same day if you notice one of the warning signs in the notes."
)
_PHOTOS = (
    "Photos: This consent is not about photos. You are asked about them separately, and you may "
    "say no."
)
_QUESTIONS = (
    "Your questions: You had time to ask questions, and you understood the answers. You may take "
    "this text home and decide later."
)
_CHOICE = (
    "Your choice: You decide freely. You may say no, or take your consent back at any time, without "
    "giving a reason. We then treat you no worse. Your name and the date are kept with this text."
)


def _treatment(
    slug: str,
    title: str,
    *,
    what: str,
    injected: str,
    expect: str,
    else_: str,
    common: str = _COMMON,
    serious: str = _SERIOUS,
    tell_us: str = _TELL_US,
    approval: str = _APPROVAL,
) -> ConsentText:
    lines = (
        f"What it is: {what}",
        f"What is injected: {injected}",
        _SESSIONS,
        f"What you can expect: {expect} Nobody can promise a result.",
        f"What else you can do: {else_} You can also choose to do nothing.",
        common,
        serious,
        tell_us,
        approval,
        _YOUR_PART,
        _PHOTOS,
        _QUESTIONS,
        _CHOICE,
    )
    return ConsentText(unit="TREATMENT", indication=slug, title=title, text="\n".join(lines))


CONSENT_TEXTS: Final = (
    _treatment(
        "cellulite_tightening",
        "Consent to mesotherapy for cellulite and skin tightening",
        what=(
            "You have a series of very small injections into the middle layer of the skin, for "
            "example on the thighs or buttocks. The aim is smoother, firmer-looking skin."
        ),
        injected=(
            "Mixtures can hold caffeine, L-carnitine, organic silicon, artichoke or rutin with "
            "melilotus. Your clinician names the products planned for you."
        ),
        expect=(
            "The evidence is weak, and groups of doctors disagree about it. Your skin may change "
            "only a little or not at all. It is not a way to lose weight."
        ),
        else_="Exercise, massage, creams and other procedures are other ways.",
        tell_us=(
            f"{_TELL_US} Tell us also about vein or lymph problems, an uneven heartbeat or an "
            "overactive thyroid."
        ),
        approval=f"{_APPROVAL} In some countries there are special rules for this treatment.",
    ),
    _treatment(
        "skin_radiance",
        "Consent to mesotherapy for skin radiance",
        what=(
            "You have very small, shallow injections in the face, neck, upper chest or hands. The "
            "aim is skin that looks fresher and feels smoother."
        ),
        injected=(
            "Mixtures can hold hyaluronic acid, vitamins, amino acids and minerals. Your clinician "
            "names the products planned for you."
        ),
        expect=(
            "The evidence is low to moderate for hyaluronic acid. Two very small studies of vitamin "
            "mixtures found no benefit."
        ),
        else_="Sun protection, creams, peels and other procedures are other ways.",
        tell_us=(
            f"{_TELL_US} Tell us also about cold sores, which can come back, and about sunburn. "
            "Darker skin can mark more easily."
        ),
    ),
    _treatment(
        "body_sculpting",
        "Consent to mesotherapy for body sculpting",
        what=(
            "You have a series of very small injections, for example at the tummy, hips or thighs. "
            "The aim is a slimmer line of a small area. It is not for weight loss."
        ),
        injected=(
            "Mixtures can hold caffeine, L-carnitine or plant extracts. Products that dissolve fat "
            "are another group: they need their own talk and their own consent."
        ),
        expect=(
            "In one study the treated side became no slimmer than the other, and many people were "
            "not satisfied."
        ),
        else_="Food, exercise, surgery and other procedures are other ways.",
        serious=(
            f"{_SERIOUS} After products that dissolve fat: numb or firm skin, a crooked smile or "
            "trouble swallowing."
        ),
        tell_us=f"{_TELL_US} Tell us also about gallstones and an allergy to soy or egg.",
        approval=(
            f"{_APPROVAL} A regulator warns of fat-dissolving injections that are not approved: they "
            "caused lasting scars, serious infections and painful lumps."
        ),
    ),
    _treatment(
        "ageing_pigmentation",
        "Consent to mesotherapy for lines, ageing signs and brown patches",
        what=(
            "You have very small, shallow injections in the face, neck, upper chest or hands. The "
            "aim is finer lines or a more even skin colour."
        ),
        injected=(
            "Mixtures can hold hyaluronic acid, vitamins or tranexamic acid. Your clinician names "
            "the products planned for you."
        ),
        expect=(
            "Studies disagree: one of 50 people found an improvement after two months, two very "
            "small ones found none. Brown patches often come back and can get darker."
        ),
        else_="Sun protection, creams, peels, lasers and other procedures are other ways.",
        tell_us=(
            f"{_TELL_US} Tell us also about cold sores, a blood clot or a fit in the past, severe "
            "kidney disease, and acne tablets (isotretinoin) in the last 6 months."
        ),
    ),
    _treatment(
        "hair_loss",
        "Consent to mesotherapy for hair loss",
        what=(
            "You have a series of very small injections into the scalp. The aim is to support the "
            "scalp and limited hair growth. A specialist is to be consulted before the first session."
        ),
        injected=(
            "Mixtures can hold biotin, dexpanthenol and other B vitamins, or parts of your own "
            "blood. Your clinician names the products planned for you."
        ),
        expect=(
            "The evidence that this treatment helps hair loss is limited. It can take 3 to 6 months "
            "before anybody can judge it."
        ),
        else_="Lotions, tablets, a hair transplant or a wig are other ways.",
        common=f"{_COMMON} The scalp may ache, or you may have a headache, for up to 48 hours.",
        serious=(f"{_SERIOUS} Hair can fall out where injections were given, even months later."),
        tell_us=(
            f"{_TELL_US} Tell us also if you may become pregnant or plan to have a child: some "
            "products are then not for you."
        ),
    ),
    ConsentText(
        unit="OFF_LABEL",
        indication="",
        title="A product without approval for this use",
        text=(
            "What it is: The product planned for you is not officially approved for this use, this "
            "place or this way of injecting it. Your clinician tells you its name, and why it is "
            "proposed all the same.\n"
            "What that means: Less is known about how well it works and about its risks than with "
            "an approved product. Regulators have warned of some products of this kind.\n"
            "Possible harm: Lasting lumps, dents, scars, dying skin and infections have been "
            "reported. They may need treatment, and may not heal completely.\n"
            "What else you can do: You can ask for a product that is approved, for another "
            "treatment, or choose to do nothing.\n"
            "Your choice: You decide freely. You may say no, or take your consent back at any time; "
            "then this product is not used."
        ),
    ),
    ConsentText(
        unit="BLOOD_DRAW",
        indication="",
        title="Taking blood, and injecting a part of it",
        text=(
            "What it is: We take blood from a vein of your arm. A part of it, the plasma with its "
            "platelets, is prepared while you wait and injected into your own skin on the same "
            "day.\n"
            "What may happen: A bruise or pain where the needle was, feeling faint, seldom an "
            "infection or a hurt nerve.\n"
            "Your blood only: The tube is marked with your name and checked with you. Nobody else's "
            "blood is used for you. What is left over is thrown away.\n"
            "Tell us first: Tell us if your blood clots badly, if you take blood thinners or "
            "painkillers, had a fever lately, or have an infection that is passed on by blood.\n"
            "Your choice: You decide freely. You may say no, or take your consent back at any time; "
            "then no blood is taken."
        ),
    ),
    ConsentText(
        unit="ANAESTHESIA",
        indication="",
        title="Numbing the skin",
        text=(
            "What it is: The skin can be numbed with cold, with a cream, or with small injections "
            "of a local anaesthetic. You stay awake.\n"
            "What may happen: Redness, paleness or itching of the skin. Seldom an allergic reaction. "
            "Very seldom a reaction of the whole body: tingling lips, a metallic taste, a racing or "
            "slow heart, a seizure.\n"
            "Tell us first: Tell us if you ever reacted badly to a local anaesthetic, at the dentist "
            "for example, if you have a heart, liver or blood disease, or if you put a numbing cream "
            "on at home.\n"
            "Your part: Do not put more cream on than you were told, on no larger area, and do not "
            "wrap it unless you were told to. Say at once if you feel strange.\n"
            "Your choice: You decide freely, and may be treated without. You may take your consent "
            "back at any time."
        ),
    ),
    ConsentText(
        unit="PHOTOS",
        indication="",
        title="Photos for your record",
        text=(
            "What it is: We take photos of the treated area before and during a course, to see "
            "what changes.\n"
            "Who sees them: Only the people who treat you. They are part of your health record.\n"
            "What they are not for: They are not shown, published or used for teaching. You would "
            "be asked for that separately.\n"
            "Your choice: You decide freely, and you are treated just as well without photos. You "
            "may take your consent back at any time; then we take no more of them."
        ),
    ),
    ConsentText(
        unit="TEACHING",
        indication="",
        title="Photos for teaching",
        text=(
            "What it is: We would like to show photos of your treatment to health professionals, in "
            "training or at meetings.\n"
            "How you are shown: Without your name. Somebody who knows you may still recognise you; "
            "say which photos you do not want shown.\n"
            "Your choice: You decide freely, and you are treated just as well without. You may take "
            "your consent back at any time; then the photos are shown no more."
        ),
    ),
    ConsentText(
        unit="MARKETING",
        indication="",
        title="Photos in public",
        text=(
            "What it is: We would like to show photos of your treatment in public: on our website, "
            "on social media or in print.\n"
            "How you are shown: Without your name. Somebody who knows you may still recognise you, "
            "and that you were treated here.\n"
            "What cannot be undone: What was public may have been copied. We take it off our own "
            "pages when you ask; copies elsewhere are beyond our reach.\n"
            "Your choice: You decide freely, and you are treated just as well without. You get "
            "nothing for it, and may take your consent back at any time."
        ),
    ),
    ConsentText(
        unit="MESSAGES",
        indication="",
        title="Reminders and messages",
        text=(
            "What it is: We remind you of your sessions, by phone, text message or e-mail, and use "
            "your name and contact details for it.\n"
            "What it is not for: We send no advertising, and no details about your health.\n"
            "Your choice: You decide freely, and you are treated just as well without messages. "
            "You may take your consent back at any time."
        ),
    ),
)
