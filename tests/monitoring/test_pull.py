"""REF/6: the platform fetches a supplier's log: from a good server, from bad ones, and from where it must not go."""

import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from monitoring import tasks
from monitoring.connectors import login_log_pull
from monitoring.connectors.supplier_stand_in import LogServer
from monitoring.domain import choose_source_kind, fold, pull_again, pull_logs, revoke_key
from monitoring.domain.pull_logs import claim_pull, take_page
from monitoring.enums import Breaker
from monitoring.management.commands.fake_supplier import log_page
from monitoring.models import Batch, BatchReceipt, DeviceDay, Pull, Source
from monitoring.queries import pull_of, sources_to_pull
from monitoring.rules.pull_address import endpoint_of, may_be_asked, networks_of
from monitoring.rules.pull_pace import FIRST_PAUSE, LEASE, LONGEST_REST, OPENS_AFTER, breaker, pause_after
from platform_site.audit.models import Entry
from platform_site.kit.findings import Refusal
from platform_site.messages.models import Message
from tests.monitoring import world
from tests.monitoring.supplier_server import SupplierServer
from tests.monitoring.world import AT, SYSTEM

STAMP = "2020-11-12T09:30:00+08:00"


@pytest.fixture
def inside_allowed(settings):
    """The servers of these tests listen on loopback, which no platform asks by itself."""
    settings.PULL_PRIVATE_NETWORKS = ["127.0.0.0/8"]


@pytest.fixture
def served(few, inside_allowed):
    """A supplier that is asked; `served(pages, behave=…)` gives its server and source."""
    servers = []

    def serve(pages=(), **kind):
        server = SupplierServer(few.key, pages, **kind)
        servers.append(server)
        source = choose_source_kind(source=few.source, kind="supplier_pull", address=server.address, by=few.by, at=AT)
        return server, source

    yield serve
    for server in servers:
        server.close()


def _records(machine, *minutes):
    return [{"device": machine.devices[0], "at": f"2020-11-12T09:{minute:02d}:00+08:00"} for minute in minutes]


def _pull(source, at=AT):
    return pull_logs(source_id=source.pk, by=SYSTEM, at=at)


def _nothing_kept():
    return (BatchReceipt.objects.count(), Batch.objects.count(), Pull.objects.get().cursor) == (0, 0, "")


# -- a good server ----------------------------------------------------------------------------------------------------


def test_page_after_page_is_fetched_and_counted_like_any_batch(few, served, now):
    server, source = served([_records(few, 0, 5), _records(few, 10), _records(few, 15, 20)])
    assert tasks.pull_source(source_ids=[source.pk]) == 5
    assert [path.split("cursor=")[1] for path in server.asked] == [f"{n}&limit=20000" for n in ("", "1", "2")]
    assert list(BatchReceipt.objects.order_by("pk").values_list("batch_id", "accepted")) == [
        ("log-0", 2), ("log-1", 1), ("log-2", 2),
    ]  # fmt: skip
    fold(at=AT)
    assert DeviceDay.objects.values_list("source_kind", "minute_count", "readings").get() == ("supplier_push", 25, 5)
    assert Source.objects.get().state == "live"
    health = pull_of(source, AT)
    assert (health.cursor, health.breaker, health.last_code, health.last_records) == ("3", Breaker.CLOSED, "", 2)


def test_nothing_new_keeps_the_cursor_and_is_asked_again_in_five_minutes(few, served):
    _, source = served([_records(few, 0)])
    _pull(source)
    assert sources_to_pull(AT + timedelta(minutes=4)) == []
    later = AT + timedelta(minutes=5)
    assert sources_to_pull(later) == [source.pk]
    assert _pull(source, later).records == 0
    assert (BatchReceipt.objects.count(), pull_of(source, later).cursor) == (1, "1")


def test_a_page_without_records_moves_the_cursor_and_leaves_no_receipt(few, served):
    _, source = served([[], _records(few, 0)])
    assert _pull(source).more
    assert (pull_of(source, AT).cursor, BatchReceipt.objects.count()) == ("1", 0)


