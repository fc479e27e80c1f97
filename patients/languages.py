"""Languages that patients speak: code, name in the clinic's language, name in their own."""

from django.utils.translation import gettext_lazy as _

LANGUAGES = (
    ("en", _("English"), "English"),
    ("ar", _("Arabic"), "العربية"),
    ("bn", _("Bengali"), "বাংলা"),
    ("bg", _("Bulgarian"), "български"),
    ("zh", _("Chinese"), "中文"),
    ("cs", _("Czech"), "čeština"),
    ("nl", _("Dutch"), "Nederlands"),
    ("fr", _("French"), "français"),
    ("de", _("German"), "Deutsch"),
    ("el", _("Greek"), "ελληνικά"),
    ("he", _("Hebrew"), "עברית"),
    ("hi", _("Hindi"), "हिन्दी"),
    ("hu", _("Hungarian"), "magyar"),
    ("it", _("Italian"), "italiano"),
    ("ja", _("Japanese"), "日本語"),
    ("ko", _("Korean"), "한국어"),
    ("fa", _("Persian"), "فارسی"),
    ("pl", _("Polish"), "polski"),
    ("pt", _("Portuguese"), "português"),
    ("pa", _("Punjabi"), "ਪੰਜਾਬੀ"),
    ("ro", _("Romanian"), "română"),
    ("ru", _("Russian"), "русский"),
    ("es", _("Spanish"), "español"),
    ("sv", _("Swedish"), "svenska"),
    ("ta", _("Tamil"), "தமிழ்"),
    ("tr", _("Turkish"), "Türkçe"),
    ("uk", _("Ukrainian"), "українська"),
    ("ur", _("Urdu"), "اردو"),
    ("vi", _("Vietnamese"), "Tiếng Việt"),
)

# Written from right to left.
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


def choices() -> list[tuple[str, str]]:
    """Return the languages for a list to choose from: "Polish, polski"."""
    return [
        (code, str(name) if str(name) == own else f"{name}, {own}") for code, name, own in LANGUAGES
    ]


def direction(code: str) -> str:
    """Return "rtl" or "ltr", as the attribute `dir` names them."""
    return "rtl" if code.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def language_name(code: str) -> str:
    """Return the name of the language in the clinic's language; the code if it is not listed."""
    return next((str(name) for known, name, _own in LANGUAGES if known == code), code)
