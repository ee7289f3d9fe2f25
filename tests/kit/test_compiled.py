"""Queries compiled once."""

import pytest
from django.db import DataError, connection, transaction
from django.db.models.functions import Length
from django.test.utils import CaptureQueriesContext

from platform_site.accounts.models import City, County
from platform_site.kit.compiled import Compiled, among, given, one_of
from platform_site.kit.locks import LockOrderError, Rank, lock_compiled

COUNTIES = Compiled(
    lambda: (
        County.objects.filter(city_id=given("city"))
        .exclude(pk=given("but"))
        .select_related("city")
        .annotate(length=Length("name"))
        .only("name", "city__short")
        .order_by("code")
    )
)
CITIES = Compiled(lambda: City.objects.filter(among("code", "codes")).order_by("code"))
LOCKED = Compiled(lambda: City.objects.filter(pk=given("code")).select_for_update(no_key=True, of=("self",)))


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    for place, code in enumerate(("440100", "440600")):
        names = {"name": f"城市{code}", "short": code[2:4], "region_hint": "珠三角"}
        City.objects.create(code=code, tile_col=90 + place, tile_row=90, **names)
        for number in range(3):
            County.objects.create(code=f"{code[:4]}0{number + 1}", name="县" * (number + 1), city_id=code)


@pytest.mark.parametrize("city", ["440100", "440600"])
def test_it_gives_what_the_queryset_gives_whatever_was_asked_before(city: str):
    but = f"{city[:4]}02"
    with CaptureQueriesContext(connection) as seen:
        found = COUNTIES.rows(city=city, but=but)
        read = [(one.pk, one.name, one.city.short, one.length) for one in found]
    assert len(seen) == 1
    rows = County.objects.filter(city_id=city).exclude(pk=but).select_related("city").order_by("code")
    assert read == [(one.pk, one.name, one.city.short, len(one.name)) for one in rows]
    assert len(read) == 2
    assert found[0].city.name == f"城市{city}"  # not read before: loaded when asked for


@pytest.mark.parametrize("codes", [[], ["440600"], ["440600", "440100"]])
def test_a_list_of_any_length_is_one_query(codes: list[str]):
    assert [one.pk for one in CITIES.rows(codes=codes)] == sorted(codes)


def test_a_value_is_a_parameter_and_never_text_of_the_query():
    assert COUNTIES.rows(city="440100' OR '1'='1", but="") == []


def test_one_that_is_missing_and_a_value_that_is_missing_raise():
    with pytest.raises(City.DoesNotExist):
        LOCKED.one(code="999999")
    with pytest.raises(KeyError):
        COUNTIES.rows(city="440100")


def test_a_lock_is_taken_by_a_query_that_locks_and_by_no_other():
    with transaction.atomic():
        assert lock_compiled(Rank.CITY, LOCKED, code="440100").pk == "440100"
        with connection.cursor() as cursor:
            cursor.execute("SELECT mode FROM pg_locks WHERE relation = 'accounts_city'::regclass")
            assert ("RowShareLock",) in cursor.fetchall()
    with transaction.atomic(), pytest.raises(LockOrderError):
        lock_compiled(Rank.CITY, CITIES, codes=["440100"])


def planned() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE name LIKE 'compiled%'")
        return [row[0] for row in cursor.fetchall()]


def _ask_and_fail(asked: Compiled[City]) -> None:
    asked.rows(code="440100")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


def test_it_is_planned_once_per_connection_even_if_the_first_transaction_fails():
    asked = Compiled(lambda: City.objects.filter(short__startswith="%'", code=given("code")))
    before = len(planned())
    with pytest.raises(DataError), transaction.atomic():
        _ask_and_fail(asked)
    for _ in range(3):
        assert asked.rows(code="440100") == []
    assert len(planned()) == before + 1


def test_a_long_list_is_one_array():
    with CaptureQueriesContext(connection) as seen:
        assert City.objects.filter(one_of("pk", ["440100", "440600", "1"])).count() == 2
        assert City.objects.filter(one_of("pk", iter(()))).count() == 0
    assert "ANY(" in seen.captured_queries[0]["sql"]
