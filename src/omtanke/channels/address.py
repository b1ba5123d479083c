"""Where we may send to: no address inside the house, neither as written nor by what a name leads to.

A name is resolved once, every address it leads to is checked, and the connection goes to exactly those that were checked.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from msgspec import Struct

from omtanke.vocabulary.refusal import CannotDo

PORTS = {"http": 80, "https": 443}
LONGEST_URL = 2000
NAT64 = ip_network("64:ff9b::/96")
# Inside a house, of a network provider's, or metadata of a hosting provider's, where Python's own lists say nothing or differ by version.
NEVER = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "100.64.0.0/10",
            "168.63.129.16/32",
            "169.254.0.0/16",
            "192.0.0.0/24",
            "192.88.99.0/24",
            "198.18.0.0/15",
            "240.0.0.0/4",
            "64:ff9b:1::/48",
            "100::/64",
            "2001::/23",
            "2001:db8::/32",
            "3fff::/20",
            "5f00::/16",
            "fc00::/7",
            "fe80::/10",
            "fec0::/10",
        ),
    )
)

Resolve = Callable[[str, int], list[str]]


class AddressRefused(CannotDo):
    """We do not send there. `code` names the rule, for pages that say it in their own words."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class Target(Struct, frozen=True):
    """An address taken apart. `name` is what the certificate has to say; `path` has its query."""

    is_tls: bool
    name: str
    port: int
    path: str

    @property
    def host(self) -> str:
        """As the Host header has it."""
        named = f"[{self.name}]" if ":" in self.name else self.name
        return named if self.port == PORTS["https" if self.is_tls else "http"] else f"{named}:{self.port}"

    @property
    def place(self) -> str:
        """host:port, as the setting `webhook_allow` names it."""
        return f"[{self.name}]:{self.port}" if ":" in self.name else f"{self.name}:{self.port}"


def read_url(url: str) -> Target:
    """Take an address apart. Raises AddressRefused when it is none that we send to."""
    if len(url) > LONGEST_URL or not url.isprintable() or " " in url or "\\" in url:
        raise AddressRefused("form", f"{url[:80]!r} is not an address; write it as in https://shop.example/hooks")
    try:
        parts = urlsplit(url)
        port = parts.port
        name = (parts.hostname or "").rstrip(".")
        name = name if ":" in name else name.encode("idna").decode("ascii")
    except (ValueError, UnicodeError) as error:
        raise AddressRefused("form", f"{url[:80]!r} is not an address: {error}") from error
    if parts.scheme not in PORTS or not name or port == 0 or "%" in name:
        raise AddressRefused("form", f"{url[:80]!r} is not an address; write it as in https://shop.example/hooks")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused("form", "an address with a name and password in it would show them to all; the signature says that it is us")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        raise AddressRefused("form", f"{url[:80]!r} has signs in its path that have to be written with %")
    return Target(parts.scheme == "https", name, port or PORTS[parts.scheme], path)


def is_public(text: str) -> bool:
    """Whether an IP address is one of the open internet; those that stand for another or carry one are judged by that one."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and (meant := _meant(address)) is not None:
        return _is_open(meant)
    return all(_is_open(one) for one in (address, *_carried(address)))


def _is_open(address: IPv4Address | IPv6Address) -> bool:
    if any(address in network for network in NEVER if network.version == address.version):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback)


def _meant(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that one of IPv6 is another way to write."""
    return IPv4Address(int(address) & 0xFFFF_FFFF) if address in NAT64 else address.ipv4_mapped


def _carried(address: IPv4Address | IPv6Address) -> Iterable[IPv4Address]:
    """The IPv4 addresses to which a tunnel leads on."""
    if isinstance(address, IPv4Address):
        return ()
    return [one for one in (address.sixtofour, *(address.teredo or ())) if one is not None]


def system_resolve(name: str, port: int) -> list[str]:
    """Every address of a name, as the system knows it."""
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Guard:
    """Decides where we may send. `allowed`: host:port of receivers in the shop's own network, by the setting `webhook_allow`."""

    def __init__(self, allowed: Iterable[str] = (), resolve: Resolve = system_resolve) -> None:
        self._allowed = frozenset(one.lower() for one in allowed)
        self._resolve = resolve

    def target(self, url: str) -> Target:
        """The address taken apart. Raises AddressRefused; plain http goes to the shop's own network only."""
        target = read_url(url)
        if not target.is_tls and not self._is_allowed(target):
            raise AddressRefused("plain", f"{target.place} would be written to in the open; use https, or name it in webhook_allow if it is yours")
        return target

    def _is_allowed(self, target: Target) -> bool:
        return target.place.lower() in self._allowed

    def addresses(self, target: Target) -> list[str]:
        """The IP addresses to connect to, each checked. Raises AddressRefused; OSError when the name leads nowhere."""
        found = self._resolve(target.name, target.port)
        if not self._is_allowed(target):
            for address in found:
                if not is_public(address):
                    raise AddressRefused(
                        "private", f"{target.name} leads to {address}, which is not on the open internet; name {target.place} in webhook_allow if it is yours"
                    )
        if not found:
            raise OSError(f"{target.name} has no address")
        return found

    async def checked(self, target: Target, pool: Executor) -> list[str]:
        """`addresses`, without holding up others while the name is looked up."""
        return await asyncio.get_running_loop().run_in_executor(pool, self.addresses, target)

    def require_sendable(self, url: str) -> None:
        """For a form: the address may be saved. A name that leads nowhere yet may be. Raises AddressRefused."""
        target = self.target(url)
        try:
            self.addresses(target)
        except OSError:
            return
