"""Routes of the roof."""

from platform_site.accounts.enums import CITY, ENTERPRISE, PROVINCE, SUPPLIER, Role
from platform_site.kit.routes import PUBLIC, SIGNED_IN, route
from platform_site.portals.pages.calculator import calculator, calculator_products
from platform_site.portals.pages.dashboard import dashboard, dashboard_city
from platform_site.portals.pages.enter import enter
from platform_site.portals.pages.home import home
from platform_site.portals.pages.period import period
from platform_site.portals.pages.registers import vouchers as voucher_register
from platform_site.portals.pages.todo import badges, todo
from platform_site.portals.pages.voucher import search, voucher

SEES_VOUCHERS = ENTERPRISE | SUPPLIER | CITY | PROVINCE | {Role.AUDITOR, Role.DELEGATE, Role.FINANCE_OFFICER}

public = [
    route("", home, name="home", roles=PUBLIC, scope="published"),
    route("periods/<str:code>/", period, name="period", roles=PUBLIC, scope="published"),
    route("calculator/", calculator, name="calculator", roles=PUBLIC, scope="none"),
    route("calculator/products/", calculator_products, name="calculator_products", roles=PUBLIC, scope="published"),
]
portals = [
    route("enter/", enter, name="enter", roles=SIGNED_IN, scope="own desk"),
    route("badges/", badges, name="badges", roles=SIGNED_IN, scope="own desks"),
    route("search/", search, name="search", roles=SEES_VOUCHERS, scope="visible vouchers"),
    route("vouchers/<str:number>/", voucher, name="voucher", roles=SEES_VOUCHERS, scope="visible vouchers"),
]
enterprise = [route("", todo, name="todo", roles=ENTERPRISE, scope="own organisation")]
supplier = [route("", todo, name="todo", roles=SUPPLIER, scope="own organisation")]
city = [
    route("", todo, name="todo", roles=CITY | {Role.BUREAU_ADMIN, Role.DELEGATE}, scope="own city"),
]
province = [
    route("", todo, name="todo", roles=PROVINCE | {Role.ALLIANCE_STAFF, Role.SYSTEM_ADMIN}, scope="all"),
    route("dashboard/", dashboard, name="dashboard", roles=PROVINCE | {Role.ALLIANCE_STAFF}, scope="all"),
    route(
        "dashboard/<str:code>/",
        dashboard_city,
        name="dashboard_city",
        roles=PROVINCE | {Role.ALLIANCE_STAFF},
        scope="all",
    ),
]
expert = [route("", todo, name="todo", roles={Role.EXPERT}, scope="own assignments")]
auditor = [route("vouchers/", voucher_register, name="vouchers", roles={Role.AUDITOR}, scope="all")]
