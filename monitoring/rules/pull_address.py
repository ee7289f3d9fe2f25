"""Which addresses the platform asks: a public web server by TLS; inside networks only where its operator allows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
MAX_ADDRESS = 300
_GLOBAL_UNICAST = ip_network("2000::/3")
_WRAPS_IPV4 = (ip_network("2002::/16"), ip_network("2001::/32"))  # 6to4, Teredo: lead to an IPv4 address inside


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A web address in its parts; target: path and query as sent."""

    secure: bool
    host: str
    port: int
    target: str

    @property
    def host_header(self) -> str:
        usual = self.port == (443 if self.secure else 80)
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if usual else f"{host}:{self.port}"


def endpoint_of(address: str) -> Endpoint | None:
    """None when it is not an address that may be asked: other scheme, account, fragment, control characters."""
    if (
        len(address) > MAX_ADDRESS
        or not address.isascii()
        or any(ord(char) <= 32 or char == "\x7f" for char in address)
    ):
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or parts.fragment:
        return None
    secure = parts.scheme == "https"
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Endpoint(secure, parts.hostname, port or (443 if secure else 80), target)


def networks_of(texts: Iterable[str]) -> tuple[Network, ...]:
    """Raises ValueError for what is no network: a wrong setting must not go unnoticed."""
    return tuple(ip_network(text.strip()) for text in texts if text.strip())


def may_be_asked(host: str, allowed: Sequence[Network]) -> bool:
    """A public address, or one of the networks allowed. `host`: an IP address as text, with or without zone."""
    address = plain(host)
    return is_allowed(address, allowed) or _is_public(address)


def is_ip_address(host: str) -> bool:
    try:
        plain(host)
    except ValueError:
        return False
    return True


def is_allowed(address: Address, allowed: Sequence[Network]) -> bool:
    return any(address in network for network in allowed)


def plain(host: str) -> Address:
    """IPv4 in IPv6 clothes is IPv4."""
    address = ip_address(host.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_public(address: Address) -> bool:
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if isinstance(address, IPv4Address):
        return True
    return address in _GLOBAL_UNICAST and not any(address in network for network in _WRAPS_IPV4)
