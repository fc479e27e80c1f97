"""What this app adds to the palette: what everybody may do, on every page."""

from django.utils.translation import gettext_lazy as _

from meso_clinic.core.commands import Command

COMMANDS = (
    Command(
        "account",
        _("Account"),
        "settings",
        "core:account",
        words=_("password settings"),
        order=90,
    ),
    Command(
        "keys",
        _("Keyboard shortcuts"),
        "keyboard",
        press='[data-open="keys"]',
        words=_("help hotkeys"),
        order=90,
    ),
    Command(
        "theme:light",
        _("Light colours"),
        "sun",
        press='[data-theme-set="light"]',
        words=_("theme bright"),
        order=90,
    ),
    Command(
        "theme:dark",
        _("Dark colours"),
        "moon",
        press='[data-theme-set="dark"]',
        words=_("theme night"),
        order=90,
    ),
    Command(
        "theme:auto",
        _("Colours as on this device"),
        "monitor",
        press='[data-theme-set="auto"]',
        words=_("theme automatic"),
        order=90,
    ),
    Command(
        "private",
        _("Private screen on or off"),
        "eye-off",
        press="[data-private-toggle]",
        words=_("initials names hide"),
        order=90,
    ),
    Command(
        "sign-out",
        _("Sign out"),
        "log-out",
        press="[data-sign-out]",
        words=_("log out leave"),
        order=90,
    ),
)
