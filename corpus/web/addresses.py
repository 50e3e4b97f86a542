"""Which machines a web address may lead to: public ones, unless a host is named as an exception.

A page, a redirect or a name server must not make us read the administration's own network.
"""

import ipaddress
import socket
import threading
from collections.abc import Set
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Global by their number, private by their use: Azure's service address, local NAT64, the site-local addresses of old.
_KEPT_OUT = [
    ipaddress.ip_network(network) for network in ("168.63.129.16/32", "64:ff9b:1::/48", "fec0::/10", "192.88.99.0/24")
]


class ForbiddenAddress(Exception):
    """A host that is not on the public internet; the message is its address."""


class Unresolved(Exception):
    """No name server knows the host, or none answered in time."""


def host_of(url: str) -> str:
    """The host of an http(s) address in lower case, without its www; empty for anything else."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def addresses_of(host: str, port: int, allowed: Set[str], wait: float) -> tuple[str, ...]:
    """Ask the name server once: the addresses of a host, in the order to try them. `wait` is in seconds.

    Raises ForbiddenAddress when any of them is not public, unless the host or that address is in `allowed`.
    """
    found: list[str] = []
    for family, _, _, _, place in _resolved(host, port, wait):
        if family in (socket.AF_INET, socket.AF_INET6):
            address = str(place[0])
            if host not in allowed and address not in allowed and not is_public(address):
                raise ForbiddenAddress(address)
            found.append(address)
    if not found:
        raise Unresolved(host)
    return tuple(dict.fromkeys(found))


def is_public(address: str) -> bool:
    """Whether an address, and any address wrapped in it (IPv4 in IPv6), is on the public internet."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return all(_is_public(each) for each in (ip, *_wrapped(ip)))


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    # An address of IPv4 in IPv6 is judged by what it wraps: Python holds ::ffff:0:0/96 for private as a whole.
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        return True
    private = ip.is_multicast or ip.is_unspecified or ip.is_loopback or ip.is_link_local or ip.is_reserved
    return (
        (ip.is_global or ip in _NAT64)
        and not (private and ip not in _NAT64)
        and not any(ip in network for network in _KEPT_OUT)
    )


def _wrapped(ip: IPv4Address | IPv6Address) -> list[IPv4Address]:
    if isinstance(ip, IPv4Address):
        return []
    wrapped = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if ip in _NAT64:
        wrapped.append(IPv4Address(int(ip) & 0xFFFFFFFF))
    return [each for each in wrapped if each is not None]


def _resolved(
    host: str, port: int, wait: float
) -> list[tuple[socket.AddressFamily, object, int, str, tuple[object, ...]]]:
    """getaddrinfo in a thread of its own: it knows no time limit."""
    answer: list[tuple[socket.AddressFamily, object, int, str, tuple[object, ...]]] = []
    failed: list[Exception] = []

    def ask() -> None:
        try:
            answer.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            failed.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(wait)
    if asking.is_alive() or failed:
        raise Unresolved(host) from (failed[0] if failed else None)
    return list(answer)