def test_the_same_pages_read_twice_count_once(few, served):
    _, source = served([_records(few, 0, 5)])
    _pull(source)
    Pull.objects.update(cursor="", due_at=AT)
    _pull(source)
    fold(at=AT)
    assert DeviceDay.objects.get().readings == 2
    assert list(BatchReceipt.objects.order_by("pk").values_list("repeat_of__batch_id", flat=True)) == [None, "log-0"]


def test_an_endpoint_is_asked_by_one_worker_at_a_time(few, served):
    server, source = served([_records(few, 0)])
    assert claim_pull(source_id=source.pk, at=AT) is not None  # the first one asks
    assert not _pull(source).asked
    assert server.asked == []


def test_an_answer_that_comes_after_another_workers_is_dropped(few, served):
    _, source = served([_records(few, 0)])
    slow = claim_pull(source_id=source.pk, at=AT)
    assert _pull(source, AT + LEASE).records == 1
    page = login_log_pull.fetch(slow.question, login_log_pull.Reach(networks_of(["127.0.0.0/8"])))
    assert not take_page(claim=slow, page=page, by=SYSTEM, at=AT).asked
    assert (BatchReceipt.objects.count(), pull_of(source, AT).cursor) == (1, "1")


def test_a_worker_that_died_while_asking_is_followed_by_another_after_the_lease(few, served):
    _, source = served([_records(few, 0)])
    Pull.objects.update(due_at=AT + LEASE)
    assert sources_to_pull(AT) == []
    assert _pull(source, AT + LEASE).records == 1


def test_the_rounds_task_asks_every_endpoint_that_is_due(few, served, now, eager_tasks):
    server, _ = served([_records(few, 0)])
    assert (tasks.share_pull(), len(server.asked)) == (1, 1)
    assert (tasks.share_pull(), len(server.asked)) == (0, 1)


# -- bad servers ------------------------------------------------------------------------------------------------------


def _huge(handler):
    handler.send_response(200)
    handler.end_headers()
    handler.drip(b"", tail=b"x" * 100_000, pause=0)


def _huge_announced(handler):
    handler.answer(200, b"", {"Content-Length": "999999999999"})


def _slow_head(handler):
    handler.drip(b"HTTP/1.1 200 OK\r\nX-Slow: ")


def _slow_body(handler):
    handler.drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")


