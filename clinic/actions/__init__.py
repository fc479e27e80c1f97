"""Writes of the clinic app: profile, sites and rooms, working hours, closures."""

from clinic.actions.closures import (
    NoClosureNeeded,
    close_days,
    close_public_holidays,
    remove_closure,
)
from clinic.actions.hours import (
    HoursOverlap,
    add_extra_hours,
    add_shift,
    copy_weekday,
    mark_away,
    remove_exception,
    remove_shift,
)
from clinic.actions.profile import change_profile, set_up_clinic
from clinic.actions.sites import (
    ClockInUse,
    LastSite,
    SiteInUse,
    add_room,
    add_site,
    change_room,
    change_site,
)

__all__ = [
    "ClockInUse",
    "HoursOverlap",
    "LastSite",
    "NoClosureNeeded",
    "SiteInUse",
    "add_extra_hours",
    "add_room",
    "add_shift",
    "add_site",
    "change_profile",
    "change_room",
    "change_site",
    "close_days",
    "close_public_holidays",
    "copy_weekday",
    "mark_away",
    "remove_closure",
    "remove_exception",
    "remove_shift",
    "set_up_clinic",
]
