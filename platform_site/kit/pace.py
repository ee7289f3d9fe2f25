"""How often somebody may do something: counted per key in the cache, for whole windows of time.

The cache may forget (a restart, a full memory): then somebody may do it a few times more, which is harmless.
"""

from django.core.cache import cache


def within_pace(key: str, *, limit: int, seconds: int) -> bool:
    """Count one more; False when there were `limit` already in the running window of so many seconds."""
    name = f"pace:{key}"
    cache.add(name, 0, timeout=seconds)
    try:
        return cache.incr(name) <= limit
    except ValueError:  # the window ended between the two
        return cache.add(name, 1, timeout=seconds)
