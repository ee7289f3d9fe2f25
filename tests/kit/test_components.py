"""The components as a whole: they compile, need nothing, keep to the strict CSP and use icons that exist."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

from platform_site.kit.actor import Actor
from platform_site.portals.navigation import ENTRIES
from platform_site.templatetags import states

TEMPLATES = Path(settings.BASE_DIR) / "templates"
PAGES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
COMPONENTS = [name for name in PAGES if name.startswith("components/")]
DRAWN_ALONE = ("documents/", "emails/")
_ICON = re.compile(r"""(?:{% icon |\bicon=|_icon=)["']([a-z0-9-]+)["']""")


@pytest.mark.parametrize("name", PAGES)
def test_every_template_compiles(name: str) -> None:
    assert get_template(name).template.name == name


@pytest.mark.parametrize("name", COMPONENTS)
@pytest.mark.urls("platform_site.operations_urls")  # no page exists there: links to pages must do without
def test_a_component_without_attributes_still_renders(name: str) -> None:
    request = RequestFactory().get("/")
    request.actor = Actor()  # type: ignore[attr-defined]
    assert isinstance(render_to_string(name, {}, request), str)


@pytest.mark.parametrize("name", [name for name in PAGES if not name.startswith(DRAWN_ALONE)])
def test_no_template_has_inline_style_or_script(name: str) -> None:
    text = (TEMPLATES / name).read_text()
    assert re.findall(r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]*\bsrc=)(?![^>]*application/json)", text) == []


def test_every_icon_in_use_is_in_the_sprite() -> None:
    sprite = set((TEMPLATES / "static" / "icons.txt").read_text().split())
    used = {icon for name in PAGES for icon in _ICON.findall((TEMPLATES / name).read_text())}
    used |= {entry.icon for entry in ENTRIES}
    used |= {look.icon for kind in states.KINDS for look in kind.values()}
    assert used - sprite == set()


def test_the_list_of_icons_is_sorted() -> None:
    names = (TEMPLATES / "static" / "icons.txt").read_text().split()
    assert names == sorted(set(names))
