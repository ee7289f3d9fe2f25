"""A supplier's log server as the protocol describes it, for rehearsals (`fake_supplier --serve`)."""

import gzip
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

from monitoring.rules.pull_page import asked_message
from monitoring.rules.signature import sign


@dataclass(frozen=True, slots=True)
class LogPage:
    """What the log holds after a cursor. key: id and secret of the voucher's source."""

    key: tuple[str, str]
    batch_id: str
    next: str
    more: bool
    records: Sequence[dict[str, Any]]


# Voucher number and cursor to the page; None: nothing new. Raises LookupError for a voucher it does not serve.
ReadLog = Callable[[str, str], LogPage | None]


class LogServer(ThreadingHTTPServer):
    """Answers `GET /logs/<voucher>?cursor=…`."""

    daemon_threads = True

    def __init__(self, place: tuple[str, int], read_log: ReadLog) -> None:
        super().__init__(place, _Handler)
        self.read_log = read_log


class _Handler(BaseHTTPRequestHandler):
    server: LogServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        cursor = parse_qs(parts.query).get("cursor", [""])[0]
        try:
            page = self.server.read_log(parts.path.rpartition("/")[2], cursor)
        except (LookupError, ValueError):
            self._answer(HTTPStatus.NOT_FOUND)
            return
        if page is None:
            self._answer(HTTPStatus.NO_CONTENT)
        elif not self._asked_by_the_platform(page.key):
            self._answer(HTTPStatus.UNAUTHORIZED)
        else:
            self._send(page)

    def _told(self, name: str) -> str:
        return self.headers.get(f"X-Telemetry-{name}", "")

    def _asked_by_the_platform(self, key: tuple[str, str]) -> bool:
        wanted = sign(key[1], self._told("Timestamp"), self._told("Nonce"), asked_message(self.path))
        return self._told("Key") == key[0] and hmac.compare_digest(wanted.encode(), self._told("Signature").encode())

    def _send(self, page: LogPage) -> None:
        head = {"batch": page.batch_id, "next": page.next, "more": page.more}
        body = gzip.compress(b"\n".join([orjson.dumps(head), *map(orjson.dumps, page.records)]), 6, mtime=0)
        signature = sign(page.key[1], self._told("Timestamp"), self._told("Nonce"), body)
        self._answer(HTTPStatus.OK, body, {"Content-Encoding": "gzip", "X-Telemetry-Signature": signature})

    def _answer(self, status: HTTPStatus, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """The command prints what matters."""
