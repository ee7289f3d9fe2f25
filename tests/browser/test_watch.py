"""The eyes themselves: each sees what it is there for, and a page without fault passes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.watch import PHONE, Watch, barriers, out_of_reach, too_wide

FINE = '<!doctype html><html lang="zh"><title>页</title><main><h1>页</h1>{}</main></html>'
FAULTS: dict[str, tuple[Callable[[Page], list[str]], str, str]] = {
    "a picture without words": (barriers, '<img src="data:," width="20" height="20">', "image-alt"),
    "wider than the window": (too_wide, '<div style="width: 900px">宽</div>', "too wide"),
    "no ring around it": (out_of_reach, '<button style="outline: none">甲</button>', "focus is not seen"),
    "out of the keys' reach": (
        out_of_reach,
        "<div onkeydown=\"return event.key !== 'Tab'\"><button autofocus>甲</button></div><button>乙</button>",
        "not by keyboard",
    ),
}


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_each_fault_is_seen_and_a_page_without_it_passes(fault: str, page: Page) -> None:
    eye, html, words = FAULTS[fault]
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.set_content(FINE.format('<button style="outline: auto">乙</button>'))
    assert eye(page) == []
    page.set_content(FINE.format(html))
    assert any(words in one for one in eye(page))


def test_a_script_that_fails_is_noted(page: Page) -> None:
    watch = Watch()
    watch.over(page.context)
    page.set_content(FINE.format("<script>console.error('坏了')</script>"))
    with pytest.raises(AssertionError, match="坏了"):
        watch.nothing_wrong()
