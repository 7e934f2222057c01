"""Versions are touched by the transaction that changes what pages show, and written as its last."""

import threading

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from blog import versions
from blog.models import Version


def _numbers() -> dict[str, int]:
    return dict(Version.objects.values_list("key", "number"))


@pytest.mark.django_db(transaction=True)
def test_each_commit_has_the_next_number():
    with transaction.atomic():
        versions.touch("post:1", versions.LISTS)
        versions.touch("post:1")
        assert _numbers() == {}
    assert _numbers() == {"": 1, "post:1": 1, "lists": 1}
    with transaction.atomic():
        versions.touch("post:2", versions.LISTS)
    assert _numbers() == {"": 2, "post:1": 1, "post:2": 2, "lists": 2}


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_touches_nothing_or_is_rolled_back_has_none():
    with transaction.atomic():
        pass
    with pytest.raises(RuntimeError), transaction.atomic():
        versions.touch("post:1")
        raise RuntimeError
    with transaction.atomic():
        pass
    assert _numbers() == {}


@pytest.mark.django_db(transaction=True)
def test_what_an_inner_block_touched_counts_though_it_was_rolled_back():
    """One page too many is made anew; none is left."""
    with transaction.atomic():
        with pytest.raises(RuntimeError), transaction.atomic():
            versions.touch("post:1")
            raise RuntimeError
        versions.touch("post:2")
    assert _numbers() == {"": 1, "post:1": 1, "post:2": 1}


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_may_be_touched():
    with pytest.raises(TransactionManagementError):
        versions.touch("post:1")


@pytest.mark.django_db(transaction=True)
def test_many_at_once_never_deadlock_and_lose_none():
    def change(number: int) -> None:
        for turn in range(10):
            with transaction.atomic():
                versions.touch(*(f"post:{(number * turn) % 7}", f"post:{(number + turn) % 7}", "lists"))
        connection.close()

    threads = [threading.Thread(target=change, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    numbers = _numbers()
    assert numbers[versions.ALL] == 60
    assert max(number for key, number in numbers.items() if key) == numbers["lists"] == 60
