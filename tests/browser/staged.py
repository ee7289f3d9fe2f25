"""A stage of its own in the browser: web without worker at first, and everybody's page, signed in already."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections
from playwright.sync_api import Browser, Page

from tests.browser.watch import Watch
from tests.concurrency.stage import Stage, until

People = Callable[[str], Page]


@contextmanager
def staged(name: str) -> Iterator[Stage]:
    """The test's database copied to processes of their own; nothing is started yet. `name`: of its folder."""
    made = Stage(Path(settings.VAR_DIR) / name)
    connections.close_all()
    made.begin(connection.settings_dict)
    yield made
    made.end()


@contextmanager
def people_on(stage: Stage, sessions: Mapping[str, str], browser: Browser, args: Mapping[str, Any]) -> Iterator[People]:
    """A page for each name in `sessions`; "" is the public. At the end nothing may have gone wrong on any of them."""
    watch, pages, url = Watch(), {}, f"http://127.0.0.1:{stage.port}"

    def page_of(name: str) -> Page:
        if name not in pages:
            context = browser.new_context(**{**args, "base_url": url})
            context.set_default_timeout(30_000)
            if name:
                context.add_cookies([{"name": "sessionid", "value": sessions[name], "url": url}])
            watch.over(context)
            pages[name] = context.new_page()
        return pages[name]

    until(lambda: _answers(stage), "the platform answers")
    yield page_of
    for page in pages.values():
        page.context.close()
    watch.nothing_wrong()


def _answers(stage: Stage) -> bool:
    try:
        return stage._once("/healthz/", "", {}) < 500
    except OSError:
        return False
