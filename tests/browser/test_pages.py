"""Every main page of every role: answered, without barriers, without errors, no wider than the window."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.pages import BY_KEYBOARD, MAIN, MENUS, ON_PHONES, ROW, VISITORS, Place, shape
from tests.browser.watch import PHONE, WIDE, Watch, barriers, out_of_reach, shot, too_wide

Enter = Callable[..., Page]


@pytest.fixture(autouse=True)
def _fresh_eyes(watch: Watch) -> Iterator[None]:
    """What one page did wrong is told of that page."""
    watch.wrong.clear()
    yield
    watch.nothing_wrong()


def _looked_at(page: Page, watch: Watch, name: str) -> None:
    if page.locator("[data-chart]").count():
        page.wait_for_selector("[data-drawn]")
    watch.wrong += [*barriers(page), *too_wide(page)]
    shot(page, name)


def _visit(page: Page, watch: Watch, path: str, name: str) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, path
    _looked_at(page, watch, name)


@pytest.mark.parametrize("login", MENUS, ids=[login or "public" for login in MENUS])
def test_the_menu_of_every_login_is_fine_on_a_wide_screen(login: str, enter: Enter, watch: Watch) -> None:
    page, seen = enter(login, WIDE), {shape(path) for path in MENUS[login]}
    for path in MENUS[login]:
        place = Place(login, path)
        _visit(page, watch, path, f"wide-{place.name}")
        first = page.locator(ROW).first
        behind = first.get_attribute("href") if first.count() else None
        if behind and shape(behind) not in seen:
            seen.add(shape(behind))
            _visit(page, watch, behind, f"wide-{place.name}-first")


@pytest.mark.parametrize("place", ON_PHONES, ids=[place.name for place in ON_PHONES])
def test_what_people_carry_in_their_pockets_is_fine_on_a_phone(place: Place, enter: Enter, watch: Watch) -> None:
    enter(place.login, WIDE)  # signs in
    page = enter(place.login, PHONE)
    _visit(page, watch, place.path, f"phone-{place.name}")
    menu = page.locator("[data-menu]").first
    menu.click()
    watch.wrong += too_wide(page)


@pytest.mark.parametrize("login", BY_KEYBOARD)
def test_whoever_has_no_mouse_comes_to_everything_and_sees_where_they_are(
    login: str, enter: Enter, watch: Watch
) -> None:
    page = enter(login, WIDE)
    for path in BY_KEYBOARD[login]:
        page.goto(path)
        watch.wrong += out_of_reach(page)
        first = page.locator(ROW).first
        if first.count() and (behind := first.get_attribute("href")):
            page.goto(behind)
            watch.wrong += out_of_reach(page)


@pytest.mark.parametrize("path", VISITORS)
def test_visitors_pages_are_fine_at_both_widths(path: str, enter: Enter, watch: Watch) -> None:
    for width, size in (("wide", WIDE), ("phone", PHONE)):
        _visit(enter("", size), watch, path, f"{width}-{Place('', path).name}")


ANSWERS: dict[str, Callable[[Route], None]] = {
    "busy": lambda route: route.fulfill(status=503, body=""),
    "away": lambda route: route.abort(),
}


@pytest.mark.parametrize("kind", sorted(ANSWERS))
def test_a_part_of_a_page_that_gets_no_answer_says_so_and_keeps_what_was_typed(
    kind: str, enter: Enter, watch: Watch
) -> None:
    watch.expected.add(503)
    page, asked = enter("", PHONE), "**/calculator/?*"
    page.goto("/calculator/")
    note, amount = page.locator("#unanswered"), page.locator("[name=contract_amount]")
    expect(note).to_be_hidden()
    page.route(asked, ANSWERS[kind])
    amount.fill("150000.00")
    expect(note).to_be_visible()
    expect(note).to_contain_text("没有收到平台的回答")
    _looked_at(page, watch, f"unanswered-{kind}")
    expect(amount).to_have_value("150000.00")
    page.unroute(asked)
    with page.expect_response(asked):
        page.get_by_role("button", name="计算").click()
    expect(note).to_be_hidden()
    watch.wrong[:] = [one for one in watch.wrong if "htmx:" not in one and "Status Error Code 503" not in one]


@pytest.mark.soak
@pytest.mark.parametrize("place", MAIN, ids=[place.name for place in MAIN])
def test_every_page_and_the_first_behind_it_are_fine_on_a_phone(place: Place, enter: Enter, watch: Watch) -> None:
    enter(place.login, WIDE)
    page = enter(place.login, PHONE)
    _visit(page, watch, place.path, f"phone-{place.name}")
    first = page.locator(ROW).first
    if first.count() and (behind := first.get_attribute("href")):
        _visit(page, watch, behind, f"phone-{place.name}-first")
