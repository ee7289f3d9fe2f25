"""Whose quota a sale uses: the product owner's, the platform's or the independent partner's (S19/5.2.3(1)–(3))."""

from dataclasses import dataclass
from typing import Literal

Seller = Literal["owner", "agent", "group_company", "partner", "independent_partner"]


@dataclass(frozen=True, slots=True)
class Offer:
    """Who sells. `listed_by`: the supplier under which the product is listed.

    `seller_supplier`: the seller's own supplier record, None where it has none (agents, companies of the group and
    partners without registration of their own).
    """

    listed_by: int
    seller: Seller = "owner"
    seller_supplier: int | None = None


@dataclass(frozen=True, slots=True)
class QuotaOwner:
    """The supplier whose quota is used, with the clause and a sentence for the person."""

    supplier_id: int
    clause: str
    reason: str


def quota_owner(offer: Offer) -> QuotaOwner:
    """Raises ValueError when an independent partner is named without its supplier record."""
    if offer.seller == "independent_partner":
        if offer.seller_supplier is None:
            raise ValueError("an independent partner has a supplier record of its own")
        return QuotaOwner(offer.seller_supplier, "S19/5.2.3(3)", "合作伙伴单独入库，使用自己的额度。")
    return QuotaOwner(offer.listed_by, *_SHARED[offer.seller])


_SHARED: dict[Seller, tuple[str, str]] = {
    "owner": ("S19/5.2.3", "使用产品所属供应商的额度。"),
    "agent": ("S19/5.2.3(1)", "代理商与产品所有方共用一个额度。"),
    "group_company": ("S19/5.2.3(2)", "总公司、子公司按代理商对待，使用注册主体的额度。"),
    "partner": ("S19/5.2.3(3)", "合作伙伴没有单独入库，使用平台商的额度。"),
}
