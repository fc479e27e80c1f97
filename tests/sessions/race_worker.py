"""Does as many acts as there are wishes, each in a process of its own, all at the same moment.

    python -m tests.sessions.race_worker < wishes.json

Reads {"database": its name, "wishes": [...]} and answers with a JSON list: for each wish its own
number, the name of what came of it ("Appointment", "SlotTaken" or another exception) and its words,
or the key of the row. A wish says "act" ("book" if it says nothing), "by" and "at", and what
the function of that name below reads.

It is started by `test_race.py` as a program of its own, so that no process shares a connection
with the test. It loads the product once and then forks: fifty starts of Python would take longer
than the race.
"""

import json
import multiprocessing
import os
import sys
from datetime import date, datetime
from typing import Any
from uuid import UUID

PATIENCE = 90
"""Seconds after which a process that waits for the others gives up."""


def _wanted(place: dict[str, Any]) -> dict[str, Any]:
    """Return the rows that `place` names."""
    from clinic.models import Room
    from meso_clinic.core.models import User
    from sessions.models import TreatmentSession

    return {
        "session": TreatmentSession.objects.get(pk=place["session"]),
        "practitioner": User.objects.get(pk=place["practitioner"]),
        "room": Room.objects.get(pk=place["room"]),
        "starts_at": datetime.fromisoformat(place["starts_at"]),
    }


def book(wish: dict[str, Any]) -> Any:
    """Read session, practitioner, room and starts_at; return what books the session there."""
    from sessions.actions.booking import book_session

    wanted = _wanted(wish)
    return lambda **who: book_session(**wanted, **who)


def visit(wish: dict[str, Any]) -> Any:
    """Read a "patient", practitioner, room, starts_at and a "key"; return what books a review."""
    from clinic.models import Room
    from meso_clinic.core.models import User
    from patients.models import Patient
    from sessions.actions.visits import book_visit

    wanted = {
        "kind": "REVIEW",
        "patient": Patient.objects.get(pk=wish["patient"]),
        "practitioner": User.objects.get(pk=wish["practitioner"]),
        "room": Room.objects.get(pk=wish["room"]),
        "starts_at": datetime.fromisoformat(wish["starts_at"]),
        "minutes": 50,
        "key": UUID(wish["key"]),
    }
    return lambda **who: book_visit(**wanted, **who)


def move(wish: dict[str, Any]) -> Any:
    """Read an "appointment", practitioner, room, starts_at and a "key"; return what moves it."""
    from clinic.models import Room
    from meso_clinic.core.models import User
    from sessions.actions.visits import move_visit
    from sessions.models import Appointment

    wanted = {
        "appointment": Appointment.objects.get(pk=wish["appointment"]),
        "practitioner": User.objects.get(pk=wish["practitioner"]),
        "room": Room.objects.get(pk=wish["room"]),
        "starts_at": datetime.fromisoformat(wish["starts_at"]),
        "key": UUID(wish["key"]),
    }
    return lambda **who: move_visit(**wanted, **who)


def place(wish: dict[str, Any]) -> Any:
    """Read "places", as for `book`, and their "key"; return what places them in one act."""
    from sessions.actions.booking import Placement, place_sessions

    placements = [Placement(**_wanted(one)) for one in wish["places"]]
    return lambda **who: place_sessions(placements=placements, key=UUID(wish["key"]), **who)


def cancel(wish: dict[str, Any]) -> Any:
    """Read an "appointment"; return what cancels it."""
    from sessions.actions.status import cancel_appointment
    from sessions.models import Appointment

    appointment = Appointment.objects.get(pk=wish["appointment"])
    return lambda **who: cancel_appointment(appointment=appointment, reason="CLINIC", **who)


def close(wish: dict[str, Any]) -> Any:
    """Read a "site" and a day "on"; return what closes it."""
    from clinic.actions import close_days
    from clinic.models import Site

    sites, on = [Site.objects.get(pk=wish["site"])], date.fromisoformat(wish["on"])
    return lambda **who: close_days(sites=sites, starts_on=on, ends_on=on, reason="Flood", **who)[0]


ACTS = {
    "book": book,
    "visit": visit,
    "move": move,
    "place": place,
    "cancel": cancel,
    "close": close,
}


def run(number: int, wish: dict[str, Any], database: str, start: Any, answers: Any) -> None:
    """Wait for the start, then act; put what happened into `answers`."""
    from django.db import connection

    from meso_clinic.core.models import User

    connection.settings_dict["NAME"] = database
    try:
        act = ACTS[wish.get("act", "book")](wish)
        who = {"by": User.objects.get(pk=wish["by"]), "at": datetime.fromisoformat(wish["at"])}
        start.wait(PATIENCE)
        row = act(**who)
        answers.put([number, type(row).__name__, row.pk])
    except Exception as error:
        answers.put([number, type(error).__name__, str(error)])
    finally:
        connection.close()


def main() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "meso_clinic.settings"
    django.setup()
    import sessions.actions.booking  # noqa: F401 - loaded once, before the processes part

    task = json.load(sys.stdin)
    fork = multiprocessing.get_context("fork")
    start, answers = fork.Barrier(len(task["wishes"])), fork.Queue()
    rivals = [
        fork.Process(target=run, args=(number, wish, task["database"], start, answers), daemon=True)
        for number, wish in enumerate(task["wishes"])
    ]
    for rival in rivals:
        rival.start()
    heard = [answers.get(timeout=PATIENCE * 2) for _ in rivals]
    for rival in rivals:
        rival.join(PATIENCE)
    json.dump(sorted(heard), sys.stdout)


if __name__ == "__main__":
    main()
