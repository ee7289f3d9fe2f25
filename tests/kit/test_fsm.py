"""One door for states: `perform` for one object, `bulk_perform` for many."""

from datetime import timedelta

import pytest

from platform_site.accounts.models import Organisation
from platform_site.kit.findings import Refusal
from platform_site.kit.fsm import bulk_perform, bulk_perform_each, check_version, edges, initial_state, perform
from platform_site.notices.models import PublicNotice
from tests.accounts.people import AT
from tests.kit.stateful_things import enterprise, notice, organisation
from vouchers.models import Enterprise

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)


def stored(made: Organisation) -> tuple[str, int, object]:
    return Organisation.objects.values_list("state", "version", "state_since").get(pk=made.pk)


def test_a_step_moves_the_object_raises_its_version_and_notes_the_time() -> None:
    made = organisation()
    perform(made, "close", at=LATER)
    assert stored(made) == ("closed", 2, LATER)


def test_a_step_saves_the_fields_it_is_told_and_no_others() -> None:
    made = organisation()
    made.name, made.area_code = "改名", "440100"
    perform(made, "close", at=LATER, save=["name"])
    made.refresh_from_db()
    assert (made.name, made.area_code) == ("改名", "")


def test_a_step_from_the_wrong_state_is_refused_with_the_state_in_chinese() -> None:
    """D/state"""
    made = organisation()
    perform(made, "close", at=LATER)
    with pytest.raises(Refusal) as refused:
        perform(made, "close", at=LATER)
    assert refused.value.codes() == ["state.not_possible"]
    assert made.get_state_display() in refused.value.findings[0].reason
    assert stored(made) == ("closed", 2, LATER)


@pytest.mark.parametrize(("make", "verb"), [(enterprise, "approve"), (enterprise, "reopen"), (organisation, "reopen")])
def test_steps_of_other_states_are_refused_on_every_floor(make, verb: str) -> None:
    with pytest.raises(Refusal) as refused:
        perform(make(), verb, at=LATER)
    assert refused.value.codes() == ["state.not_possible"]


def test_an_arrow_with_two_sources_is_walked_from_both() -> None:
    made = enterprise()
    for verb in ("submit", "return_back", "submit"):
        perform(made, verb, at=LATER)
    assert (made.state, made.version) == ("submitted", 4)


def test_a_form_opened_before_a_change_is_stale() -> None:
    made = organisation()
    opened = made.version
    perform(made, "close", at=LATER)
    with pytest.raises(Refusal) as refused:
        check_version(made, opened)
    assert refused.value.codes() == ["stale"]


def test_a_form_of_the_current_version_passes_and_so_does_no_form() -> None:
    made = organisation()
    for version in (made.version, None):
        check_version(made, version)


def test_the_state_cannot_be_assigned() -> None:
    with pytest.raises(AttributeError):
        organisation().state = "closed"


def test_the_state_stays_protected_when_reading_again_fails() -> None:
    made = organisation()
    Organisation.objects.filter(pk=made.pk).delete()
    with pytest.raises(Organisation.DoesNotExist):
        made.refresh_from_db()
    with pytest.raises(AttributeError):
        made.state = "closed"


def test_many_objects_take_the_step_together() -> None:
    ids = [organisation(name).pk for name in "甲乙丙"]
    assert bulk_perform(Organisation, ids, "close", at=LATER, area_code="440100") == 3
    rows = Organisation.objects.filter(pk__in=ids).values_list("state", "version", "state_since", "area_code")
    assert list(rows) == [("closed", 2, LATER, "440100")] * 3


def test_a_step_of_many_fails_as_a_whole_when_one_stands_elsewhere() -> None:
    here, elsewhere = organisation("甲"), organisation("乙")
    perform(elsewhere, "close", at=LATER)
    with pytest.raises(RuntimeError):
        bulk_perform(Organisation, [here.pk, elsewhere.pk], "close", at=LATER)
    assert stored(here) == ("active", 1, AT)


def test_a_step_of_many_that_nobody_drew_is_a_programming_error() -> None:
    with pytest.raises(RuntimeError):
        bulk_perform(Organisation, [organisation().pk], "sell", at=LATER)


def test_a_step_of_no_objects_moves_none() -> None:
    assert bulk_perform(Organisation, [], "close", at=LATER) == 0


def test_the_drawn_arrows_can_be_read_from_the_model() -> None:
    assert [(edge.source, edge.name, edge.target) for edge in edges(PublicNotice)] == [
        ("open", "close", "closed"),
        ("open", "supersede", "superseded"),
    ]
    assert (initial_state(PublicNotice), notice().state) == ("open", "open")
    assert initial_state(Enterprise) == "draft"


def test_each_row_takes_values_of_its_own_along_its_edge():
    made = [organisation(), organisation()]
    columns = {"area_code": ["440100", "440600"]}
    assert bulk_perform_each(Organisation, [row.pk for row in made], "close", at=LATER, columns=columns) == 2
    found = [Organisation.objects.get(pk=row.pk) for row in made]
    assert [(row.state, row.area_code, row.version) for row in found] == [
        ("closed", "440100", 2),
        ("closed", "440600", 2),
    ]


def test_with_values_of_their_own_all_rows_move_or_none():
    here, elsewhere = organisation(), organisation()
    perform(elsewhere, "close", at=LATER)
    with pytest.raises(RuntimeError, match="1 of 2"):
        bulk_perform_each(
            Organisation, [here.pk, elsewhere.pk], "close", at=LATER, columns={"area_code": ["440100", "440600"]}
        )
    assert Organisation.objects.get(pk=here.pk).state == "active"
