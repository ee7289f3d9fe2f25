"""Starts the platform as `make run` does and stops it when told, or when the test run that wanted it is gone.

python keeper.py <process to watch> [options of `manage.py run`]
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main(owner: int) -> int:
    platform = subprocess.Popen([sys.executable, "manage.py", "run", *sys.argv[2:]], cwd=ROOT, stdin=subprocess.DEVNULL)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: platform.terminate())
    while platform.poll() is None:
        if not _alive(owner):
            platform.terminate()
            return platform.wait()
        time.sleep(0.5)
    return platform.returncode


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
