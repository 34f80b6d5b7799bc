"""Requests to addresses that a person typed (a chat, a webhook): they reach the open internet, never our own house (T21).

The name is resolved once and the connection goes to exactly the number that was checked, so a name that answers
differently a moment later gains nothing; redirects are not followed; proxies and passwords of the machine are not used.
`KEYLINE_REACHABLE_NETWORKS` names inner networks that are allowed all the same. (requests-hardened does the first half;
it knows no such exception, which a chat server in the same office needs.)
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from io import BytesIO
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

import requests
from django.conf import settings
from django.utils.translation import gettext as _
from requests.adapters import HTTPAdapter
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from core.errors import DomainError

Address = IPv4Address | IPv6Address

TIMEOUT = (5, 10)  # seconds to connect, and between two pieces of an answer
LONGEST = 15.0  # seconds for a whole answer
MOST_OF_AN_ANSWER = 64 * 1024  # bytes; a longer one is cut off
NAT64 = ip_network("64:ff9b::/96")
NEVER_MEANT = [  # global by the books, yet a way around: old tunnels, local translation, site-local, segment routing
    ip_network(block)
    for block in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "2002::/16",
        "2001::/32",
        "64:ff9b:1::/48",
        "fec0::/10",
        "5f00::/16",
        "3fff::/20",
    )
]


class Inside(requests.RequestException):
    """The address lies in a network that requests of users do not reach."""


class Unresolved(requests.ConnectionError):
    """No such name."""


def is_inside(address: Address) -> bool:
    """Whether this is our machine, our network, the cloud's, or nobody's; an allowed network never is."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_inside(address.ipv4_mapped)
        if address in NAT64:
            return is_inside(IPv4Address(int(address) & 0xFFFFFFFF))
    if any(address in network for network in settings.REACHABLE_NETWORKS):
        return False
    if address.is_multicast or address.is_reserved or not address.is_global:
        return True
    return any(address in network for network in NEVER_MEANT)


def outside_address(host: str, port: int | None) -> str:
    """The number to connect to. Inside if any number of the name is: a name with two faces is not trusted."""
    numbers = list(_numbers(host, port))
    if not numbers:
        raise Unresolved(host)
    if any(is_inside(number) for number in numbers):
        raise Inside(host)
    return str(numbers[0])


def _numbers(host: str, port: int | None) -> Iterator[Address]:
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unresolved(host) from error
    for *_family, address in found:
        yield ip_address(str(address[0]).partition("%")[0])


def check_url(url: str) -> None:
    """Refuse an address that is none, or that lies inside, with a sentence for whoever typed it."""
    try:
        parts = parse_url(url)
    except LocationParseError:
        parts = parse_url("")
    if parts.scheme not in {"http", "https"} or not parts.host:
        raise DomainError(_("This is not an address that begins with https://."), code="not_an_address")
    check_host(parts.host, parts.port)


def check_host(host: str, port: int | None = None) -> None:
    """The same for a name without its address."""
    try:
        outside_address(host, port)
    except Inside:
        raise DomainError(inside_words(host), code="inside") from None
    except Unresolved:
        raise DomainError(unresolved_words(host), code="unresolved") from None


def inside_words(host: str) -> str:
    """Why an inner address is refused."""
    return _(
        "“%(host)s” lies inside our own network, where messages are not sent. An administrator of the server can allow it."
    ) % {"host": host}


def unresolved_words(host: str) -> str:
    """Why an unknown name is refused."""
    return _("There is no server called “%(host)s”. Look whether the address was copied whole.") % {"host": host}


class GuardedAdapter(HTTPAdapter):
    """Connects to the number that was checked; certificate and Host header stay those of the name."""

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> Any:
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        name, port = host["host"], host["port"]
        request.headers["Host"] = (f"[{name}]" if ":" in name else name) + (f":{port}" if port else "")
        if host["scheme"] == "https":
            pool = {**pool, "server_hostname": name, "assert_hostname": name}
        number = outside_address(name, port)
        return {**host, "host": f"[{number}]" if ":" in number else number}, pool


def session() -> requests.Session:
    """A session of requests that stays outside. One per message: nothing of one is left for the next."""
    guarded = requests.Session()
    guarded.trust_env = False
    for scheme in ("http://", "https://"):
        guarded.mount(scheme, GuardedAdapter())
    return guarded


def send(method: str, url: str, **options: Any) -> requests.Response:
    """One request, its answer read to a limit. A redirect is an answer like any other."""
    options |= {"allow_redirects": False, "stream": True, "timeout": TIMEOUT}
    with session() as guarded:
        answer = guarded.request(method, url, **options)
        answer.raw = BytesIO(_limited(answer))  # what `.content` and `.json()` read
        return answer


def _limited(answer: requests.Response) -> bytes:
    """The body up to a size and a time: who answers a byte a minute holds up nobody."""
    until = time.monotonic() + LONGEST
    body = b""
    while len(body) < MOST_OF_AN_ANSWER and time.monotonic() < until:
        piece = answer.raw.read1(4096, decode_content=True)
        if not piece:
            break
        body += piece
    return body
