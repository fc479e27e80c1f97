"""A long read that nobody disturbs, and that disturbs nobody."""

import threading

import pytest
from django.db import connection, transaction

from meso_clinic.core.models import User
from meso_clinic.core.snapshot import one_state
from tests.factories.core import UserFactory


def _meanwhile(write):
    """Let somebody else write, on a connection of their own, and wait until it is done."""

    def run():
        try:
            write()
        finally:
            connection.close()

    other = threading.Thread(target=run)
    other.start()
    other.join(timeout=10)
    assert not other.is_alive()


@pytest.mark.django_db(transaction=True)
def test_reads_see_one_state_while_others_write():
    connection.close()  # also as the first thing that a process does
    with one_state():
        before = User.objects.count()
        _meanwhile(UserFactory)
        assert User.objects.count() == before
    assert User.objects.count() == before + 1


@pytest.mark.django_db(transaction=True)
def test_writing_goes_on_as_usual_afterwards():
    with pytest.raises(ZeroDivisionError), one_state():
        assert User.objects.count() / 0
    with transaction.atomic():
        UserFactory()
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_inside_a_transaction_it_changes_nothing():
    with one_state():
        UserFactory()
    assert User.objects.count() == 1
