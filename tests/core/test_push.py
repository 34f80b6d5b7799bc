"""Web Push: sealed as RFC 8291's own example, taken, refused, gone; never into our own network (T21)."""

from __future__ import annotations

import re
from ipaddress import ip_network

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from core import push
from core.errors import DomainError
from core.push import Subscription, Unpushed, decoded, encoded, send_push
from tests.receiver import receiver

BROWSER = Subscription(
    endpoint="https://push.example.net/one",
    p256dh="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    auth="BTBZMqHH6r4Tts7J_aSIgg",
)


@pytest.fixture
def loopback(settings):
    settings.REACHABLE_NETWORKS = [ip_network("127.0.0.0/8")]


def at(url: str) -> Subscription:
    return Subscription(url, BROWSER.p256dh, BROWSER.auth)


def test_the_example_of_the_rfc():
    own = ec.derive_private_key(
        int.from_bytes(decoded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), push.CURVE
    )
    sealed = push.sealed(
        b"When I grow up, I want to be a watermelon", BROWSER, own=own, salt=decoded("DGv6ra1nlYgDCS1FRnbzlw")
    )
    assert encoded(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_two_messages_are_never_sealed_alike():
    assert push.sealed(b"same", BROWSER) != push.sealed(b"same", BROWSER)


@pytest.mark.usefixtures("loopback")
def test_what_the_browsers_server_is_given(settings):
    settings.SITE_URL = "https://keyline.example"
    with receiver(status=201) as server:
        send_push(at(f"{server.url}/abc"), b"x", topic="one", urgent=True)
    [came] = server.requests
    assert came.path == "/abc"
    assert {name: came.headers[name] for name in ("Content-Encoding", "TTL", "Topic", "Urgency")} == {
        "Content-Encoding": "aes128gcm", "TTL": "86400", "Topic": "one", "Urgency": "high",
    }  # fmt: skip
    assert re.fullmatch(rf"vapid t=[\w-]+\.[\w-]+\.[\w-]+,k={push.application_key()}", came.headers["Authorization"])
    assert len(came.body) == 16 + 4 + 1 + 65 + 1 + 1 + 16  # salt, size, key, one letter, its end, the seal


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize(
    ("status", "lasting", "gone"),
    [(410, True, True), (404, True, True), (400, True, False), (429, False, False), (500, False, False)],
)
def test_what_a_refusal_means(status, lasting, gone):
    with receiver(status=status, body=b"no") as server, pytest.raises(Unpushed) as refused:
        send_push(at(server.url), b"x", topic="one")
    assert (refused.value.lasting, refused.value.gone) == (lasting, gone)


def test_our_own_network_is_never_asked():
    with receiver() as inner:
        with pytest.raises(DomainError):
            push.check_subscription(at(inner.url))
        with pytest.raises(Unpushed) as refused:
            send_push(at(inner.url), b"x", topic="one")
    assert refused.value.lasting and inner.requests == []


@pytest.mark.parametrize("changed", [{"p256dh": "AAAA"}, {"auth": "AAAA"}, {"p256dh": "…"}, {"auth": "é"}])
def test_keys_that_are_none_are_refused(changed):
    with pytest.raises(DomainError) as refused:
        push.check_subscription(Subscription(**(BROWSER.__dict__ | changed)))
    assert refused.value.field == "p256dh"
