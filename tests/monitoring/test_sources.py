"""Setting up the interface, devices, keys, and the supplier's pages."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from monitoring.domain import DeviceRow, add_devices, remove_device, set_up_source
from monitoring.models import AccessKey, Device, Scheme, Source
from monitoring.rules.device_list import device_rows
from platform_site.accounts.enums import Role
from platform_site.kit.findings import Refusal
from platform_site.kit.fsm import perform
from tests.accounts import people
from tests.monitoring import world
from tests.monitoring.world import AT, SYSTEM
from vouchers.models import Voucher


def _set_up(made, rows, by=SYSTEM, supplier=None):
    return set_up_source(voucher=made.voucher, supplier=supplier or made.voucher.supplier, devices=rows, by=by, at=AT)


def _codes(refused):
    return refused.value.codes()


@pytest.fixture
def visit(now):
    """A signed-in browser."""

    def sign_in(membership):
        visitor = Client()
        visitor.force_login(membership.user)
        return visitor

    return sign_in


def test_loading_schemes_again_changes_nothing(reference):
    before = list(Scheme.objects.order_by("pk").values())
    call_command("load_monitoring", verbosity=0)
    assert list(Scheme.objects.order_by("pk").values()) == before
    assert sorted(set(Scheme.objects.values_list("scheme_set__edition_code", "item_number"))) == [
        (edition, item) for edition in ("2018", "2019", "2020") for item in range(1, 26)
    ]


def test_the_supplier_sets_up_the_interface_of_its_own_voucher(reference):
    made = world.voucher()
    set_up = _set_up(made, [DeviceRow(" sy-cnc-001 ", "车床")], by=people.actor(made.supplier))
    assert (set_up.key_id[:3], len(set_up.secret)) == ("tk-", 64)
    assert list(Device.objects.values_list("device_id", "label")) == [("SY-CNC-001", "车床")]
    assert (Source.objects.get().scheme["per_device"], Source.objects.get().scheme["min_days"]) == ("1500.00", 20)


def test_setting_up_again_adds_devices_and_keeps_the_key(reference):
    made = world.voucher()
    first = _set_up(made, [DeviceRow("A-1")])
    again = _set_up(made, [DeviceRow("A-1"), DeviceRow("A-2")])
    assert (again.source, again.secret) == (first.source, "")
    assert (AccessKey.objects.count(), Device.objects.count()) == (1, 2)


def test_another_supplier_cannot_set_it_up(reference):
    made, other = world.voucher(), world.voucher(serial=2)
    with pytest.raises(Refusal) as refused:
        _set_up(made, [DeviceRow("A-1")], by=people.actor(other.supplier), supplier=other.voucher.supplier)
    assert _codes(refused) == ["source.other_supplier"]
    with pytest.raises(PermissionDenied):
        _set_up(made, [DeviceRow("A-1")], by=people.actor(other.supplier))


def test_every_fault_of_the_device_list_is_told_at_once(reference):
    made = world.voucher()
    rows = device_rows("A-1，车床\na-1\n 空 格\nA-2,,车间\nA-3,,用户侧,999.1.1.1")
    with pytest.raises(Refusal) as refused:
        _set_up(made, rows)
    assert _codes(refused) == ["device.form", "device.side", "device.address", "device.twice"]


def test_a_device_item_needs_devices_and_a_software_item_does_not(reference):
    with pytest.raises(Refusal) as refused:
        _set_up(world.voucher(), [])
    assert _codes(refused) == ["device.none"]
    assert _set_up(world.voucher(serial=2, item=6), []).secret != ""


def test_s19_4_1_4_a_device_serves_one_live_voucher_only(reference):
    first, second = world.voucher(), world.voucher(serial=2)
    _set_up(first, [DeviceRow("A-1")])
    with pytest.raises(Refusal) as refused:
        _set_up(second, [DeviceRow("a-1"), DeviceRow("A-2")])
    assert _codes(refused) == ["device.taken"]
    first.voucher.void_ground = "expired"
    perform(first.voucher, "make_void", at=AT, save=["void_ground"])
    _set_up(second, [DeviceRow("a-1"), DeviceRow("A-2")])
    listed = Device.objects.filter(removed_at__isnull=True).order_by("device_id")
    assert list(listed.values_list("voucher", "device_id")) == [
        (second.voucher.pk, "A-1"),
        (second.voucher.pk, "A-2"),
    ]


def test_devices_are_added_and_removed_by_their_supplier_only(reference):
    made, other = world.monitored(devices=1), world.monitored(serial=2, devices=1)
    assert add_devices(source=made.source, devices=[DeviceRow("B-1"), DeviceRow("B-2")], by=made.by, at=AT) == 2
    remove_device(source=made.source, device_id="B-1", by=made.by, at=AT)
    with pytest.raises(Refusal) as refused:
        remove_device(source=made.source, device_id="B-1", by=made.by, at=AT)
    assert _codes(refused) == ["device.not_listed"]
    with pytest.raises(PermissionDenied):
        remove_device(source=made.source, device_id="B-2", by=other.by, at=AT)


def test_the_supplier_sees_its_own_sources_only(reference, visit):
    made, other = world.monitored(devices=1), world.monitored(serial=2, devices=1)
    visitor = visit(made.supplier)
    page = visitor.get("/supplier/telemetry/").content.decode()
    assert (made.voucher.number in page, other.voucher.number in page) == (True, False)
    numbers = (made.voucher.number, other.voucher.number, "SQ2020-999999")
    assert [visitor.get(f"/supplier/telemetry/{n}/").status_code for n in numbers] == [200, 404, 404]
    for step in ("devices", "devices/remove", "key", "key/revoke"):
        assert visitor.post(f"/supplier/telemetry/{other.voucher.number}/{step}/", {}).status_code == 404


def test_the_list_takes_the_same_number_of_queries_at_one_row_and_at_three(reference, visit):
    first = world.monitored(devices=1)
    visitor, counts = visit(first.supplier), []
    visitor.get("/supplier/telemetry/")
    for serial in (0, 2, 3):
        if serial:
            world.monitored(serial=serial, devices=1)
            Voucher.objects.update(supplier=first.voucher.supplier)
        with CaptureQueriesContext(connection) as captured:
            visitor.get("/supplier/telemetry/")
        counts.append(len(captured))
    assert counts == [counts[0]] * 3


def test_a_new_key_is_shown_once_and_a_repeated_form_makes_none(reference, visit):
    made = world.monitored(devices=1)
    visitor, form = visit(made.supplier), {"idempotency_key": "k-1"}
    first = visitor.post(f"/supplier/telemetry/{made.voucher.number}/key/", form)
    again = visitor.post(f"/supplier/telemetry/{made.voucher.number}/key/", form)
    assert (first.status_code, again.status_code, AccessKey.objects.count()) == (200, 302, 2)
    assert first.headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_staff_may_not_change_keys(reference, visit):
    made = world.monitored(devices=1)
    staff = people.member(made.supplier.organisation, "staff", Role.SUPPLIER_STAFF)
    visitor = visit(staff)
    assert visitor.get(f"/supplier/telemetry/{made.voucher.number}/").status_code == 200
    assert visitor.post(f"/supplier/telemetry/{made.voucher.number}/key/", {}).status_code == 403


def test_a_faulty_device_list_comes_back_with_its_reasons(reference, visit):
    made = world.monitored(devices=1)
    answer = visit(made.supplier).post(f"/supplier/telemetry/{made.voucher.number}/devices/", {"devices": "空 格"})
    assert (answer.status_code, "编号 空 格 不合规" in answer.content.decode()) == (422, True)
