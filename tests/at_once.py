"""Several people who do something at the same moment."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run each of `works` in a thread of its own, from one moment on; return what came of each.

    What one of them raises is what came of it.
    """
    start, answers = threading.Barrier(len(works)), list[Any]()

    def run(work: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=30)
            answers.append(work())
        except Exception as error:
            answers.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not any(thread.is_alive() for thread in threads)
    return answers


def refused(answers: list[Any]) -> list[Exception]:
    """Return what was raised among `answers`."""
    return [answer for answer in answers if isinstance(answer, Exception)]
