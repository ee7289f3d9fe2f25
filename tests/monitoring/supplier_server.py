"""A supplier's log server for tests, written from the protocol page alone; it can be told to misbehave.

Nothing of the platform is imported here.
"""

import gzip
import hashlib
import hmac
import json
import socket
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


def signature(secret, timestamp, nonce, message):
    return hmac.new(secret.encode(), f"{timestamp}\n{nonce}\n".encode() + message, hashlib.sha256).hexdigest()


class SupplierServer(ThreadingHTTPServer):
    """Pages of records by cursor "1", "2", …; `behave(handler)` may answer in place of them. `asked`: every call."""

    daemon_threads = True

    def __init__(self, key, pages=(), *, behave=None, certificate=None, host="127.0.0.1"):
        super().__init__((host, 0), Handler)
        self.key, self.pages, self.behave = key, list(pages), behave
        self.asked = []
        self.scheme = "https" if certificate else "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def address(self):
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}/log?tenant=7"

    def handle_error(self, request, client_address):
        """Clients that hang up are part of the game."""

    def close(self):
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        if self.server.behave is not None:
            self.server.behave(self)
            return
        if not self.signed_by_the_platform():
            self.answer(401)
            return
        cursor = int(parse_qs(urlsplit(self.path).query, keep_blank_values=True)["cursor"][0] or 0)
        if cursor >= len(self.server.pages):
            self.answer(204)
            return
        self.page(cursor, self.server.pages[cursor], more=cursor + 1 < len(self.server.pages))

    def signed_by_the_platform(self):
        key_id, secret = self.server.key
        told = {name: self.headers[f"X-Telemetry-{name}"] for name in ("Key", "Timestamp", "Nonce", "Signature")}
        wanted = signature(secret, told["Timestamp"], told["Nonce"], f"GET {self.path}".encode())
        return told["Key"] == key_id and hmac.compare_digest(wanted, told["Signature"])

    def page(self, number, records, *, more=False, head=None, secret=None):
        """Answer with one signed page."""
        first = head if head is not None else {"batch": f"log-{number}", "next": str(number + 1), "more": more}
        plain = "\n".join([json.dumps(first), *(json.dumps(record) for record in records)]).encode()
        body = gzip.compress(plain)
        told = self.headers["X-Telemetry-Timestamp"], self.headers["X-Telemetry-Nonce"]
        signed = signature(secret or self.server.key[1], *told, body)
        headers = {"X-Telemetry-Signature": signed, "Content-Encoding": "gzip"}
        self.answer(200, body, headers)

    def answer(self, status, body=b"", headers=None):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def drip(self, head, tail=b"x", pause=0.05):
        """A byte now and then, for ever: as long as the other side listens."""
        self.wfile.write(head)
        try:
            while True:
                self.wfile.write(tail)
                time.sleep(pause)
        except OSError:
            self.close_connection = True

    def hang_up(self):
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def log_message(self, *_):
        """Quiet."""
