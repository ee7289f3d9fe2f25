"""Agents: listed by the owner, sharing its quota (S19/5.2.3(1)–(2), (4))."""

import pytest
from django.db import IntegrityError, transaction

from suppliers import domain
from suppliers.models import Agent
from suppliers.queries import agents_of
from tests.accounts.people import company_number
from tests.suppliers.refused import refused
from tests.suppliers.world import AT, GUANGZHOU, House, World, draft, listed


def add(house: House, uscc: str, kind: str = "agent", name: str = "某代理公司") -> Agent:
    return domain.list_agent(supplier=house.supplier, name=name, uscc=uscc, kind=kind, by=house.by, at=AT)


@pytest.fixture
def house(world: World) -> House:
    return listed(world)


def test_the_owner_lists_and_removes_its_agents(house: House) -> None:
    agent = add(house, company_number(500))
    listed_before = list(agents_of(house.supplier))
    domain.remove_agent(agent=agent, by=house.by, at=AT)
    assert (listed_before, list(agents_of(house.supplier))) == ([agent], [])


def test_a_removed_agent_may_be_listed_again(house: House) -> None:
    domain.remove_agent(agent=add(house, company_number(500)), by=house.by, at=AT)
    add(house, company_number(500))
    assert Agent.objects.count() == 2


def test_duplicates_are_refused(house: House) -> None:
    add(house, company_number(500))
    with refused("agent.duplicate"):
        add(house, company_number(500).lower())


def test_oneself_is_no_agent(house: House) -> None:
    with refused("agent.self"):
        add(house, house.supplier.uscc)


def test_suppliers_of_the_pool_do_not_act_for_each_other(world: World, house: House) -> None:
    other = listed(world, GUANGZHOU)
    with refused("agent.is_supplier"):
        add(house, other.supplier.uscc)


def test_a_draft_registration_does_not_stand_in_the_way(house: House) -> None:
    assert add(house, draft().supplier.uscc).removed_at is None


def test_a_wrong_number_and_an_empty_name_are_both_named(house: House) -> None:
    with refused("agent.name_missing", "uscc.check_digit"):
        add(house, company_number(500)[:-1] + "0", name=" ")


def test_one_agent_may_sell_for_two_owners(world: World, house: House) -> None:
    other = listed(world, GUANGZHOU)
    add(house, company_number(500))
    add(other, company_number(500))
    assert Agent.objects.count() == 2


def test_a_company_of_a_group_belongs_to_one_supplier(world: World, house: House) -> None:
    other = listed(world, GUANGZHOU)
    add(house, company_number(500), "group_company")
    with refused("agent.group_elsewhere"):
        add(other, company_number(500), "group_company")


def test_the_database_refuses_the_second_list_too(world: World, house: House) -> None:
    other = listed(world, GUANGZHOU)
    add(house, company_number(500), "group_company")
    row = {"supplier": other.supplier, "name": "x", "uscc": company_number(500), "kind": "group_company"}
    with pytest.raises(IntegrityError, match="group_company_under_one_supplier"), transaction.atomic():
        Agent.objects.create(**row, listed_at=AT)


def test_strangers_do_not_touch_the_list(world: World, house: House) -> None:
    agent, other = add(house, company_number(500)), listed(world, GUANGZHOU)
    with refused("permission.not_own"):
        domain.remove_agent(agent=agent, by=other.by, at=AT)
    with refused("permission.not_own"):
        domain.list_agent(supplier=house.supplier, name="x", uscc=company_number(501), kind="agent", by=other.by, at=AT)
