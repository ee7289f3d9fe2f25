import os
from pathlib import Path
from datetime import date, timedelta
import time_machine
from django.conf import settings
from django.test import Client
from monitoring.domain import fold, judge_adoption, simulate_season, deliver_feed, rotate_operator_key
from tests.accounts import people
from tests.monitoring import world, client
from tests.monitoring.world import AT, SYSTEM
from platform_site.kit import clock

def test_shots(site, page):
    v = Path(settings.VAR_DIR) / "vendor"
    if not v.exists(): v.symlink_to("/work/main/var/vendor")
    from datetime import datetime, UTC
    clock.dial(AT - datetime.now(UTC))
    world.reference()
    made = world.monitored(devices=44, amount="60000.00")
    soft = world.monitored(serial=2, item=6, devices=0, modules=("计划管理","品质管理","车间看板","统计分析"))
    empty = world.monitored(serial=3, devices=2)
    simulate_season(source=made.source, first_day=date(2020,10,12), days=31, quiet_devices=6, by=SYSTEM, at=clock.now())
    simulate_season(source=soft.source, first_day=date(2020,10,28), days=15, by=SYSTEM, at=clock.now())
    op = world.operator()
    days=[date(2020,11,1)+timedelta(i) for i in range(8)]
    txt="券号,设备编号,开始,结束,地址\n"+"\n".join(f"{made.voucher.number},{made.devices[3]},{d},," for d in days)+"\nSQ2020-9,XX,2020-11-01,,\n"
    deliver_feed(organisation=op.organisation, name="十一月上旬.csv", content=txt.encode(), by=people.actor(op), at=clock.now())
    from monitoring.domain import ingest, SignedRequest, test_source
    from monitoring.domain.simulate import signed, body_of
    ingest(request=signed(made.key, body_of("b-1112-0171",[{"device":made.devices[0],"at":"2020-11-12T09:30:00+08:00","order_no":1},{"device":"LD-CNC-0650","at":"2020-11-12T09:30:00+08:00"},{"device":made.devices[1],"at":"2020-11-12T11:30:00+08:00"}]), clock.now()), by=SYSTEM, at=clock.now())
    ingest(request=signed(made.key, body_of("b-1112-0171",[{"device":made.devices[0],"at":"2020-11-12T09:30:00+08:00","order_no":1},{"device":"LD-CNC-0650","at":"2020-11-12T09:30:00+08:00"},{"device":made.devices[1],"at":"2020-11-12T11:30:00+08:00"}]), clock.now()), by=SYSTEM, at=clock.now())
    test_source(request=signed(made.key, body_of("t-1",[{"device":"LD-CNC-0650","at":"2020-11-12T09:30:00+08:00","operator_phone":"1"}]), clock.now()), by=SYSTEM, at=clock.now())
    fold(at=clock.now())
    for m in (made, soft, empty): judge_adoption(voucher=m.voucher, by=SYSTEM, at=clock.now())
    out = Path("/tmp/monshots"); out.mkdir(exist_ok=True)
    todo = [("supplier", made.supplier, ["/supplier/telemetry/", f"/supplier/telemetry/{made.voucher.number}/", "/supplier/telemetry/protocol/"]),
        ("empty", empty.supplier, [f"/supplier/telemetry/{empty.voucher.number}/"]),
        ("ent", made.enterprise, [f"/enterprise/adoption/{made.voucher.number}/"]),
        ("soft", soft.enterprise, [f"/enterprise/adoption/{soft.voucher.number}/"]),
        ("oper", op, ["/operator/feed/", "/operator/feed/1/"])]
    for name, member, paths in todo:
        c = Client(); c.force_login(member.user)
        page.context.clear_cookies()
        page.context.add_cookies([{"name": k, "value": m.value, "url": site.url} for k, m in c.cookies.items()])
        for i, path in enumerate(paths):
            for width in (1280, 390):
                page.set_viewport_size({"width": width, "height": 900})
                errs=[]
                page.on("console", lambda msg: errs.append(msg.text) if msg.type=="error" else None)
                r = page.goto(site.url + path)
                sw = page.evaluate("document.documentElement.scrollWidth")
                print(name, path, width, r.status, "scrollWidth", sw, errs[:3])
                page.screenshot(path=str(out / f"{name}-{i}-{width}.png"), full_page=True)
    from axe_playwright_python.sync_playwright import Axe
