"""What the database refuses by itself, whoever asks: other arrows than the drawn ones, and changes of ledgers."""

import pytest
from django.db import connection
from django.db.models import Model

from platform_site.audit.models import Entry
from platform_site.kit.guards import install_guards
from platform_site.kit.ledger import append_only_models
from tests.kit.stateful_things import enterprise, insert_copy, notice, organisation, refused_by, set_state

pytestmark = pytest.mark.django_db
ROW, UPDATE, DELETE, TRUNCATE = 1, 16, 8, 32  # bits of pg_trigger.tgtype


@pytest.mark.parametrize(
    ("make", "state"),
    [(notice, "no_such_state"), (organisation, "suspended"), (enterprise, "approved"), (enterprise, "returned")],
)
def test_an_arrow_that_is_not_drawn_is_refused_in_plain_sql(make, state: str) -> None:
    assert set_state(make(), state) == "legal_state_edge"


def test_a_drawn_arrow_may_not_be_walked_backwards_in_plain_sql() -> None:
    published = notice()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notices_publicnotice SET state = 'closed' WHERE id = %s", [published.pk])
    assert set_state(published, "open") == "legal_state_edge"


@pytest.mark.parametrize(
    ("make", "state", "unlike"),
    [
        (organisation, "closed", {"name": "另一个"}),
        (notice, "closed", {"subject_id": "8"}),
        (enterprise, "approved", {"uscc": "X"}),
    ],
)
def test_a_row_may_not_begin_in_a_later_state(make, state: str, unlike: dict[str, str]) -> None:
    assert insert_copy(make(), state=state, **unlike) == "legal_state_edge"


def test_an_update_that_keeps_the_state_is_not_stopped() -> None:
    made = organisation()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_organisation SET state = state, name = '改名' WHERE id = %s", [made.pk])
    made.refresh_from_db()
    assert (made.name, made.state) == ("改名", "active")


def test_an_entry_of_the_audit_can_be_neither_changed_nor_removed() -> None:
    organisation()
    statements = ("UPDATE audit_entry SET actor_label = '别人'", "DELETE FROM audit_entry", "TRUNCATE audit_entry")
    assert [refused_by(statement) for statement in statements] == ["append_only"] * 3
    assert list(Entry.objects.values_list("event", "actor_label")) == [("accounts.organisation_created", "平台·tests")]


@pytest.mark.parametrize("model", append_only_models(), ids=lambda model: model._meta.label_lower)
def test_every_ledger_is_guarded(model: type[Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgtype::int & 57 FROM pg_trigger "
            "WHERE tgrelid = %s::regclass AND tgfoid = 'kit_refuse_change'::regproc",
            [model._meta.db_table],
        )
        kinds = sorted(row[0] for row in cursor.fetchall())
    assert kinds == sorted([ROW | UPDATE | DELETE, TRUNCATE])


def test_guards_may_be_installed_again_and_forget_arrows_that_are_gone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO kit_state_edge VALUES ('accounts_organisation', 'active', 'sold')")
    made = organisation()
    install_guards()
    assert set_state(made, "sold") == "legal_state_edge"
