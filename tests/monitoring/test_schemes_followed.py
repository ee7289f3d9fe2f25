"""A new edition is judged by the scheme of the edition it was drafted from."""

import pytest
from django.core.management import call_command

from catalog.domain import draft_edition
from catalog.queries import published_edition
from monitoring.models import Scheme
from monitoring.queries import terms_for
from platform_site.kit import clock
from platform_site.kit.actor import Actor

OFFICER = Actor(user_id=101, label="省级经办", roles=frozenset({"province_officer"}), organisation_kind="province")


def test_an_edition_without_schemes_follows_its_parent(db: None) -> None:
    """D/8"""
    for command in ("load_policy", "load_catalog", "load_monitoring"):
        call_command(command, verbosity=0)
    draft_edition(parent=published_edition("2020"), code="2021", title="2021 年", by=OFFICER, at=clock.now())
    assert terms_for("2021", 5, None) == terms_for("2020", 5, None)
    with pytest.raises(Scheme.DoesNotExist):
        terms_for("2021", 99, None)
