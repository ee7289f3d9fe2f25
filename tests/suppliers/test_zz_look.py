"""Temporary: pictures."""
import os

from django.test import Client
from playwright.sync_api import sync_playwright

from platform_site.accounts.queries import bureau_of
from platform_site.kit import clock
from platform_site.kit.actor import ANONYMOUS
from platform_site.kit.findings import Finding
from platform_site.notices.domain import announce, file_objection, publish_notice
from suppliers import domain
from tests.accounts import people
from tests.conftest import CHROMIUM
from tests.suppliers.world import *


def cookie(member):
    c = Client(); c.force_login(member.user); return c.cookies["sessionid"].value

def test_look(site):
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    world = make_world()
    for i in range(6):
        h = listed(world, FOSHAN if i % 2 else GUANGZHOU)
        listed_product(world, h, 5 + i, name=["牧联设备云 V3","拓壤生产协同 MES","简量能效管家","砺原质量追溯","映潮仓储云","霁川供应链"][i])
    plat = platform(world)
    desk = on_province_desk(world, kind="platform", files=("licence","platform_capability"))
    prop = domain.review_supplier_by_province(supplier=desk.supplier, outcome="pass", platform_capability=True, quota_class="national", priority=True, opinion="平台能力材料齐全，案例真实。", by=world.by_officer, at=AT)
    out = submitted(OUTSIDE)
    city = submitted(FOSHAN)
    ret = submitted(FOSHAN)
    domain.review_supplier_by_city(supplier=ret.supplier, outcome="return", findings=[Finding(code="review.reason", clause="S19/6.2", reason="营业执照扫描件看不清", remedy="请重新扫描原件，四角完整。"), Finding(code="review.reason", clause="S19/6.2", reason="简介没有写服务过的工业企业", remedy="请补两个案例。")], by=world.by_city(FOSHAN), at=AT)
    pd = product_on_desk(world, plat, 22, name="工匠后市场服务云")
    draftp = product(world, plat, 24, name="智造中台 Lite", modules=("设备接入管理","租户管理"))
    pd2 = product_on_desk(world, plat, 10, name="空压机智能诊断")
    domain.review_product(product=pd2, outcome="pass", product_class="B", by=world.by_officer, at=AT)
    domain.list_agent(supplier=plat.supplier, name="佛山市顺创信息科技有限公司", uscc=people.company_number(900), kind="agent", by=plat.by, at=AT)
    domain.list_agent(supplier=plat.supplier, name="广东云匠工业互联网有限公司", uscc=people.company_number(901), kind="group_company", by=plat.by, at=AT)
    appr = people.member(bureau_of(FOSHAN), "cityapprover", "city_approver")
    now = clock.now()
    a = announce(title="关于开展 2020 年工业企业“上云上平台”服务券申领工作的通知", body="各有关企业：\n\n现就 2020 年服务券申领工作安排如下。\n\n一、申领时间\n5 月 25 日 10 时起至 9 月 30 日 17 时止。\n\n二、面向范围\n除深圳市外各地市工业企业。", kind="period", by=world.by_approver, at=AT)
    announce(title="佛山市服务券申领培训通知", body="六月十日", by=people.actor(appr), at=AT)
    n = publish_notice(subject=("settlement.noticelist","7"), title="佛山市 2020 年第一批服务券兑现清单公示", days=7, lines={"SQ2020-000318":"佛山市谷穗机械有限公司　牧联设备云 V3　81,950.00 元"}, by=people.actor(appr), at=now)
    o = file_objection(notice=n, line_key="SQ2020-000318", name="某", contact="139", statement="没有联网", evidence=paper(), by=ANONYMOUS, at=now)
    new_org, new_member = organisation(FOSHAN)
    shots = [
        ("sup-new", new_member, "/supplier/profile/"), ("sup-returned", ret.member, "/supplier/profile/"), ("sup-listed", plat.member, "/supplier/profile/"),
        ("sup-products", plat.member, "/supplier/products/"), ("sup-product-draft", plat.member, f"/supplier/products/{draftp.pk}/"), ("sup-product-edit", plat.member, f"/supplier/products/{draftp.pk}/edit/"),
        ("sup-product-edit22", plat.member, "/supplier/products/new/?item=22"),
        ("sup-agents", plat.member, "/supplier/agents/"),
        ("city-list", world.reviewers[FOSHAN], "/city/suppliers/"), ("city-review", world.reviewers[FOSHAN], f"/city/suppliers/{city.supplier.pk}/"),
        ("city-ann", appr, "/city/announcements/"),
        ("prov-list", world.officer, "/province/suppliers/"), ("prov-review", world.officer, f"/province/suppliers/{out.supplier.pk}/"), ("prov-sign", world.approver, f"/province/suppliers/{desk.supplier.pk}/"),
        ("prov-products", world.officer, "/province/products/?view=review"), ("prov-product", world.officer, f"/province/products/{pd.pk}/"), ("prov-product-sign", world.approver, f"/province/products/{pd2.pk}/"),
        ("pub-suppliers", None, "/suppliers/"), ("pub-supplier", None, f"/suppliers/{plat.supplier.pk}/"), ("pub-ann", None, "/announcements/"), ("pub-ann1", None, f"/announcements/{a.pk}/"),
        ("pub-objection", None, f"/objections/new/{n.pk}/SQ2020-000318/"), ("pub-receipt", None, f"/objections/{o.key}/"),
    ]
    only = os.environ.get("ONLY", "")
    from axe_playwright_python.sync_playwright import Axe
    with sync_playwright() as p:
        b = p.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for w in (1280, 390):
            for name, member, path in shots:
                if only and not any(name.startswith(x) for x in only.split(",")): continue
                ctx = b.new_context(viewport={"width": w, "height": 900}, locale="zh-CN", bypass_csp=True)
                if member: ctx.add_cookies([{"name": "sessionid", "value": cookie(member), "url": site.url}])
                page = ctx.new_page()
                r = page.goto(site.url + path)
                page.wait_for_timeout(200)
                page.screenshot(path=f"/tmp/look_suppliers/{name}-{w}.png", full_page=True)
                wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
                v = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}).response["violations"]
                print(name, w, r.status, "WIDE" if wide else "", [(x["id"], x["nodes"][0]["html"][:140]) for x in v])
                ctx.close()
        b.close()
