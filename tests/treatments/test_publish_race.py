"""Several editors publish at the same moment: one wins, the others are told, none is lost."""

import threading
from dataclasses import replace

import pytest
from django.db import connections

from tests.factories.core import UserFactory
from tests.factories.treatments import AT, IndicationFactory
from treatments.actions.content import TextChangedMeanwhile, publish_indication

pytestmark = pytest.mark.django_db(transaction=True)

EDITORS = 6


def test_of_many_who_publish_at_once_one_wins():
    indication = IndicationFactory()
    base = indication.revisions.get().text
    editors = UserFactory.create_batch(EDITORS, admin=True)
    start, answers = threading.Barrier(EDITORS), []

    def publish(editor):
        try:
            start.wait(timeout=30)
            answers.append(
                publish_indication(
                    indication=indication,
                    base_number=1,
                    text=replace(base, summary=f"By {editor.username}."),
                    reason="Shorter",
                    by=editor,
                    at=AT,
                )
            )
        except Exception as refusal:
            answers.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=publish, args=[editor]) for editor in editors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    won = [answer for answer in answers if not isinstance(answer, Exception)]
    lost = [answer for answer in answers if isinstance(answer, Exception)]
    assert len(won) == 1
    assert len(lost) == EDITORS - 1
    for refusal in lost:
        assert isinstance(refusal, TextChangedMeanwhile), refusal
        assert refusal.newest == won[0]
    assert [revision.number for revision in indication.revisions.newest_first()] == [2, 1]
