"""What every page gets beside its own context: the server's time, the menu of the person, the density of the shell."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from platform_site.kit import clock
from platform_site.kit.actor import ANONYMOUS, Actor
from platform_site.portals import navigation


@dataclass(frozen=True, slots=True)
class Link:
    """A menu line whose page exists."""

    label: str
    url: str
    icon: str = ""
    badge_id: str = ""
    section: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    links: list[Link] = field(default_factory=list)


def shell(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", ANONYMOUS)
    comfort = not actor.roles or actor.has(*navigation.COMFORT_ROLES)
    return {
        "server_now": clock.now(),
        "clock_is_dialled": clock.offset() != timedelta(0),
        "navigation": _menu(actor, request.path),
        "public_navigation": _public_menu(request.path),
        "workplace": navigation.workplace_of(actor),
        "density": "pf-comfort" if comfort else "",
        "home_url": home_url(actor),
        "badges_url": _address("portals:badges"),
    }


def home_url(actor: Actor) -> str:
    """The first page of the person's menu, else the public home page."""
    addresses = (_address(entry.route) for entry in navigation.entries_for(actor))
    return next((url for url in addresses if url), "") or _address("public:home") or "/"


def _menu(actor: Actor, path: str) -> list[Section]:
    found = [(entry, url) for entry in navigation.entries_for(actor) if (url := _address(entry.route))]
    here = _longest_match([url for _, url in found], path)
    links = [
        Link(entry.label, url, entry.icon, entry.badge_id if entry.badge else "", entry.section, url == here)
        for entry, url in found
    ]
    return [Section(title, list(group)) for title, group in groupby(links, key=lambda link: link.section)]


def _public_menu(path: str) -> list[Link]:
    found = [(label, url) for route, label in navigation.PUBLIC if (url := _address(route))]
    here = _longest_match([url for _, url in found], path)
    return [Link(label, url, current=url == here) for label, url in found]


def _longest_match(urls: list[str], path: str) -> str:
    """The menu line a page belongs to: the longest address its own begins with ("/" only for itself)."""
    fitting = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(fitting, key=len, default="")


def _address(route: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""
