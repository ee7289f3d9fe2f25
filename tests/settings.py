"""The platform's settings with throw-away data: one var directory per test run, shared by its parallel workers."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

ROOM_NEEDED = 2 * 1024**3


def _throw_away_directory() -> str:
    """In memory where there is room: copying a database takes a twentieth of the time. Killed runs leave nothing."""
    memory = Path("/dev/shm")
    place = memory if memory.is_dir() and shutil.disk_usage(memory).free > ROOM_NEEDED else Path(tempfile.gettempdir())
    for left in place.glob("pf-tests-*-*"):
        maker = left.name.split("-")[2]
        if left.stat().st_uid == os.getuid() and maker.isdigit() and not Path("/proc", maker).exists():
            shutil.rmtree(left, ignore_errors=True)
    made = tempfile.mkdtemp(prefix=f"pf-tests-{os.getpid()}-", dir=place)
    os.chmod(made, 0o711)  # root's helper user must walk through
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


if "PLATFORM_TEST_VAR" not in os.environ:
    os.environ["PLATFORM_TEST_VAR"] = _throw_away_directory()
os.environ["PLATFORM_VAR"] = os.environ["PLATFORM_TEST_VAR"]

from platform_site.settings import *  # noqa: E402, F403
from platform_site.settings import CACHES, CELERY_BROKER_URL, REDIS_URL, VAR_DIR  # noqa: E402

_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
# Each worker has its own database number in Valkey (there are 16): one may clear the cache without the other noticing.
_number = int(_worker.removeprefix("gw")) % 16
REDIS_URL = REDIS_URL.replace("?db=0", f"?db={_number}")
CACHES = {**CACHES, "default": {**CACHES["default"], "LOCATION": REDIS_URL}}
CELERY_BROKER_URL = CELERY_BROKER_URL.replace("virtual_host=0", f"virtual_host={_number}")

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = VAR_DIR / _worker / "files"
CLOCK_OFFSET_FILE = VAR_DIR / _worker / "clock-offset"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
LOG_LEVEL = "WARNING"
CLOCK_OFFSET_FILE.parent.mkdir(parents=True, exist_ok=True)
