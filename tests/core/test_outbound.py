"""T21: what a user types as an address reaches the open internet, never our own house."""

from __future__ import annotations

import socket
from ipaddress import ip_address, ip_network

import pytest
import requests

from core import outbound
from core.errors import DomainError
from tests.receiver import receiver

INSIDE = """
http://127.0.0.1/ http://127.1/ http://127.0.1.3:8000/ http://2130706433/ http://0x7f000001/ http://0x7f.1/ http://0177.0.0.1/
http://017700000001/ http://0/ http://0.0.0.0/ http://localhost/ http://LOCALHOST./ http://１２７.0.0.1/ http://①②⑦.0.0.1/
http://user:word@127.0.0.1/ http://[::1]/ http://[::]/ http://[::ffff:127.0.0.1]/ http://[::ffff:7f00:1]/ http://[0:0:0:0:0:ffff:10.0.0.1]/
http://[64:ff9b::7f00:1]/ http://[64:ff9b::10.0.0.1]/ http://[2002:7f00:1::]/ http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/
http://[fe80::1]/ http://[fe80::1%25eth0]/ http://[fc00::1]/ http://[fd12:3456::1]/ http://[ff02::1]/ http://[fec0::1]/
http://10.0.0.1/ http://10.255.255.254/ http://172.16.0.1/ http://172.31.255.1/ http://192.168.1.1/ http://0300.0250.1.1/ http://3232235777/
http://169.254.169.254/latest/meta-data/ http://0xa9fea9fe/ http://[fd00:ec2::254]/ http://100.100.100.200/ http://100.64.0.1/
http://192.0.0.192/ http://198.18.0.1/ http://192.88.99.1/ http://224.0.0.1/ http://239.255.255.250:1900/ http://255.255.255.255/ http://240.0.0.1/
""".split()


@pytest.fixture
def connects(monkeypatch):
    """Every address that a socket is asked to connect to."""
    asked: list[object] = []

    def connect(_self: socket.socket, address: object) -> None:
        asked.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    return asked


@pytest.fixture
def names(monkeypatch):
    """`names["rebind.example"] = ["93.184.216.34"], ["127.0.0.1"]`: what a name answers, one list a question."""
    book: dict[str, list[list[str]]] = {}
    real = socket.getaddrinfo

    def getaddrinfo(host, port, *rest, **named):
        if host not in book:
            return real(host, port, *rest, **named)
        answers = book[host]
        numbers = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port or 0)) for number in numbers]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return book


@pytest.mark.parametrize("url", INSIDE)
def test_no_notation_of_an_inner_address_is_connected_to(url, connects):
    with pytest.raises(requests.RequestException):
        outbound.send("POST", url, data="x")
    assert connects == []
    with pytest.raises(DomainError):
        outbound.check_url(url)


def test_forty_addresses_are_tried():
    assert len(INSIDE) >= 40


@pytest.mark.parametrize(
    "url",
    [
        "",
        "chat",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_x",
        "http://",
        "https:///x",
        "http://[::1",
        "unix:///tmp/s",
    ],
)
def test_only_an_address_of_the_web_is_one(url):
    with pytest.raises(DomainError) as refused:
        outbound.check_url(url)
    assert refused.value.code in {"not_an_address", "unresolved"}


def test_a_name_with_an_inner_face_is_not_trusted(names, connects):
    names["two.example"] = [["93.184.216.34", "10.0.0.5"]]
    with pytest.raises(outbound.Inside):
        outbound.send("POST", "http://two.example/")
    assert connects == []


def test_a_name_is_asked_once_and_that_number_is_connected_to(names, connects):
    names["rebind.example"] = [["93.184.216.34"], ["127.0.0.1"]]
    with pytest.raises(requests.ConnectionError):
        outbound.send("POST", "http://rebind.example:8080/")
    assert connects == [("93.184.216.34", 8080)]


def test_an_unknown_name_is_told(names, monkeypatch):
    def nobody(*_args, **_named):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(DomainError, match=r"no server called “nobody\.example”"):
        outbound.check_url("https://nobody.example/hook")


def test_a_redirect_is_not_followed(settings):
    with receiver() as inner, receiver(status=302, headers={"Location": inner.url}) as outer:
        settings.REACHABLE_NETWORKS = [ip_network("127.0.0.0/8")]
        answer = outbound.send("POST", outer.url, data="x")
    assert answer.is_redirect and len(outer.requests) == 1
    assert inner.requests == []


def test_an_administrator_may_allow_a_network(settings):
    settings.REACHABLE_NETWORKS = [ip_network("127.0.0.0/8")]
    with receiver() as here:
        outbound.check_url(here.url)
        answer = outbound.send("POST", here.url + "hook?a=1", json={"text": "你好"})
    assert answer.json() == {"ok": True}
    assert here.requests[0].path == "/hook?a=1" and here.requests[0].json == {"text": "你好"}
    assert here.requests[0].headers["Host"] == here.url.split("/")[2]
    assert outbound.is_inside(ip_address("10.0.0.1"))


def test_the_proxies_of_the_machine_are_not_used(monkeypatch, connects, names):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:3128")
    names["chat.example"] = [["93.184.216.34"]]
    with pytest.raises(requests.ConnectionError):
        outbound.send("POST", "http://chat.example/")
    assert connects == [("93.184.216.34", 80)]


def test_a_long_answer_is_cut_off(settings):
    settings.REACHABLE_NETWORKS = [ip_network("127.0.0.0/8")]
    with receiver(body=b"x" * 1_000_000) as here:
        answer = outbound.send("POST", here.url)
    assert outbound.MOST_OF_AN_ANSWER <= len(answer.content) < 2 * outbound.MOST_OF_AN_ANSWER
