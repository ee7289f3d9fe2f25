"""Parts of the kill test as programs of their own: `python -m tests.concurrency.kill_parts PART …`.

make: a world, printed as JSON. submit: hands applications in and prints every acknowledged one. judge: violations.
"""

import json
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "platform_site.settings")
django.setup()

from django.core.management import call_command  # noqa: E402  after the set-up
from django.db import DatabaseError, close_old_connections  # noqa: E402

from catalog.models import Period  # noqa: E402
from platform_site.kit import clock  # noqa: E402
from platform_site.kit.actor import Actor  # noqa: E402
from platform_site.kit.findings import Refusal  # noqa: E402
from tests.concurrency.judge import violations  # noqa: E402
from tests.concurrency.race import make_race  # noqa: E402
from vouchers import domain  # noqa: E402
from vouchers.models import Voucher  # noqa: E402

PATIENCE = 120.0


def make(clients: str, each: str, seed: str) -> None:
    call_command("migrate", verbosity=0)
    race = make_race(clients=int(clients), each=int(each), seed=int(seed))
    people = [
        {"user": one.actor.user_id, "organisation": one.actor.organisation_id, "vouchers": one.voucher_ids}
        for one in race.crowd.applicants
    ]
    print(json.dumps({"period": race.crowd.world.period.pk, "people": people}))  # noqa: T201  the part's answer


def submit(world: str, number: str, clients: str) -> None:
    """Presses until everything of its share is acknowledged; after a fault again with the same key."""
    for one in json.loads(world)["people"][int(number) :: int(clients)]:
        actor = Actor(
            user_id=one["user"], label="申请人", organisation_id=one["organisation"], organisation_kind="enterprise",
            roles=frozenset({"enterprise_staff"}),
        )  # fmt: skip
        for pk in one["vouchers"]:
            _press(pk, actor)
            print(pk, flush=True)  # noqa: T201  the acknowledgement


def _press(pk: int, actor: Actor) -> None:
    limit = time.monotonic() + PATIENCE
    while True:
        try:
            voucher = Voucher._default_manager.select_related("contract").get(pk=pk)
            domain.submit_prepared(voucher=voucher, key=f"kill-{pk}", by=actor, at=clock.now())
            return
        except Refusal as refusal:
            sys.stderr.write(f"{pk} refused: {refusal.codes()}\n")
            raise
        except DatabaseError:
            close_old_connections()
            if time.monotonic() > limit:
                raise
            time.sleep(0.1)


def judge(period: str, acknowledged: str) -> None:
    domain.allocate()
    found = Period._default_manager.get(pk=int(period))
    print(json.dumps(violations(found, json.loads(acknowledged))))  # noqa: T201  the part's answer


if __name__ == "__main__":
    {"make": make, "submit": submit, "judge": judge}[sys.argv[1]](*sys.argv[2:])
