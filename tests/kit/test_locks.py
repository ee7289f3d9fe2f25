"""Locks are taken in one order, and the order is noticed without any contention."""

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test import RequestFactory

from platform_site.accounts.models import Organisation
from platform_site.kit.locks import LockOrderError, Rank, lock, lock_one
from platform_site.portals.pages.errors import server_error
from tests.accounts.people import AT, SETUP, domain
from tests.kit.threads import in_another_thread

NONE = Organisation.objects.none()


@pytest.mark.django_db
def test_locks_in_the_fixed_order_are_given() -> None:
    with transaction.atomic():
        assert [lock(rank, NONE) for rank in Rank] == [[]] * len(Rank)


@pytest.mark.django_db
def test_a_lock_against_the_order_raises_without_contention() -> None:
    with transaction.atomic():
        lock(Rank.VOUCHER, NONE)
        with pytest.raises(LockOrderError):
            lock(Rank.ENTERPRISE, NONE)


@pytest.mark.django_db
def test_the_same_rank_may_be_locked_again() -> None:
    with transaction.atomic():
        assert lock(Rank.CITY, NONE) + lock(Rank.CITY, NONE) == []


@pytest.mark.django_db
def test_a_new_transaction_starts_fresh() -> None:
    with transaction.atomic():
        lock(Rank.LEDGER, NONE)
    with transaction.atomic():
        assert lock(Rank.PROVINCE, NONE) == []


@pytest.mark.django_db
def test_a_transaction_after_a_failed_one_starts_fresh() -> None:
    def fails() -> None:
        with transaction.atomic():
            lock(Rank.LEDGER, NONE)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    with transaction.atomic():
        assert lock(Rank.PROVINCE, NONE) == []


@pytest.mark.django_db
def test_an_inner_block_keeps_the_order_of_the_outer_one() -> None:
    with transaction.atomic():
        lock(Rank.SUPPLIER, NONE)
        with transaction.atomic(), pytest.raises(LockOrderError):
            lock(Rank.CITY, NONE)


@pytest.mark.django_db
def test_locks_of_a_finished_inner_block_still_count() -> None:
    with transaction.atomic():
        with transaction.atomic():
            lock(Rank.LIST, NONE)
        with pytest.raises(LockOrderError):
            lock_one(Rank.VOUCHER, Organisation.objects.all(), pk=0)


@pytest.mark.django_db
def test_a_lock_needs_a_transaction() -> None:
    with pytest.raises(LockOrderError):
        lock(Rank.PROVINCE, NONE)


@pytest.mark.django_db
def test_rows_come_in_the_order_of_their_keys() -> None:
    for serial in (3, 1, 2):
        domain.create_organisation(kind="alliance", name=f"联盟{serial}", area_code="", by=SETUP, at=AT)
    with transaction.atomic():
        rows = lock(Rank.PROVINCE, Organisation.objects.order_by("name"))
    assert [row.pk for row in rows] == sorted(row.pk for row in rows)
    assert len(rows) == 3


def test_a_locked_row_is_not_given_to_a_second_transaction_which_is_told_to_try_again(fresh_database: None) -> None:
    made = domain.create_organisation(kind="alliance", name="省联盟", area_code="", by=SETUP, at=AT)

    def take() -> str:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '200ms'")
                lock_one(Rank.PROVINCE, Organisation.objects.all(), pk=made.pk)
        except OperationalError:
            answer = server_error(RequestFactory().get("/"))
            return f"{answer.status_code} {answer['Retry-After']} {'没有轮到' in answer.content.decode()}"
        finally:
            connections.close_all()
        return "taken"

    with transaction.atomic():
        lock_one(Rank.PROVINCE, Organisation.objects.all(), pk=made.pk)
        while_held = in_another_thread(take)
    assert (while_held, in_another_thread(take)) == ("503 5 True", "taken")


def test_any_other_error_of_the_database_is_a_fault_of_the_platform() -> None:
    try:
        raise OperationalError("the server closed the connection")
    except OperationalError:
        assert server_error(RequestFactory().get("/")).status_code == 500
