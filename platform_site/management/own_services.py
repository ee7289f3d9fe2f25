"""`manage.py anything` with nothing configured: the platform's own services run for as long as the command does."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from platform_site.kit.embedded import EmbeddedServices
from platform_site.kit.embedded_programs import ServicesFailedError

# They start services themselves, or ask neither database nor queue.
WITHOUT = frozenset(
    {"run", "services", "bench", "wait_services", "help", "version", "--help", "-h", "--version", "check"}
    | {"collectstatic", "makemigrations", "draw_states", "replay_queue", "fake_supplier"}
)
READS_POLICY = frozenset({"assess", "clauses"})


@contextmanager
def own_services(words: Sequence[str]) -> Iterator[None]:
    """Around one command line. Services that run already are used and left alone."""
    command = words[1] if len(words) > 1 else "help"
    if command in WITHOUT or not settings.EMBEDDED or not {"-h", "--help"}.isdisjoint(words):
        yield
        return
    services = EmbeddedServices(Path(settings.VAR_DIR))
    try:
        services.start()
    except ServicesFailedError as error:
        sys.exit(str(error))
    try:
        if command in READS_POLICY and not connection.introspection.table_names():
            _prepare()
        yield
    finally:
        connections.close_all()
        services.stop()


def _prepare() -> None:
    """The first question on a fresh clone: schema, cities, policy and catalog, then the answer."""
    sys.stderr.write("The database is empty: preparing schema, cities, policy and catalog (only this once) …\n")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_reference", verbosity=0, stdout=sys.stderr)
