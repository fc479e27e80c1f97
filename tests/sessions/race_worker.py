"""Books in as many processes as there are wishes, all at the same moment.

    python -m tests.sessions.race_worker < wishes.json

Reads {"database": its name, "wishes": [{"session": 1, "practitioner": 2, "room": 3, "by": 4,
"starts_at": "...", "at": "..."}, ...]} and answers with a JSON list: for each wish the name of
what happened ("Appointment", "SlotTaken" or another exception) and its words.

It is started by `test_race.py` as a program of its own, so that no process shares a connection
with the test. It loads the product once and then forks: fifty starts of Python would take longer
than the race.
"""

import json
import multiprocessing
import os
import sys
from datetime import datetime
from typing import Any

PATIENCE = 90
"""Seconds after which a process that waits for the others gives up."""


def book(wish: dict[str, Any], database: str, start: Any, answers: Any) -> None:
    """Wait for the start, then book; put what happened into `answers`."""
    from django.db import connection

    from clinic.models import Room
    from meso_clinic.core.models import User
    from sessions.actions.booking import BookingRefused, book_session
    from sessions.models import TreatmentSession

    connection.settings_dict["NAME"] = database
    try:
        wanted = {
            "session": TreatmentSession.objects.get(pk=wish["session"]),
            "practitioner": User.objects.get(pk=wish["practitioner"]),
            "room": Room.objects.get(pk=wish["room"]),
            "by": User.objects.get(pk=wish["by"]),
            "starts_at": datetime.fromisoformat(wish["starts_at"]),
            "at": datetime.fromisoformat(wish["at"]),
        }
        start.wait(PATIENCE)
        try:
            place = book_session(**wanted)
        except BookingRefused as refusal:
            answers.put([type(refusal).__name__, refusal.problem])
        else:
            answers.put([type(place).__name__, ""])
    except Exception as error:
        answers.put([type(error).__name__, str(error)])
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
        fork.Process(target=book, args=(wish, task["database"], start, answers), daemon=True)
        for wish in task["wishes"]
    ]
    for rival in rivals:
        rival.start()
    heard = [answers.get(timeout=PATIENCE * 2) for _ in rivals]
    for rival in rivals:
        rival.join(PATIENCE)
    json.dump(heard, sys.stdout)


if __name__ == "__main__":
    main()
