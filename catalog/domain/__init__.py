"""Commands of the catalog."""

from catalog.domain.load_catalog import load_catalog
from catalog.domain.load_policy import load_policy
from catalog.domain.open_period import amend_period, close_period, draft_period, publish_period, sign_period
from catalog.domain.publish_catalog import publish_catalog
from catalog.domain.publish_edition import publish_edition

__all__ = [
    "amend_period",
    "close_period",
    "draft_period",
    "load_catalog",
    "load_policy",
    "publish_catalog",
    "publish_edition",
    "publish_period",
    "sign_period",
]
