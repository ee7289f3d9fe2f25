"""Eyes on a page: its errors, its policy violations, its accessibility, its width."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response

from tests.browser.running import ROOT

SHOTS = ROOT / "var" / "shots"
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
VIOLATIONS = """
document.addEventListener('securitypolicyviolation', (e) =>
  console.error('CSP: ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sourceFile + ':' + e.lineNumber));
"""
ONLY_WRONG = {"resultTypes": ["violations"]}  # the rest is not even put together
_axe = Axe()


@dataclass
class Watch:
    """Everything that went wrong in one browser context. `expected`: answers that a test asks for, such as 422."""

    wrong: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    def over(self, context: BrowserContext) -> None:
        context.add_init_script(VIOLATIONS)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.wrong.append(f"script: {error.error}"))
        context.on("response", self._answered)

    def nothing_wrong(self) -> None:
        assert self.wrong == [], "\n" + "\n".join(dict.fromkeys(self.wrong))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:  # those are counted as answers
            self.wrong.append(f"{message.page.url if message.page else ''}: {message.text}")

    def _answered(self, answer: Response) -> None:
        if answer.status >= 400 and answer.status not in self.expected:
            self.wrong.append(f"{answer.status} {answer.request.method} {answer.url}")


def barriers(page: Page) -> list[str]:
    """What axe finds: rule, place and remedy."""
    found: list[dict[str, Any]] = _axe.run(page, options=ONLY_WRONG).response["violations"]
    return [
        f"{page.url}: {one['id']}: {node['html'][:160]} ({'; '.join(node['failureSummary'].splitlines()[1:])[:240]})"
        for one in found
        for node in one["nodes"][:5]
    ]


def too_wide(page: Page) -> list[str]:
    """What makes the page itself scroll sideways."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
           [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
           .slice(0, 4).map(e => e.outerHTML.slice(0, 160))"""
    )
    return [f"{page.url}: too wide: {html}" for html in found]


def shot(page: Page, name: str) -> Path:
    """The whole page as a picture under var/shots/, to be looked at; only where SHOTS=1 asks for it."""
    path = SHOTS / f"{name}.png"
    if os.environ.get("SHOTS", "") != "1":
        return path
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=path, full_page=True)
    return path


# Of radio buttons of one name the keys reach one; what is folded away is reached once it is open.
CONTROLS = """() => {
  const all = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
  const named = new Set();
  window.__unreached = new Set([...document.querySelectorAll('main ' + all.split(', ').join(', main '))].filter((e) => {
    if (e.disabled || e.tabIndex < 0 || !e.checkVisibility({visibilityProperty: true})) return false;
    if (e.type !== 'radio') return true;
    const first = !named.has(e.name);
    named.add(e.name);
    return first;
  }));
  window.__hidden = [];
  document.addEventListener('focusin', ({target}) => {
    const ringed = (e) => e && getComputedStyle(e).outlineStyle !== 'none';
    const shown = ringed(target) || ringed(target.parentElement) || getComputedStyle(target).boxShadow !== 'none';
    if (!shown) __hidden.push(target.outerHTML);
    const same = target.type === 'radio' && [...__unreached].find((e) => e.name === target.name);
    __unreached.delete(same || target);
  });
  return __unreached.size;
}"""


def out_of_reach(page: Page) -> list[str]:
    """What the Tab key does not come to, and where nobody sees that it is there."""
    controls: int = page.evaluate(CONTROLS)
    for number in range(controls + 80):  # head and menu come before
        page.keyboard.press("Tab")
        if number % 20 == 19 and not page.evaluate("__unreached.size"):
            break
    missed, unseen = page.evaluate("[[...__unreached].map(e => e.outerHTML), __hidden]")
    return [
        *(f"{page.url}: not by keyboard: {html[:160]}" for html in missed),
        *(f"{page.url}: focus is not seen: {html[:160]}" for html in unseen),
    ]