BAD = {
    "huge": (_huge, "pull.too_large"),
    "announced as huge": (_huge_announced, "pull.too_large"),
    "drips its head": (_slow_head, "pull.too_slow"),
    "drips its body": (_slow_body, "pull.too_slow"),
    "silent": (lambda handler: time.sleep(3), "pull.too_slow"),
    "redirecting": (lambda handler: handler.answer(302, b"", {"Location": "http://169.254.169.254/"}), "pull.redirect"),
    "500": (lambda handler: handler.answer(500), "pull.status"),
    "404": (lambda handler: handler.answer(404), "pull.status"),
    "hangs up": (lambda handler: handler.hang_up(), "pull.broken"),
    "no HTTP": (lambda handler: handler.wfile.write(b"SSH-2.0-x\r\n"), "pull.broken"),
    "shorter than said": (lambda handler: handler.answer(200, b"{}", {"Content-Length": "50"}), "pull.broken"),
    "unknown encoding": (lambda handler: handler.answer(200, b"", {"Content-Encoding": "br"}), "pull.broken"),
    "no page": (lambda handler: handler.answer(200, b"<html>", {}), "pull.head"),
    "signed by another": (lambda handler: handler.page(0, [{}], secret="0" * 64), "signature.wrong"),
    "unsigned empty": (lambda handler: handler.page(0, [], secret="0" * 64), "signature.wrong"),
    "no batch id": (lambda handler: handler.page(0, [{}], head={"next": "1"}), "batch.no_id"),
    "no next": (lambda handler: handler.page(0, [{}], head={"batch": "b"}), "pull.head"),
    "stands still": (
        lambda handler: handler.page(0, [{}], head={"batch": "b", "next": "", "more": True}), "pull.head",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_server_is_told_why_and_nothing_is_kept(served, settings, name):
    behave, code = BAD[name]
    settings.PULL_SECONDS = 0.6
    _, source = served(behave=behave)
    began = time.monotonic()
    result = _pull(source)
    assert (result.code, time.monotonic() - began < 2) == (code, True)
    assert _nothing_kept()
    health = pull_of(source, AT)
    assert (health.failures, health.last_code, health.last_at) == (1, code, AT)
    assert health.last_words.endswith("。")
    assert not Source.objects.get().receipts.exists()


def test_a_cursor_that_stands_still_while_more_is_promised_ends_the_round(few, served):
    _, source = served(behave=lambda handler: handler.page(0, _records(few, 0), more=True))
    assert _pull(source).more  # cursor "" → "1"
    assert _pull(source).code == "pull.stands_still"
    assert BatchReceipt.objects.count() == 1


def test_an_endless_log_is_left_to_the_next_round(few, served, now):
    def behave(handler):
        number = len(handler.server.asked)
        head = {"batch": f"b-{number}", "next": str(number), "more": True}
        handler.page(number, _records(few, number), head=head)

    server, source = served(behave=behave)
    tasks.pull_source(source_ids=[source.pk])
    assert len(server.asked) == tasks.PULL_PAGES


def test_an_answer_to_an_earlier_question_is_refused(few, served):
    """The signature covers time and nonce of the question: a page cannot be played again by who stands between."""
    first = {}

    def behave(handler):
        if not first:
            first.update(handler.headers)
        handler.headers.replace_header("X-Telemetry-Timestamp", first["X-Telemetry-Timestamp"])
        handler.headers.replace_header("X-Telemetry-Nonce", first["X-Telemetry-Nonce"])
        handler.page(len(handler.server.asked), _records(few, 0))

    _, source = served(behave=behave)
    assert _pull(source).records == 1
    later = AT + timedelta(minutes=5)
    assert _pull(source, later).code == "signature.wrong"
    assert BatchReceipt.objects.count() == 1


def test_what_the_pages_do_not_prove_is_rejected_line_by_line(few, served):
    other = [{"device": "NOT-LISTED", "at": STAMP}, {"device": few.devices[0], "at": "2030-01-01T00:00:00+08:00"}]
    _, source = served([[*_records(few, 0), *other]])
    _pull(source)
    assert BatchReceipt.objects.values_list("accepted", "rejected").get() == (1, 2)


# -- breaker ----------------------------------------------------------------------------------------------------------


def test_a_dead_endpoint_is_asked_ever_more_rarely_then_hardly_at_all_and_its_supplier_is_told(few, served):
    server, source = served()
    server.close()
    at, pauses = AT, []
    for _ in range(OPENS_AFTER + 2):
        assert _pull(source, at).code == "pull.unreachable"
        assert not _pull(source, at).asked
        due = Pull.objects.get().due_at
        pauses.append(due - at)
        at = due
    assert pauses == sorted(pauses)
    assert pauses[0] < 2 * FIRST_PAUSE < timedelta(minutes=30) < pauses[OPENS_AFTER - 1] <= LONGEST_REST
    health = pull_of(source, at - timedelta(seconds=1)), pull_of(source, at)
    assert [one.breaker for one in health] == [Breaker.OPEN, Breaker.HALF_OPEN]
    told = Message.objects.filter(title__contains="没有取到数据")
    assert set(told.values_list("user_id", flat=True)) == {few.supplier.user_id}
    assert Entry.objects.filter(event="monitoring.pull_suspended").count() == 1


def test_one_good_trial_closes_the_breaker(few, served):
    _, source = served([_records(few, 0)])
    Pull.objects.update(failures=OPENS_AFTER + 1, due_at=AT)
    assert pull_of(source, AT).breaker == Breaker.HALF_OPEN
    assert _pull(source).records == 1
    assert (pull_of(source, AT).breaker, pull_of(source, AT).failures) == (Breaker.CLOSED, 0)


def test_the_supplier_may_ask_for_a_trial_at_once(few, served):
    _, source = served([_records(few, 0)])
    Pull.objects.update(failures=OPENS_AFTER, due_at=AT + timedelta(hours=1))
    with pytest.raises(PermissionDenied):
        pull_again(source=source, by=world.monitored(serial=2, devices=1).by, at=AT)
    pull_again(source=source, by=few.by, at=AT)
    assert (pull_of(source, AT).breaker, sources_to_pull(AT)) == (Breaker.CLOSED, [source.pk])


@given(st.integers(1, 60), st.floats(0, 1))
def test_pauses_grow_and_end_at_a_day_and_a_quarter(failures, grain):
    pause = pause_after(failures, grain)
    assert timedelta(seconds=45) <= pause <= LONGEST_REST * 1.25
    assert pause_after(failures + 1, grain) >= pause
    assert (breaker(failures, AT, AT - timedelta(seconds=1)) == Breaker.OPEN) == (failures >= OPENS_AFTER)


# -- where it must not go ---------------------------------------------------------------------------------------------

INSIDE = (
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1%eth0", "fd00::1", "fec0::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:0:a00:1::", "ff02::1",
)  # fmt: skip


@pytest.mark.parametrize("host", INSIDE)
def test_inside_addresses_are_not_asked(host):
    assert not may_be_asked(host, ())


def test_public_addresses_are_asked_and_inside_ones_where_the_operator_allows_it():
    assert [may_be_asked(host, ()) for host in ("114.114.114.114", "2400:3200::1")] == [True, True]
    allowed = networks_of(["10.1.0.0/16", " fd00::/8 "])
    hosts = ("10.1.2.3", "::ffff:10.1.2.3", "fd00::1", "10.2.0.1", "127.0.0.1")
    assert [may_be_asked(host, allowed) for host in hosts] == [True, True, True, False, False]
    with pytest.raises(ValueError, match="0/99"):
        networks_of(["10.1.0.0/99"])


@pytest.mark.parametrize(
    "address",
    [
        "", "ftp://a.example/x", "https:///x", "https://u:p@a.example/", "https://a.example/#x", "https://a.example:99999/",
        "https://a.example/\r\nHost: x", "https://a.example/ x", "https://例.example/", "file:///etc/passwd",
        "https://a.example/" + "x" * 300, "//a.example/", "javascript:1", "https://[::1", "https://@a.example/",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_no_endpoint(address):
    assert endpoint_of(address) is None


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://logs.example/x", "pull.address_form"),
        ("https://127.0.0.1/x", "pull.address_private"),
        ("https://[::ffff:10.0.0.1]/x", "pull.address_private"),
        ("https://169.254.169.254/latest", "pull.address_private"),
        ("", "pull.address_form"),
    ],
)
def test_an_address_that_may_not_be_asked_is_refused_at_once(few, address, code):
    with pytest.raises(Refusal) as refused:
        choose_source_kind(source=few.source, kind="supplier_pull", address=address, by=few.by, at=AT)
    assert refused.value.codes() == [code]
    assert (Source.objects.get().kind, Pull.objects.count()) == ("supplier_push", 0)


def _leads_to(monkeypatch, *hosts):
    """The name server's answer; gives the list of names asked for."""
    asked = []

    def answer(host, port, **_):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in hosts]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


@pytest.mark.parametrize("hosts", [("127.0.0.1",), ("114.114.114.114", "10.0.0.1"), ("0.0.0.0",)])
def test_a_name_that_leads_inside_is_not_connected_to(few, monkeypatch, hosts):
    address = "https://logs.example/x"
    source = choose_source_kind(source=few.source, kind="supplier_pull", address=address, by=few.by, at=AT)
    _leads_to(monkeypatch, *hosts)
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("connected"))
    assert _pull(source).code == "pull.address_private"


