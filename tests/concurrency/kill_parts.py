"""Parts of the kill test as programs of their own: `python -m tests.concurrency.kill_parts PART …`.

make: a world, printed as JSON. submit: presses over HTTP and prints every acknowledged one. judge: violations.
World and acknowledged ones are handed over in files: thousands are too long for a command line.
"""

import http.client
import json
import os
import sys
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "platform_site.settings")
django.setup()

from django.core.management import call_command  # noqa: E402  after the set-up

from catalog.models import Period  # noqa: E402
from tests.concurrency.judge import violations  # noqa: E402
from tests.concurrency.presses import press, sign_in  # noqa: E402
from tests.concurrency.race import make_race  # noqa: E402
from vouchers import domain  # noqa: E402

PATIENCE = 120.0


def make(clients: str, each: str, seed: str) -> None:
    call_command("migrate", verbosity=0)
    race = make_race(clients=int(clients), each=int(each), seed=int(seed))
    signed_in = sign_in(one.actor.user_id for one in race.crowd.applicants if one.actor.user_id)
    people = [
        {"signed_in": signed_in[one.actor.user_id or 0], "vouchers": one.voucher_ids} for one in race.crowd.applicants
    ]
    print(json.dumps({"period": race.crowd.world.period.pk, "people": people}))  # noqa: T201  the part's answer


def submit(world_file: str, number: str, clients: str, port: str) -> None:
    """Presses until everything of its share is acknowledged; after a fault again with the same key."""
    web = http.client.HTTPConnection("127.0.0.1", int(port), timeout=20)
    for one in json.loads(Path(world_file).read_text())["people"][int(number) :: int(clients)]:
        cookies, token = one["signed_in"]
        for pk in one["vouchers"]:
            fields = {"csrfmiddlewaretoken": token, "idempotency_key": f"kill-{pk}"}
            limit = time.monotonic() + PATIENCE
            while not press(web, f"/enterprise/apply/{pk}/ready/", fields, cookies):
                if time.monotonic() > limit:
                    raise SystemExit(f"{pk} is not acknowledged")
                time.sleep(0.1)
            print(pk, flush=True)  # noqa: T201  the acknowledgement


def judge(period: str, acknowledged_file: str) -> None:
    domain.allocate()
    found = Period._default_manager.get(pk=int(period))
    print(json.dumps(violations(found, json.loads(Path(acknowledged_file).read_text()))))  # noqa: T201  the part's answer


if __name__ == "__main__":
    {"make": make, "submit": submit, "judge": judge}[sys.argv[1]](*sys.argv[2:])
