"""What a person does on a page, and what is looked at on every page of the journey."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from platform_site.management.season.papers import Invoice, Party
from tests.browser.running import Platform
from tests.browser.watch import Watch, barriers, shot, too_wide


@dataclass
class Journey:
    """One voucher on its way; what later steps need to know of earlier ones."""

    platform: Platform
    watch: Watch
    papers: Path
    enterprise: Party
    login: str
    password: str
    product: str = ""
    supplier: str = ""
    contract: str = "LD-0416-03"
    total: Decimal = Decimal("24000.00")
    devices: tuple[str, ...] = ()
    voucher: str = ""
    receipt: str = ""
    redemption: str = ""
    key: tuple[str, str] = ("", "")
    notice: str = ""
    reference: str = ""
    seen: list[str] = field(default_factory=list)
    stopped: str = ""

    @property
    def now(self) -> datetime:
        """The platform's own time: the machine's, and what was dialled."""
        return datetime.now(UTC) + self.platform.offset

    @property
    def today(self) -> date:
        return (self.now + timedelta(hours=8)).date()

    def dial(self, days: int) -> None:
        self.platform.dial(f"+{days}d")

    def paper(self, name: str, content: bytes) -> Path:
        """A file on the person's own disk."""
        path = self.papers / name
        path.write_bytes(content)
        return path

    def look(self, page: Page, name: str) -> None:
        """Every page of the journey: barriers and width are noted, the picture is kept."""
        self.watch.wrong += [*barriers(page), *too_wide(page)]
        self.seen.append(shot(page, f"journey-{len(self.seen) + 1:02d}-{name}").name)


def fill(page: Page | Locator, values: Mapping[str, str]) -> None:
    """By the names of the fields; selects and dates too."""
    for name, value in values.items():
        box = page.locator(f"[name='{name}']")
        if box.evaluate("e => e.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)


def press(page: Page, button: str, *, exact: bool = True) -> None:
    """A button that leads to another page."""
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=exact).click()


_CLICKS = "Number(sessionStorage.getItem('clicks') || 0)"
_COUNTING = f"addEventListener('click', (e) => e.isTrusted && sessionStorage.setItem('clicks', {_CLICKS} + 1), true)"


def count_clicks(page: Page) -> None:
    """From now on, a person's clicks alone, over all pages of the tab."""
    page.add_init_script(_COUNTING)
    page.reload()
    page.evaluate("sessionStorage.removeItem('clicks')")


def clicks(page: Page) -> int:
    return int(page.evaluate(_CLICKS))


def state(page: Page) -> str:
    """The state at the head of a page."""
    return page.locator(".pf-head .pf-state, .pf-state.lg").first.inner_text().strip()


def told(page: Page, text: str) -> None:
    expect(page.locator("main")).to_contain_text(text)


@contextmanager
def saved_by_itself(page: Page) -> Iterator[None]:
    """Something is typed and nothing pressed; the page saves it."""
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.ok):
        yield


def two_invoices(*, seller: Party, buyer: Party, whole: Decimal, day: date) -> list[Invoice]:
    """A classic paper one and a fully digital one; their numbers come from the buyer's, so that each is used once."""
    first = (whole * Decimal("0.6")).quantize(Decimal("0.01"))
    serial, goods = buyer.code[11:17], "*软件服务*应用服务"
    return [
        Invoice("044002600111", f"31{serial}", day - timedelta(days=9), first, seller, buyer, goods),
        Invoice("", f"26442000000031{serial}", day - timedelta(days=5), whole - first, seller, buyer, goods),
    ]
