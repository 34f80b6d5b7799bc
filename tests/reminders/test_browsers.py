"""Being told by one's browser: added, tried, told, gone, signed out."""

from __future__ import annotations

import json
from ipaddress import ip_network

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core import push
from core.models import AuditEvent, User
from reminders import actions
from reminders.choices import Channel, Importance, State
from reminders.models import Browser, Occurrence, Preference
from reminders.rules.browsers import browser_name
from tests.receiver import Received, receiver
from tests.reminders.conftest import MONDAY_NINE, Truth

pytestmark = pytest.mark.django_db
HERE = "/reminders/settings/"
KEY = ec.derive_private_key(7, push.CURVE)
P256DH = push.encoded(KEY.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
SECRET = b"sixteen letters!"
CHROME = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36"


@pytest.fixture(autouse=True)
def loopback(settings):
    settings.REACHABLE_NETWORKS = [ip_network("127.0.0.0/8")]


def given(url: str) -> dict[str, str]:
    return {"endpoint": f"{url}/one", "p256dh": P256DH, "auth": push.encoded(SECRET)}


def make_browser(user: User, url: str, name: str = "one") -> Browser:
    return Browser.objects.create(user=user, label=name, **given(url) | {"endpoint": f"{url}/{name}"})


def opened(came: Received) -> dict[str, str]:
    """What the browser reads: the way back from sealing, by the browser's own key."""
    salt, ours, box = came.body[:16], came.body[21:86], came.body[86:]
    shared = KEY.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(push.CURVE, ours))
    root = push._derived(SECRET, shared, b"WebPush: info\0" + push.decoded(P256DH) + ours, 32)
    cipher = AESGCM(push._derived(salt, root, b"Content-Encoding: aes128gcm\0", 16))
    plain = cipher.decrypt(push._derived(salt, root, b"Content-Encoding: nonce\0", 12), box, None)
    return dict(json.loads(plain.removesuffix(b"\x02")))


def test_adding_one_sends_a_test_and_rings_what_also_comes_by_mail(as_user, rep):
    client = as_user(rep)
    with receiver(status=201) as server:
        page = client.post(
            f"{HERE}browsers/new/", given(server.url), HTTP_USER_AGENT=CHROME, follow=True
        ).content.decode()
    row = Browser.objects.get()
    assert (row.user, row.label, row.last_error) == (rep, "Chrome, Android", "")
    assert opened(server.requests[0])["title"].startswith("A test from")
    assert "A test message is on its way to Chrome, Android." in page and "this browser" in page
    assert Preference.objects.get(user=rep, rule="reminders.asked", channel=Channel.PUSH).is_on
    assert list(AuditEvent.objects.filter(actor=rep).order_by("id").values_list("code", flat=True))[-2:] == [
        "reminders.browser_added", "reminders.browser_tested",
    ]  # fmt: skip


def test_adding_it_twice_keeps_one_and_it_belongs_to_who_was_last(as_user, rep, colleague):
    with receiver(status=201) as server:
        for user in (rep, rep, colleague):
            as_user(user).post(f"{HERE}browsers/new/", given(server.url))
    assert [row.user for row in Browser.objects.all()] == [colleague]


def test_what_no_browser_gives_out_is_refused(as_user, rep, settings):
    client = as_user(rep)
    page = client.post(f"{HERE}browsers/new/", given("https://push.example") | {"p256dh": "AAAA"})
    assert page.status_code == 422 and "could not be read" in page.content.decode()
    settings.REACHABLE_NETWORKS = []
    with receiver() as inner:
        assert client.post(f"{HERE}browsers/new/", given(inner.url)).status_code == 422
    assert inner.requests == [] and not Browser.objects.exists()


def test_a_browser_is_its_owners_alone_and_the_last_one_takes_the_ticks_along(as_user, rep, colleague):
    row = make_browser(rep, "https://push.example")
    Preference.objects.create(user=rep, rule="reminders.asked", channel=Channel.PUSH, is_on=True)
    for verb in ("test", "remove"):
        assert as_user(colleague).post(f"{HERE}browsers/{row.pk}/{verb}/").status_code == 404
    as_user(rep).post(f"{HERE}browsers/{row.pk}/remove/")
    assert not Browser.objects.exists() and not Preference.objects.exists()


def test_signing_out_ends_it_there_and_only_there(as_user, rep):
    client = as_user(rep)
    other = make_browser(rep, "https://push.example", "other")
    with receiver(status=201) as server:
        client.post(f"{HERE}browsers/new/", given(server.url))
    client.post("/auth/logout/")
    assert list(Browser.objects.all()) == [other]


def planned(truth: Truth, rep: User) -> Occurrence:
    actions.set_preference(by=rep, rule="test.call", channel=Channel.PUSH, is_on=True)
    truth.facts = [(rep.pk, 7, MONDAY_NINE.date())]
    actions.plan(now=MONDAY_NINE)
    return Occurrence.objects.get(channel=Channel.PUSH)


def test_a_reminder_arrives_in_each_browser_once(truth, rep):
    with receiver(status=201) as server:
        for name in ("phone", "desk"):
            make_browser(rep, server.url, name)
        row = planned(truth, rep)
        assert [actions.send_channel(Channel.PUSH, now=MONDAY_NINE) for _turn in range(2)] == [1, 0]
    assert [came.path for came in server.requests] == ["/phone", "/desk"]
    shown = opened(server.requests[0])
    assert "7" in shown["title"] and shown["url"] == f"/reminders/{row.pk}/open/"
    assert len(server.requests[0].headers["Topic"]) == 32 and shown["tag"] == server.requests[0].headers["Topic"]
    assert server.requests[0].headers["Urgency"] == ("high" if row.importance >= Importance.HIGH else "normal")


def test_a_browser_that_is_gone_is_forgotten_and_the_reminder_given_up(truth, rep):
    with receiver(status=410) as server:
        make_browser(rep, server.url)
        row = planned(truth, rep)
        actions.send_channel(Channel.PUSH, now=MONDAY_NINE)
    row.refresh_from_db()
    assert row.state == State.PARKED and not Browser.objects.exists()
    assert not Preference.objects.filter(channel=Channel.PUSH).exists()


def test_a_server_that_stumbles_is_tried_again(truth, rep):
    with receiver(status=503) as server:
        make_browser(rep, server.url)
        row = planned(truth, rep)
        actions.send_channel(Channel.PUSH, now=MONDAY_NINE)
    row.refresh_from_db()
    assert row.state == State.PLANNED and row.free_at > MONDAY_NINE and Browser.objects.exists()


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (CHROME, "Chrome, Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox, Linux"),
        ("curl/8", ""),
    ],
)
def test_what_it_is_called(said, name):
    assert browser_name(said) == name
