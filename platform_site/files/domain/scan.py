"""The virus scanner's hook: `clamd` when the operator runs one (CLAMD_SOCKET), nothing otherwise."""

import logging
import socket
import struct

from django.conf import settings

from platform_site.kit.findings import Finding

log = logging.getLogger(__name__)
CHUNK = 1 << 20


def scan_findings(*, name: str, content: bytes, field: str = "") -> list[Finding]:
    """Ask the scanner. A scanner that is set up and does not answer refuses the file rather than letting it pass."""
    if not settings.CLAMD_SOCKET:
        return []
    try:
        answer = _ask(settings.CLAMD_SOCKET, content)
    except OSError as error:
        answer = str(error)
    if answer == "stream: OK":
        return []
    if answer.endswith("FOUND"):
        return [_finding("virus", f"“{name}”没有通过安全检查。", "请检查本机是否感染病毒，重新生成文件后上传。", field)]
    log.error("the virus scanner cannot judge: %s", answer or "no answer")
    return [_finding("scanner", f"文件检查服务暂时没有响应，“{name}”没有保存。", "请过几分钟再传一次。", field)]


def _ask(path: str, content: bytes) -> str:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as clamd:
        clamd.settimeout(20)
        clamd.connect(path)
        clamd.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), CHUNK):
            piece = content[start : start + CHUNK]
            clamd.sendall(struct.pack("!I", len(piece)) + piece)
        clamd.sendall(struct.pack("!I", 0))
        return clamd.recv(4096).rstrip(b"\0\n").decode(errors="replace")


def _finding(code: str, reason: str, remedy: str, field: str) -> Finding:
    return Finding(
        code=f"upload.{code}", clause="D/upload", title="文件没有保存", reason=reason, remedy=remedy, field=field
    )
