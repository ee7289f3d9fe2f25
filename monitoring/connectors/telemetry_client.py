#!/usr/bin/env python3
"""服务券监测数据推送示例（Python 3.10 以上，只用标准库）。

    export TELEMETRY_SECRET=密钥
    python telemetry_client.py --url https://平台地址 --key 密钥编号 2020-10-12.jsonl 2020-10-13.jsonl

一个文件是一批，文件名（不含扩展名）就是批次号，用字母、数字和 . _ -。重传同一个文件，平台不会重复计数。
文件每行一条记录，一批不超过 50000 条，例如：
    {"device": "SY-CNC-001", "at": "2020-10-12T09:30:00+08:00", "address": "192.0.2.18", "count": 3}
    {"user": "u017", "at": "2020-10-12T09:31:00+08:00", "module": "实时产量", "count": 1}
先加上 --test 在沙箱里试，不会计数。密钥放在环境变量里，不要写进命令行或代码。
"""

import argparse
import gzip
import hashlib
import hmac
import json
import os
import pathlib
import sys
import time
import urllib.error
import urllib.request
import uuid


def build_body(batch_id: str, records: list[dict]) -> bytes:
    """第一行是批次号，以后每行一条记录，整体用 gzip 压缩。"""
    lines = [json.dumps({"batch": batch_id}), *(json.dumps(record, ensure_ascii=False) for record in records)]
    return gzip.compress("\n".join(lines).encode("utf-8"), mtime=0)


def signed_headers(key_id: str, secret: str, body: bytes, timestamp: float | None = None) -> dict[str, str]:
    """对“时间戳、换行、随机数、换行、正文（压缩后的字节）”做 HMAC-SHA256。"""
    now, nonce = str(int(timestamp or time.time())), uuid.uuid4().hex
    message = f"{now}\n{nonce}\n".encode() + body
    return {
        "Content-Type": "application/x-ndjson",
        "Content-Encoding": "gzip",
        "X-Telemetry-Key": key_id,
        "X-Telemetry-Timestamp": now,
        "X-Telemetry-Nonce": nonce,
        "X-Telemetry-Signature": hmac.new(secret.encode(), message, hashlib.sha256).hexdigest(),
    }


def send(
    url: str, key_id: str, secret: str, batch_id: str, records: list[dict], test: bool = False, attempts: int = 4
) -> tuple[int, dict]:
    """发送一批，返回 (HTTP 状态, 回答)。网络中断和 5xx 会换新签名重传，批次号不变。"""
    address = url.rstrip("/") + "/api/v1/telemetry/" + ("tests" if test else "batches")
    body = build_body(batch_id, records)
    for attempt in range(attempts):
        headers = signed_headers(key_id, secret, body)
        request = urllib.request.Request(address, body, headers, method="POST")  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            if error.code < 500 or attempt == attempts - 1:
                return error.code, json.loads(error.read() or b"{}")
        except urllib.error.URLError:
            if attempt == attempts - 1:
                raise
        time.sleep(2**attempt)
    raise RuntimeError("没有发送")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True, help="平台地址")
    parser.add_argument("--key", required=True, help="密钥编号")
    parser.add_argument("--test", action="store_true", help="沙箱测试，不计数")
    parser.add_argument("files", nargs="+", type=pathlib.Path, help="记录文件，每行一个 JSON")
    given, failed = parser.parse_args(), False
    for file in given.files:
        records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        secret = os.environ["TELEMETRY_SECRET"]
        status, answer = send(given.url, given.key, secret, file.stem, records, test=given.test)
        sys.stdout.write(f"{file.name} {status} {json.dumps(answer, ensure_ascii=False)}\n")
        failed = failed or status != 200
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
