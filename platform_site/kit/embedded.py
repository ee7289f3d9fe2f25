"""PostgreSQL and Valkey beside the platform: the newcomer's run and the tests need no server of their own.

Both listen on sockets in a short private directory under /tmp (a socket path of 108 characters is refused); no TCP port
is opened. Data lies in the var directory, or, where root's helper user cannot walk there, under /var/tmp. Several var
directories may run side by side: every name carries the hash of its directory. `embedded_environment` only computes;
`EmbeddedServices` starts and stops.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from platform_site.kit.embedded_programs import (
    LENT_PROGRAMS,
    ServicesFailedError,
    ServiceUser,
    find_programs,
    reachable_by_others,
    service_user,
)
from platform_site.kit.processes import answers, end_with_parent, plain_environment, process_exists, process_name

DATABASE = "platform"
ROLE = "platform"
POSTGRES_SOCKET = ".s.PGSQL.5432"
VALKEY_SOCKET = "valkey.sock"
START_TIMEOUT = 60.0
STOP_TIMEOUT = 60.0

POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "300",
    "random_page_cost": "1.1",  # the data lies on solid-state disks and mostly in memory
    "shared_buffers": "192MB",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    "jit": "off",
    "checkpoint_timeout": "15min",
    "max_wal_size": "2GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
# Fast shutdown for PostgreSQL (SIGTERM would wait for open connections); Valkey writes its log out on SIGTERM.
STOP_SIGNALS = {"postgres": signal.SIGINT, "valkey": signal.SIGTERM}
PROCESS_NAMES = {"postgres": {"postgres"}, "valkey": {"valkey-server", "redis-server"}}
# A throw-away cluster has nothing to lose in a crash.
THROW_AWAY_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def _short_name(var_dir: Path) -> str:
    return hashlib.sha256(str(var_dir.resolve()).encode()).hexdigest()[:10]


def socket_directory(var_dir: Path) -> Path:
    """Short on purpose: TMPDIR is not asked, a long one would break the 108 characters."""
    return Path("/tmp") / f"pf-{_short_name(var_dir)}-{os.getuid()}"  # noqa: S108  owner and mode are checked before use


def data_directory(var_dir: Path, user: ServiceUser) -> Path:
    if not user.switch or reachable_by_others(var_dir):
        return var_dir / "services"
    return LENT_PROGRAMS / f"platform-data-{_short_name(var_dir)}"


def embedded_environment(var_dir: Path) -> dict[str, str]:
    """DATABASE_URL, REDIS_URL and SECRET_KEY of the embedded services; starts nothing."""
    sockets = socket_directory(var_dir)
    return {
        "DATABASE_URL": f"postgres://{ROLE}@{quote(str(sockets), safe='')}/{DATABASE}",
        "REDIS_URL": f"unix://{sockets / VALKEY_SOCKET}?db=0",
        "SECRET_KEY": _secret_key(var_dir / "secret-key"),
    }


def _secret_key(path: Path) -> str:
    """Made once. Linked into place, so that two processes starting together agree and neither reads half a key."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent)  # mkstemp gives mode 0600
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    return path.read_text().strip()


@dataclass(frozen=True)
class ServiceStatus:
    name: str
    running: bool
    pid: int | None


