"""Which pages are looked at: the menu of every login, the public pages, and one detail page behind each list."""

import re
from dataclasses import dataclass

# login → its lists; "" is the public. Behind each list the first row is opened too.
MENUS: dict[str, tuple[str, ...]] = {
    "": (
        "/",
        "/policy/",
        "/catalog/",
        "/calculator/",
        "/suppliers/",
        "/announcements/",
        "/notices/",
        "/verify/",
        "/queue/",
        "/telemetry/",
    ),
    "enterprise": (
        "/enterprise/",
        "/enterprise/apply/",
        "/enterprise/vouchers/",
        "/enterprise/redemptions/",
        "/enterprise/questions/",
        "/enterprise/profile/",
        "/enterprise/staff/",
        "/messages/",
        "/account/profile/",
    ),
    "supplier": (
        "/supplier/",
        "/supplier/applications/?view=all",
        "/supplier/confirmations/?view=all",
        "/supplier/questions/",
        "/supplier/products/",
        "/supplier/telemetry/",
        "/supplier/quota/",
        "/supplier/profile/",
        "/supplier/agents/",
        "/supplier/staff/",
    ),
    "city-reviewer": (
        "/city/",
        "/city/applications/",
        "/city/redemptions/",
        "/city/enterprises/?view=all",
        "/city/suppliers/",
        "/city/notice-lists/",
        "/city/objections/",
        "/city/batches/",
        "/city/announcements/",
        "/city/quota/",
        "/city/adoption/reviews/",
        "/city/audit/",
        "/city/recoveries/",
    ),
    "city-approver": ("/city/", "/city/applications/?view=sign", "/city/redemptions/?view=sign", "/city/staff/"),
    "province-officer": (
        "/province/",
        "/province/dashboard/",
        "/province/periods/",
        "/province/periods/new/",
        "/province/editions/",
        "/province/schemes/",
        "/province/catalog/",
        "/province/quota/",
        "/province/quota/plans/new/",
        "/province/quota/plans/formula/",
        "/province/quota/plans/suppliers/",
        "/province/quota/transfer/",
        "/province/quota/movements/",
        "/province/quota/what-if/",
        "/province/what-if/",
        "/province/dashboard/440600/",
        "/province/suppliers/",
        "/province/products/",
        "/province/enterprises/",
        "/province/monitoring/",
        "/province/monitoring/graph/",
        "/province/bureaus/",
        "/province/audit/",
        "/province/announcements/",
    ),
    "province-approver": ("/province/",),
    "finance": ("/finance/batches/",),
    "operator": ("/operator/feed/",),
    "auditor": ("/auditor/vouchers/", "/auditor/audit/"),
}
VISITORS = (
    "/account/login/",
    "/account/sign-up/",
    "/account/password/reset/",
    "/objections/new/1/",
    "/calculator/products/",
)
# Walked through with the Tab key, with the first page behind each.
BY_KEYBOARD = {
    "": ("/calculator/", "/catalog/"),
    "enterprise": ("/enterprise/vouchers/", "/enterprise/redemptions/"),
    "supplier": ("/supplier/applications/", "/supplier/confirmations/?view=all", "/supplier/telemetry/"),
    "city-reviewer": ("/city/applications/", "/city/redemptions/"),
    "province-officer": ("/province/monitoring/", "/province/monitoring/graph/", "/province/schemes/"),
    "operator": ("/operator/feed/",),
}
ROW = "main td a.main, main .pf-list a[href^='/'], main .pf-items a[href^='/']"


@dataclass(frozen=True, slots=True)
class Place:
    """A page of a login."""

    login: str
    path: str

    @property
    def name(self) -> str:
        words = "-".join(part for part in self.path.replace("?", "/").replace("=", "-").split("/") if part)
        return f"{self.login or 'public'}-{words or 'home'}"


def shape(path: str) -> str:
    """Pages that differ in their number alone have one shape."""
    return re.sub(r"[A-Z]*\d[\w-]*", "#", path.split("?")[0])


MAIN = [Place(login, path) for login, paths in MENUS.items() for path in paths]
# What people carry in their pockets: looked at with a phone in every run, the rest in the soak.
ON_PHONES = [
    Place("", "/"),
    Place("", "/calculator/"),
    Place("", "/notices/"),
    Place("", "/account/login/"),
    Place("enterprise", "/enterprise/"),
    Place("enterprise", "/enterprise/vouchers/"),
    Place("enterprise", "/enterprise/redemptions/"),
    Place("supplier", "/supplier/confirmations/?view=all"),
    Place("supplier", "/supplier/quota/"),
    Place("city-reviewer", "/city/"),
    Place("city-reviewer", "/city/applications/"),
    Place("city-reviewer", "/city/redemptions/"),
    Place("province-officer", "/province/"),
    Place("province-officer", "/province/dashboard/"),
    Place("province-officer", "/province/quota/transfer/"),
    Place("province-officer", "/province/quota/what-if/"),
    Place("province-officer", "/province/what-if/"),
    Place("finance", "/finance/batches/"),
    Place("operator", "/operator/feed/"),
    Place("auditor", "/auditor/vouchers/"),
]
