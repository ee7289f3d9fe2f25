"""The running platform and people signed in to it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from tests.browser.running import Platform, running
from tests.browser.watch import WIDE, Watch

Enter = Callable[..., Page]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="package")
def platform() -> Iterator[Platform]:
    """What `make run` starts on a machine that has never seen it; it ends with this folder, for it works when idle too."""
    with running(Path(settings.VAR_DIR) / "browser-site") as found:
        yield found


@pytest.fixture(scope="module")
def watch() -> Watch:
    """Notes errors, policy violations and unexpected answers on all pages of a module; its last test asks for them."""
    return Watch()


@pytest.fixture(scope="module")
def enter(browser: Browser, browser_context_args: dict[str, Any], platform: Platform, watch: Watch) -> Iterator[Enter]:
    """A page for a login of the demo, signed in through the form; the same page for the same login."""
    pages: dict[str, Page] = {}

    def entered(login: str = "", viewport: dict[str, int] | None = None) -> Page:
        size = viewport or WIDE
        name = f"{login}:{size['width']}"
        if name not in pages:
            state = pages[f"{login}:1280"].context.storage_state() if f"{login}:1280" in pages else None
            context = browser.new_context(
                **{**browser_context_args, "viewport": size, "base_url": platform.url, "storage_state": state}
            )
            context.set_default_timeout(20_000)
            watch.over(context)
            pages[name] = context.new_page()
            if login and state is None:
                sign_in(pages[name], login, platform.password)
        return pages[name]

    yield entered
    for page in pages.values():
        page.context.close()


def sign_in(page: Page, login: str, password: str) -> None:
    page.goto("/account/login/")
    page.fill("[name=login]", login)
    page.fill("[name=password]", password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/login/" not in url)
