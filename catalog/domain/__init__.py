"""Commands of the catalog."""

from catalog.domain.change_items import add_item, put_item_back, take_out_item
from catalog.domain.decide_catalog import hand_in_catalog, send_back_catalog, sign_catalog, withdraw_catalog
from catalog.domain.decide_edition import hand_in_edition, send_back_edition, sign_edition, withdraw_edition
from catalog.domain.draft_catalog import amend_items, draft_catalog
from catalog.domain.draft_edition import amend_edition, bring_catalog, draft_edition
from catalog.domain.load_catalog import load_catalog
from catalog.domain.load_policy import load_policy
from catalog.domain.open_period import amend_period, close_period, draft_period, publish_period, sign_period
from catalog.domain.publish_catalog import publish_catalog
from catalog.domain.publish_edition import publish_edition

__all__ = [
    "add_item",
    "amend_edition",
    "amend_items",
    "amend_period",
    "bring_catalog",
    "close_period",
    "draft_catalog",
    "draft_edition",
    "draft_period",
    "hand_in_catalog",
    "hand_in_edition",
    "load_catalog",
    "load_policy",
    "publish_catalog",
    "publish_edition",
    "publish_period",
    "put_item_back",
    "send_back_catalog",
    "send_back_edition",
    "sign_catalog",
    "sign_edition",
    "sign_period",
    "take_out_item",
    "withdraw_catalog",
    "withdraw_edition",
]