def test_a_name_is_looked_up_once_and_what_was_checked_is_connected_to(few, served, monkeypatch):
    """A name server that answers differently the second time has no second time."""
    server, source = served([_records(few, 0)])
    port = server.server_address[1]
    Pull.objects.update(address=f"http://logs.example:{port}/log?tenant=7")
    asked = _leads_to(monkeypatch, "127.0.0.1")
    assert _pull(source).records == 1
    assert asked == ["logs.example"]


def test_plain_http_is_for_allowed_inside_networks_only(few, served, monkeypatch):
    _, source = served([_records(few, 0)])
    Pull.objects.update(address="http://logs.example/x")
    _leads_to(monkeypatch, "114.114.114.114")
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("connected"))
    assert _pull(source).code == "pull.address_form"


# -- TLS --------------------------------------------------------------------------------------------------------------


def _certificate(directory: Path, name: str) -> tuple[Path, Path]:
    """A self-signed one: certificate, key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1)).not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    plain = serialization.NoEncryption(), serialization.PrivateFormat.PKCS8
    paths = directory / f"{name}.pem", directory / f"{name}.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, plain[1], plain[0]))
    return paths


@pytest.mark.parametrize(
    ("certified", "trusted", "code"),
    [
        ("logs.example", True, ""),
        ("logs.example", False, "pull.certificate"),
        ("other.example", True, "pull.certificate"),
    ],
)
def test_the_certificate_must_be_trusted_and_fit_the_name(
    few, served, monkeypatch, settings, tmp_path, certified, trusted, code
):
    paths = _certificate(tmp_path, certified)
    server, source = served([_records(few, 0)], certificate=paths)
    settings.PULL_AUTHORITIES = str(paths[0]) if trusted else ""
    Pull.objects.update(address=f"https://logs.example:{server.server_address[1]}/log?tenant=7")
    _leads_to(monkeypatch, "127.0.0.1")
    assert _pull(source).code == code
    assert BatchReceipt.objects.count() == (not code)


# -- choosing ---------------------------------------------------------------------------------------------------------


def test_a_source_goes_from_sending_to_fetching_and_back_and_its_days_stay_one_row(few, served, post, now):
    record = {"device": few.devices[0], "at": "2020-11-12T08:00:00+08:00"}
    post(few.key, "b-1", [record])
    _, source = served([_records(few, 0)])
    assert source.kind == "supplier_pull"
    _pull(source)
    choose_source_kind(source=source, kind="supplier_push", by=few.by, at=AT)
    assert (sources_to_pull(AT + timedelta(days=1)), pull_of(source, AT).cursor) == ([], "1")
    assert not _pull(source, AT + timedelta(days=1)).asked
    fold(at=AT)
    assert DeviceDay.objects.get().readings == 2


def test_another_address_begins_anew_and_the_same_one_changes_nothing(few, served):
    server, source = served([_records(few, 0)])
    _pull(source)
    choose_source_kind(source=source, kind="supplier_pull", address=server.address, by=few.by, at=AT)
    assert (Pull.objects.get().cursor, Entry.objects.filter(event="monitoring.source_kind_chosen").count()) == ("1", 1)
    choose_source_kind(source=source, kind="supplier_pull", address=f"{server.address}&v=2", by=few.by, at=AT)
    assert (Pull.objects.get().cursor, Entry.objects.filter(event="monitoring.source_kind_chosen").count()) == ("", 2)


def test_only_the_supplier_chooses(few):
    other = world.monitored(serial=2, devices=1)
    with pytest.raises(PermissionDenied):
        choose_source_kind(source=few.source, kind="supplier_pull", address="https://a.example/", by=other.by, at=AT)


def test_a_source_without_a_key_is_not_asked(few, served):
    server, source = served([_records(few, 0)])
    revoke_key(source=source, key_id=few.key[0], by=few.by, at=AT)
    assert (_pull(source).code, server.asked) == ("pull.no_key", [])


def test_the_stand_in_supplier_is_asked_like_any_other(fresh_database, inside_allowed, now):
    """Its whole day so far, in pages of six hours; then only what is new."""
    world.reference()
    few = world.monitored(devices=6, amount="7500.00")
    server = LogServer(("127.0.0.1", 0), lambda number, cursor: log_page(number, cursor, "7", datetime.now(UTC)))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}/logs/{few.voucher.number}"
    source = choose_source_kind(source=few.source, kind="supplier_pull", address=address, by=few.by, at=AT)
    try:
        told = tasks.pull_source(source_ids=[source.pk])
        assert told == BatchReceipt.objects.aggregate(told=Sum("accepted"))["told"] > 0
        midnight = int(datetime(2020, 11, 11, 16, tzinfo=UTC).timestamp()) // 300
        ids = [f"log-{midnight}-{midnight + 72}", f"log-{midnight + 72}-{midnight + 120}"]
        assert list(BatchReceipt.objects.order_by("pk").values_list("batch_id", flat=True)) == ids
        assert tasks.pull_source(source_ids=[source.pk]) == 0
        Pull.objects.update(address=address.replace(few.voucher.number, "SQ2020-999999"), due_at=AT)
        assert _pull(source).code == "pull.status"
    finally:
        server.shutdown()
        server.server_close()