class EmbeddedServices:
    """Starts and stops both services of one var directory.

    `tied` services end with this process even when it is killed; untied ones stay until `manage.py services stop`.
    A running service is used as it is, and `stop` leaves it alone.
    """

    def __init__(self, var_dir: Path, *, throw_away: bool = False, tied: bool = True) -> None:
        self.var_dir = var_dir
        self.user = service_user()
        self.sockets = socket_directory(var_dir)
        self.data = data_directory(var_dir, self.user)
        self.logs = var_dir / "log"
        self.throw_away = throw_away
        self.tied = tied
        self.started: list[str] = []
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    # -- start ------------------------------------------------------------------------------------------------------

    def start(self) -> list[str]:
        """Starts what does not answer yet and returns the names of what was started here."""
        self._prepare_directories()
        with self._alone():
            for name, start in (("postgres", self._start_postgres), ("valkey", self._start_valkey)):
                self._wait_for_orphan(name)
                if not answers(self._socket(name)):
                    start()
                    self.started.append(name)
        return list(self.started)

    def _wait_for_orphan(self, name: str) -> None:
        """A tied service whose process was killed is on its way out, even while its socket still answers."""
        if self._owner_is_gone(name) and process_name(self._pid(name)) in PROCESS_NAMES[name]:
            self._end(name)

    def _prepare_directories(self) -> None:
        self.var_dir.mkdir(parents=True, exist_ok=True)
        self.logs.mkdir(exist_ok=True)
        for directory in (self.sockets, self.data):
            with contextlib.suppress(FileExistsError):
                directory.mkdir(mode=0o700)
                os.chown(directory, self.user.uid, self.user.gid)
            found = directory.lstat()
            if directory.is_symlink() or found.st_uid != self.user.uid:
                raise ServicesFailedError(
                    f"{directory} belongs to another user. Start as the user who made it, remove it, "
                    "or set PLATFORM_VAR to a directory of your own."
                )
            directory.chmod(0o700)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.var_dir / "services.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _start_postgres(self) -> None:
        programs = find_programs(self.user)
        cluster = self.data / "postgres"
        fresh = not (cluster / "PG_VERSION").exists()
        if fresh:
            self._initialise(programs.postgres_bin, cluster)
        self._check_version(programs.postgres_bin, cluster)
        settings = POSTGRES_SETTINGS | {"unix_socket_directories": str(self.sockets)}
        settings |= THROW_AWAY_SETTINGS if self.throw_away else {}
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        self._launch("postgres", [str(programs.postgres_bin / "postgres"), "-D", str(cluster), *options])
        self._wait("postgres")
        self._create_database(programs.postgres_bin)

    def _initialise(self, bin_dir: Path, cluster: Path) -> None:
        """A cluster left half made by an interrupted first start is made anew: PG_VERSION is moved in last."""
        draft = cluster.with_name("postgres.new")
        self._run(["rm", "-rf", str(draft)])
        command = [str(bin_dir / "initdb"), "-D", str(draft), "-U", ROLE, "--auth=trust", "--no-instructions"]
        command += ["--encoding=UTF8", "--locale=C.UTF-8"] + (["--no-sync"] if self.throw_away else [])
        self._run(command)
        self._run(["mv", str(draft), str(cluster)])

    def _check_version(self, bin_dir: Path, cluster: Path) -> None:
        have = (cluster / "PG_VERSION").read_text().strip()
        program = self._run([str(bin_dir / "postgres"), "--version"]).split()[2].split(".")[0]
        if have != program:
            raise ServicesFailedError(
                f"{cluster} was made by PostgreSQL {have}, but version {program} is installed. "
                f"Dump it with version {have}, or remove it to begin with an empty database."
            )

    def _create_database(self, bin_dir: Path) -> None:
        connect = ["-h", str(self.sockets), "-U", ROLE]
        ask = [str(bin_dir / "psql"), *connect, "-d", "postgres", "-Atc", "SELECT datname FROM pg_database"]
        self._until_ready(ask)
        if DATABASE not in self._run(ask).split():
            self._run([str(bin_dir / "createdb"), *connect, DATABASE])

    def _start_valkey(self) -> None:
        keep = self.data / "valkey"
        self._run(["mkdir", "-p", str(keep)])
        with contextlib.suppress(FileNotFoundError):
            self._socket("valkey").unlink()
        command = [str(find_programs(self.user).valkey), "--port", "0", "--unixsocket", str(self._socket("valkey"))]
        command += ["--unixsocketperm", "700", "--dir", str(keep), "--daemonize", "no", "--save", ""]
        command += ["--appendonly", "no" if self.throw_away else "yes", "--maxmemory-policy", "noeviction"]
        self._launch("valkey", command)
        self._wait("valkey")

    def _launch(self, name: str, command: Sequence[str]) -> None:
        """In a session of its own: Ctrl-C in the terminal must reach the platform first and the services last."""
        with self._log(name).open("ab") as log:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.data,
                env=plain_environment(),
                start_new_session=True,
                preexec_fn=end_with_parent(STOP_SIGNALS[name]) if self.tied else None,  # noqa: PLW1509  no threads yet
                **self._identity(),
            )
        self._children[name] = child
        self._remember(name, child.pid)

    def _wait(self, name: str) -> None:
        limit = time.monotonic() + START_TIMEOUT
        while not answers(self._socket(name)):
            if self._children[name].poll() is not None or time.monotonic() > limit:
                raise ServicesFailedError(f"{name} did not start. The end of {self._log(name)}:\n{self.log_tail(name)}")
            time.sleep(0.02)

    def _until_ready(self, command: Sequence[str]) -> None:
        """The socket answers before recovery is over; a query is refused until then."""
        limit = time.monotonic() + START_TIMEOUT
        while True:
            try:
                self._run(command)
                return
            except ServicesFailedError:
                if time.monotonic() > limit:
                    raise
                time.sleep(0.05)

    # -- stop -------------------------------------------------------------------------------------------------------

    def stop(self) -> list[str]:
        """Stops what this object started, the queue before the database."""
        stopped: list[str] = [name for name in ("valkey", "postgres") if name in self.started]
        with self._alone():
            for name in stopped:
                self._end(name)
        self.started = []
        return stopped

    def stop_whoever_started(self) -> list[str]:
        self.started = [status.name for status in self.status() if status.running]
        return self.stop()

    def _end(self, name: str) -> None:
        pid = self._pid(name)
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, STOP_SIGNALS[name])
        limit = time.monotonic() + STOP_TIMEOUT
        while self._alive(name, pid):
            if time.monotonic() > limit:
                raise ServicesFailedError(f"{name} (process {pid}) does not stop. Its log:\n{self.log_tail(name)}")
            time.sleep(0.02)
        self._record(name).unlink(missing_ok=True)

    def _alive(self, name: str, pid: int | None) -> bool:
        child = self._children.get(name)
        if child is not None:
            return child.poll() is None
        return pid is not None and process_exists(pid)

    def remove(self) -> None:
        """Throws the data away; only for a var directory that was made to be thrown away."""
        self.stop_whoever_started()
        for directory in (self.data, self.sockets, self.var_dir):
            shutil.rmtree(directory, ignore_errors=True)

    # -- what is known ----------------------------------------------------------------------------------------------

    def status(self) -> list[ServiceStatus]:
        names = ("postgres", "valkey")
        return [ServiceStatus(name=n, running=answers(self._socket(n)), pid=self._pid(n)) for n in names]

    def log_tail(self, name: str, lines: int = 15) -> str:
        log = self._log(name)
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else ""

    def _socket(self, name: str) -> Path:
        return self.sockets / (POSTGRES_SOCKET if name == "postgres" else VALKEY_SOCKET)

    def _log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def _record(self, name: str) -> Path:
        return self.var_dir / f"{name}.pid"

    def _remember(self, name: str, pid: int | None) -> None:
        self._record(name).write_text(json.dumps({"pid": pid, "owner": os.getpid() if self.tied else None}))

    def _recall(self, name: str) -> dict[str, int | None]:
        try:
            found: dict[str, int | None] = json.loads(self._record(name).read_text())
        except (FileNotFoundError, ValueError):
            return {"pid": None, "owner": None}
        return found

    def _pid(self, name: str) -> int | None:
        return self._recall(name)["pid"]

    def _owner_is_gone(self, name: str) -> bool:
        owner = self._recall(name)["owner"]
        return owner is not None and not process_exists(owner)

    def _identity(self) -> dict[str, Any]:
        return {"user": self.user.uid, "group": self.user.gid, "extra_groups": []} if self.user.switch else {}

    def _run(self, command: Sequence[str]) -> str:
        surroundings: dict[str, Any] = {"cwd": self.data, "env": plain_environment(), **self._identity()}
        done = subprocess.run(command, capture_output=True, text=True, check=False, **surroundings)
        if done.returncode != 0:
            raise ServicesFailedError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
        return done.stdout
