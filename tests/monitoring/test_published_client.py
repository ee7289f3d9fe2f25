"""Whoever has only the published page connects: its client and its curl example run as processes of their own, without
any project import, and what they send is judged."""

import html
import json
import re
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from monitoring.domain import fold, judge_adoption
from monitoring.models import Batch, DeviceDay, Source
from tests.monitoring import world
from tests.monitoring.world import SYSTEM, Monitored

CHINA = timezone(timedelta(hours=8))
INSIDE, OUTSIDE = "192.0.2.18", "198.51.100.9"


@dataclass(frozen=True)
class Desk:
    """A supplier's engineer: the address of the platform, an empty folder, what the page gave."""

    url: str
    folder: Path

    def page(self) -> str:
        with urllib.request.urlopen(f"{self.url}/telemetry/", timeout=30) as answer:
            return html.unescape(answer.read().decode())

    def client(self) -> Path:
        path = self.folder / "telemetry_client.py"
        if not path.exists():
            with urllib.request.urlopen(f"{self.url}/telemetry/client.py", timeout=30) as answer:
                path.write_bytes(answer.read())
        return path

    def send(self, key: tuple[str, str], *files: Path, test: bool = False) -> list[dict[str, Any]]:
        """`python -I`: neither the project nor what is installed beside it can be imported."""
        options = ["--url", self.url, "--key", key[0], *(["--test"] if test else [])]
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(self.client()), *options, *map(str, files)],
            env={"TELEMETRY_SECRET": key[1], "PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"},
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return [json.loads(line.split(" ", 2)[2]) for line in done.stdout.splitlines()]

    def day_files(self, name: str, devices: tuple[str, ...], days: list[date], address: str = INSIDE) -> list[Path]:
        """A file a day: five hours of work, a record every five minutes for every device."""
        made = []
        for day in days:
            start = datetime.combine(day, time(8), tzinfo=CHINA)
            moments = [(start + timedelta(minutes=5 * step)).isoformat() for step in range(60)]
            lines = [
                json.dumps({"device": device, "at": moment, "address": address})
                for device in devices
                for moment in moments
            ]
            path = self.folder / f"{name}-{day:%Y%m%d}.jsonl"
            path.write_text("\n".join(lines))
            made.append(path)
        return made


@pytest.fixture
def desk(site: LiveServer, tmp_path: Path) -> Desk:
    world.reference()
    return Desk(site.url, tmp_path)


def last_days(number: int) -> list[date]:
    today = datetime.now(tz=CHINA).date()
    return [today - timedelta(days=step) for step in range(number, 0, -1)]


def judged(made: Monitored) -> tuple[str, list[tuple[str, str, str]]]:
    at = datetime.now(tz=UTC)
    fold(at=at)
    verdict = judge_adoption(voucher=made.voucher, by=SYSTEM, at=at)
    found = verdict.explanation["findings"]
    return verdict.outcome, [(one["code"], one["clause"], one["title"]) for one in found if one["severity"] != "info"]


def test_the_published_client_is_short_and_uses_the_standard_library_alone(desk: Desk) -> None:
    source = desk.client().read_text()
    assert len(source.splitlines()) < 100
    imported = {line.split()[1].split(".")[0] for line in source.splitlines() if re.match("import |from ", line)}
    assert imported - sys.stdlib_module_names == set()
    assert source.strip() in desk.page()


def test_thirty_days_of_sixty_devices_sent_by_the_published_client_pass(desk: Desk) -> None:
    made = world.monitored()
    files = desk.day_files("d", made.devices, last_days(30))
    steps = desk.send(made.key, files[0], test=True)[0]["steps"]
    assert {step["ok"] for step in steps} == {True}
    assert (Batch.objects.count(), Source.objects.get().state) == (0, "set_up")
    answers = desk.send(made.key, *files)
    assert {(one["accepted"], one["rejected"], one["repeat"]) for one in answers} == {(3600, 0, False)}
    assert [one["repeat"] for one in desk.send(made.key, *files[:2])] == [True, True]
    assert judged(made) == ("passed", [("adoption.passed", "S19/annex.note2", "应用情况达标")])
    assert DeviceDay.objects.count() == 60 * 30


def test_missing_days_too_few_devices_and_another_province_are_told_apart(desk: Desk) -> None:
    idle, few, away = (world.monitored(serial, devices=60) for serial in (1, 2, 3))
    days = last_days(30)
    desk.send(idle.key, *desk.day_files("idle", idle.devices, [*days[:6], *days[-6:]]))
    desk.send(few.key, *desk.day_files("few", few.devices[:40], days))
    desk.send(away.key, *desk.day_files("away", away.devices, days[-24:], OUTSIDE))
    note2 = "S19/annex.note2"
    assert judged(idle) == ("failed", [("adoption.too_few_devices", note2, "还差 55 台达标")])
    assert judged(few) == ("failed", [("adoption.too_few_devices", note2, "还差 15 台达标")])
    assert judged(away) == ("look", [("adoption.address_outside", "S19/4.3", "省外地址较多")])


def test_the_curl_example_of_the_page_runs_as_it_stands(desk: Desk) -> None:
    made = world.monitored(devices=2)
    shown = re.search(r"<pre[^>]*>(# 换成您的.*?)</pre>", desk.page(), re.DOTALL)
    assert shown is not None
    given = {"SITE": desk.url, "KEY": made.key[0], "SECRET": made.key[1], "DEVICE": made.devices[0].lower()}
    answers = []
    sent = {"END": "batches", "BATCH": "c-1"}
    for more in ({}, sent, {**sent, "DEVICE": made.devices[1]}):
        done = subprocess.run(
            ["bash", "-eu", "-c", shown.group(1)],
            env={"PATH": "/usr/bin:/bin", **given, **more},
            cwd=desk.folder,
            capture_output=True,
            text=True,
            check=True,
        )
        answers.append(json.loads(done.stdout))
    assert {step["ok"] for step in answers[0]["steps"]} == {True}
    assert [answers[1][name] for name in ("accepted", "repeat")] == [1, False]
    assert [finding["code"] for finding in answers[2].get("findings", [])] == ["batch.other_body"]
