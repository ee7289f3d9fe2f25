"""Rows by COPY arrive as they were given, and the constraints hold."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from platform_site.audit.models import Entry, RequestKey
from platform_site.kit.append_rows import append_rows

AT = datetime(2020, 4, 1, 2, 0, 0, 123456, tzinfo=UTC)
COLUMNS = (
    "op", "at", "actor_user_id", "actor_label", "organisation_id", "event", "subject_type", "subject_id", "data",
)  # fmt: skip


def test_awkward_texts_nulls_and_json_come_back_as_they_were(db: None):
    operation, text = uuid4(), 'Tab\t, line\nreturn\r, back\\slash, \\N and "quotes" 第一'
    data = {"text": text, "amount": Decimal("12.30"), "none": None, "list": [1, {"a": True}]}
    assert append_rows(Entry, COLUMNS, [(operation, AT, None, text, 7, "x.y", "a.b", "", data)]) == 1
    found = Entry.objects.get(op=operation)
    assert (found.at, found.actor_user_id, found.actor_label, found.organisation_id) == (AT, None, text, 7)
    assert (found.subject_id, found.data) == ("", {**data, "amount": "12.30"})


def test_no_rows_are_no_statement(db: None, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert append_rows(Entry, COLUMNS, []) == 0


def test_a_constraint_refuses_as_for_any_insert(db: None):
    rows = [("once", 1, "h", AT), ("once", 1, "h", AT)]
    with pytest.raises(IntegrityError, match="request_key_once"), transaction.atomic():
        append_rows(RequestKey, ("key", "actor_user_id", "body_hash", "at"), rows)
    assert not RequestKey.objects.exists()
