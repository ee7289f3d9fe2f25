"""Fetches one page of a supplier's login and usage log.

The supplier chooses the address, so the platform must not be led astray: the name is looked up once, every address it
leads to is checked, and exactly those are connected to; redirects are not followed; the certificate must fit the name;
the whole call has one deadline, and no more is read than a batch may hold.
"""

import http.client
import io
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from monitoring.enums import PullCode
from monitoring.rules.pull_address import Endpoint, Network, endpoint_of, is_allowed, may_be_asked, plain
from monitoring.rules.pull_page import asked_message, asked_target
from monitoring.rules.signature import sign
from monitoring.rules.wire import MAX_BODY

CONNECT_SECONDS = 5.0
_HEADER = "X-Telemetry-"


class PullError(Exception):
    """Nothing usable came. detail: a few words more for the supplier, never the answer's content."""

    def __init__(self, code: PullCode, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and with which key it is signed; timestamp: Unix seconds as text."""

    address: str
    cursor: str
    key_id: str
    secret: str
    timestamp: str
    nonce: str


@dataclass(frozen=True, slots=True)
class Page:
    """The answer as it came over the wire; its signature is not checked here."""

    body: bytes
    gzipped: bool
    signature: str


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the platform goes. networks: inside networks its operator allows (only there plain http, too);
    authorities: file of further certificate authorities, "" for none; seconds: for the whole call."""

    networks: Sequence[Network] = ()
    authorities: str = ""
    seconds: float = 30.0


def fetch(question: Question, reach: Reach) -> Page | None:
    """The page after the cursor; None: nothing new. Raises PullError."""
    endpoint = endpoint_of(question.address)
    if endpoint is None:
        raise PullError(PullCode.ADDRESS_FORM)
    deadline = time.monotonic() + reach.seconds
    with _told_apart(), _connected(endpoint, reach, deadline) as timed:
        return _asked(endpoint, question, timed)


@contextmanager
def _told_apart() -> Iterator[None]:
    """What may go wrong on the way, as the supplier's own words. Order matters: later ones are more general."""
    try:
        yield
    except TimeoutError as error:
        raise PullError(PullCode.TOO_SLOW) from error
    except ssl.SSLCertVerificationError as error:
        raise PullError(PullCode.CERTIFICATE, error.verify_message) from error
    except (http.client.HTTPException, ssl.SSLEOFError, ConnectionResetError) as error:
        raise PullError(PullCode.BROKEN) from error
    except OSError as error:
        raise PullError(PullCode.UNREACHABLE) from error


def _asked(endpoint: Endpoint, question: Question, timed: "_Timed") -> Page | None:
    target = asked_target(endpoint.target, question.cursor)
    signature = sign(question.secret, question.timestamp, question.nonce, asked_message(target))
    headers = {
        "Host": endpoint.host_header,
        "Accept": "application/x-ndjson",
        "Accept-Encoding": "gzip",
        "Connection": "close",
        f"{_HEADER}Key": question.key_id,
        f"{_HEADER}Timestamp": question.timestamp,
        f"{_HEADER}Nonce": question.nonce,
        f"{_HEADER}Signature": signature,
    }
    connection = http.client.HTTPConnection(endpoint.host, endpoint.port)
    connection.sock = timed
    connection.request("GET", target, headers=headers)
    return _read(connection.getresponse())


def _read(answer: http.client.HTTPResponse) -> Page | None:
    if answer.status == HTTPStatus.NO_CONTENT:
        return None
    if 300 <= answer.status < 400:
        raise PullError(PullCode.REDIRECT)
    if answer.status != HTTPStatus.OK:
        raise PullError(PullCode.STATUS, str(answer.status))
    announced = answer.headers.get("Content-Length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:12]) > MAX_BODY:
        raise PullError(PullCode.TOO_LARGE)
    body = answer.read(MAX_BODY + 1)
    if len(body) > MAX_BODY:
        raise PullError(PullCode.TOO_LARGE)
    if announced and announced != str(len(body)):
        raise PullError(PullCode.BROKEN)
    encoding = answer.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip"):
        raise PullError(PullCode.BROKEN)
    return Page(body, encoding == "gzip", answer.headers.get(f"{_HEADER}Signature", "").strip())


# -- the way there ----------------------------------------------------------------------------------------------------


@contextmanager
def _connected(endpoint: Endpoint, reach: Reach, deadline: float) -> Iterator["_Timed"]:
    places = _places(endpoint, reach)
    with _first_that_answers(places, deadline) as raw:
        if not endpoint.secure:
            yield _Timed(raw, deadline)
            return
        raw.settimeout(_left(deadline))
        with _trust(reach.authorities).wrap_socket(raw, server_hostname=endpoint.host) as secured:
            yield _Timed(secured, deadline)


def _places(endpoint: Endpoint, reach: Reach) -> list[tuple[int, Any]]:
    """Families and socket addresses that the name leads to; one that may not be asked spoils them all."""
    try:
        found = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise PullError(PullCode.NOT_FOUND) from error
    hosts = [str(place[0]) for *_, place in found]
    if not all(may_be_asked(host, reach.networks) for host in hosts):
        raise PullError(PullCode.ADDRESS_PRIVATE)
    if not endpoint.secure and not all(is_allowed(plain(host), reach.networks) for host in hosts):
        raise PullError(PullCode.ADDRESS_FORM)
    return [(family, place) for family, _, _, _, place in found]


def _first_that_answers(places: Sequence[tuple[int, Any]], deadline: float) -> socket.socket:
    failed: OSError = OSError("no address")
    for family, place in places:
        raw = socket.socket(family, socket.SOCK_STREAM)
        try:
            raw.settimeout(min(CONNECT_SECONDS, _left(deadline)))
            raw.connect(place)
        except OSError as error:
            raw.close()
            failed = error
        else:
            return raw
    raise failed


def _trust(authorities: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if authorities:
        context.load_verify_locations(authorities)
    return context


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Timed(io.RawIOBase):
    """A socket in which every step ends at the one deadline, however slowly the other side drips.

    It has what `http.client` asks of a socket and is also the file it reads from; closing is left to the owner.
    """

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        super().__init__()
        self._sock, self._deadline = sock, deadline

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(_left(self._deadline))
        self._sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(_left(self._deadline))
        return self._sock.recv_into(buffer)

    def close(self) -> None:
        """`http.client` closes early when the answer ends with the connection."""
