"""Test databases: migrated once per state of the migrations, then copied.

Ledgers refuse to be emptied, so a used database is replaced. Migrating takes many seconds, restoring a dump one,
copying a database a few hundredths. The dump lies in var/test-template/ under the hash of what it was made from;
`migrate` runs over it all the same, which brings guards and permissions up to date.
"""

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from psycopg2 import connect, sql

from platform_site.kit.embedded_programs import find_programs, service_user

DUMPS = Path(settings.BASE_DIR) / "var" / "test-template"


class WorkerDatabase:
    """The database of one worker, and the migrated one it is copied from."""

    def __init__(self) -> None:
        self.settings: dict[str, Any] = connection.settings_dict
        self.migrated = f"test_{self.settings['NAME']}"
        self.name = f"{self.migrated}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
        self.server = {"host": self.settings["HOST"], "port": self.settings["PORT"] or None}
        self.server |= {"user": self.settings["USER"], "password": self.settings["PASSWORD"] or None}

    def make(self) -> None:
        with self._alone():
            if not self._exists(self.migrated):
                try:
                    self._make_migrated()
                except BaseException:  # the next worker must not copy half a database
                    connections.close_all()
                    self._order("DROP DATABASE {name} WITH (FORCE)", {"name": sql.Identifier(self.migrated)})
                    raise
        self.renew()

    def renew(self) -> None:
        """The worker's database as it was right after the migrations."""
        connections.close_all()
        names = {"used": sql.Identifier(self.name), "migrated": sql.Identifier(self.migrated)}
        self._order("DROP DATABASE IF EXISTS {used} WITH (FORCE)", names)
        self._order("CREATE DATABASE {used} TEMPLATE {migrated} STRATEGY FILE_COPY", names)
        self._use(self.name)

    def _make_migrated(self) -> None:
        self._order("CREATE DATABASE {name}", {"name": sql.Identifier(self.migrated)})
        self._use(self.migrated)
        dump = DUMPS / f"{_fingerprint()}.sql"
        known = dump.exists()
        if known:
            self._run("psql", "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, "-f", str(dump))
        call_command("migrate", verbosity=0, interactive=False)
        connections.close_all()
        if not known and settings.EMBEDDED:
            self._keep(dump)

    def _keep(self, dump: Path) -> None:
        DUMPS.mkdir(parents=True, exist_ok=True)
        for old in sorted(DUMPS.glob("*.sql"), key=lambda path: path.stat().st_mtime)[:-4]:
            old.unlink(missing_ok=True)
        draft = dump.with_suffix(f".{os.getpid()}")
        self._run("pg_dump", "--no-owner", "-f", str(draft))
        draft.replace(dump)

    def _run(self, program: str, *arguments: str) -> None:
        path = find_programs(service_user()).postgres_bin / program
        where = ["-h", str(self.server["host"]), "-U", str(self.server["user"]), "-d", self.migrated]
        subprocess.run([str(path), *where, *arguments], check=True, capture_output=True)

    def _use(self, name: str) -> None:
        connections.close_all()
        self.settings["NAME"] = settings.DATABASES["default"]["NAME"] = name

    def _exists(self, name: str) -> bool:
        with closing(connect(**self.server, dbname="postgres")) as server, server.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return cursor.fetchone() is not None

    def _order(self, text: str, names: dict[str, sql.Identifier]) -> None:
        with closing(connect(**self.server, dbname="postgres")) as server:
            server.autocommit = True
            server.cursor().execute(sql.SQL(text).format(**names))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (Path(settings.VAR_DIR) / "migrated.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _fingerprint() -> str:
    root = Path(settings.BASE_DIR)
    sources = [path for app in root.iterdir() if app.name[0] != "." for path in app.glob("**/migrations/*.py")]
    digest = hashlib.sha256()
    for path in [root / "requirements.lock", *sorted(sources)]:
        digest.update(f"{path.relative_to(root)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
