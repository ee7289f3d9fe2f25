"""The child of the hostile corpus: judges every file under limits of memory and time, and says how it went."""

import json
import resource
import sys
import time
from pathlib import Path

from platform_site.files.rules.content import content_findings
from tests.files.hostile import hostile


def memory_in_use() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def judged(content: bytes, name: str, allow: tuple[str, ...], memory: int) -> dict[str, object]:
    """Under `memory` bytes above what is in use; the memory given out meanwhile is what the verdict cost."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_in_use() + memory, resource.RLIM_INFINITY))
    started = time.process_time()
    codes = [finding.code for finding in content_findings(name=name, content=content, allow=allow)]
    spent = time.process_time() - started
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return {"name": name, "codes": codes, "seconds": spent}


def main() -> None:
    seed, memory = (int(text) for text in sys.argv[1:])
    told = [judged(content, name, allow, memory) for name, content, allow in hostile(seed)]
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
