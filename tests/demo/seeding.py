"""Seeding at a given moment, and the day it makes."""

from datetime import UTC, datetime
from io import StringIO

import time_machine
from django.core.management import call_command

from clinic.models import Site
from sessions.selectors.day import read_day

TUESDAY = datetime(2026, 11, 24, 10, 42, tzinfo=UTC)
EVERY_STATE = {"DONE", "IN_TREATMENT", "ARRIVED", "LATE", "BOOKED", "NO_SHOW", "CANCELLED"}


def seed(at=TUESDAY, **options):
    out = StringIO()
    with time_machine.travel(at, tick=False):
        call_command("seed_demo", **{"size": "small", "stdout": out, **options})
    return out.getvalue()


def day_at_linden_street(at):
    site = Site.objects.get(name="Linden Street")
    on = at.astimezone(site.zone).date()
    return read_day(site=site, on=on, now=at)
