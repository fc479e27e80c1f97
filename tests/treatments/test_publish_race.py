"""Several editors publish at the same moment: one wins, the others are told, none is lost."""

from dataclasses import replace
from functools import partial

import pytest

from tests.at_once import at_once, refused
from tests.factories.core import UserFactory
from tests.factories.treatments import AT, IndicationFactory
from treatments.actions.content import TextChangedMeanwhile, publish_indication

pytestmark = pytest.mark.django_db(transaction=True)

EDITORS = 6


def test_of_many_who_publish_at_once_one_wins():
    indication = IndicationFactory()
    base = indication.revisions.get().text
    editors = UserFactory.create_batch(EDITORS, admin=True)

    def publish(editor):
        return publish_indication(
            indication=indication,
            base_number=1,
            text=replace(base, summary=f"By {editor.username}."),
            reason="Shorter",
            by=editor,
            at=AT,
        )

    answers = at_once(*(partial(publish, editor) for editor in editors))
    won = [answer for answer in answers if not isinstance(answer, Exception)]
    lost = refused(answers)
    assert len(won) == 1
    assert len(lost) == EDITORS - 1
    for refusal in lost:
        assert isinstance(refusal, TextChangedMeanwhile), refusal
        assert refusal.newest == won[0]
    assert [revision.number for revision in indication.revisions.newest_first()] == [2, 1]
