"""Messages into chats: each chat's own form, and what it says when it does not want one."""

from __future__ import annotations

import json
from ipaddress import ip_network
from urllib.parse import urlsplit

import pytest

from core import outbound
from core.chat import Undelivered, chat_address, send_chat
from core.errors import DomainError
from tests.receiver import receiver

TEAMS = "https://prod-1.westeurope.logic.azure.com:443/workflows/643e69f83c8944/triggers/manual/paths/invoke?api-version=2022-03-01-preview&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=KODuebWbDGYFr0z0eu-6Rj8aUKz7108W3wrNJZxFE5A"
BOTS = {
    "wecom": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa",
    "dingtalk": "https://oapi.dingtalk.com/robot/send?access_token=" + "a1" * 32,
    "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/11223344-aaaa-bbbb-cccc-556677889900",
    "lark": "https://open.larksuite.com/open-apis/bot/v2/hook/11223344-aaaa-bbbb-cccc-556677889900",
    "slack": "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
    "teams": TEAMS,
}
TAKEN = {
    "slack": b"ok",
    "wecom": b'{"errcode":0,"errmsg":"ok"}',
    "dingtalk": b'{"errcode":0}',
    "feishu": b'{"code":0,"msg":"success"}',
}


@pytest.fixture
def lands(monkeypatch, settings):
    """`lands(here)`: whatever leaves for a chat arrives at this receiver instead, under its own path."""
    settings.REACHABLE_NETWORKS = [ip_network("127.0.0.0/8")]
    monkeypatch.setattr(outbound, "check_url", lambda _url: None)
    real = outbound.send

    def lands(here):
        def send(method, url, **options):
            parts = urlsplit(url)
            path = parts.path.lstrip("/") + (f"?{parts.query}" if parts.query else "")
            return real(method, here.url + path, **options)

        monkeypatch.setattr(outbound, "send", send)

    return lands


@pytest.mark.parametrize("kind", BOTS)
def test_the_address_a_chat_shows_is_understood(kind, monkeypatch):
    monkeypatch.setattr(outbound, "check_url", lambda _url: None)
    assert chat_address(f" {BOTS[kind]}\n").kind == kind


@pytest.mark.parametrize("kind", BOTS)
def test_each_chat_gets_the_message_in_its_own_form(kind, lands):
    with receiver(body=TAKEN.get(kind, b"{}")) as chat:
        lands(chat)
        send_chat(BOTS[kind], title="今日跟进", text="Call Red Star Steel.\nhttps://crm.example.com/r/1/", key="r-1")
    (request,) = chat.requests
    said = json.dumps(request.json, ensure_ascii=False)
    assert "今日跟进" in said and "Red Star Steel" in said and "https://crm.example.com/r/1/" in said
    assert request.path.split("?")[0].rstrip("/") == urlsplit(BOTS[kind]).path


def test_a_secret_of_dingtalk_signs_the_message(lands):
    with receiver(body=TAKEN["dingtalk"]) as chat:
        lands(chat)
        send_chat(BOTS["dingtalk"], title="t", text="x", key="r-1", secret="SEC" + "a1" * 32)
    assert "sign=" in chat.requests[0].path and "timestamp=" in chat.requests[0].path


@pytest.mark.parametrize(
    ("kind", "body", "reason"),
    [
        (
            "wecom",
            b'{"errcode":93000,"errmsg":"invalid webhook url"}',
            r"WeCom 企业微信.*invalid webhook url \(93000\)",
        ),
        ("dingtalk", '{"errcode":310000,"errmsg":"关键词不匹配"}'.encode(), r"钉钉.*关键词不匹配"),
        ("feishu", b'{"code":19024,"msg":"Key Words Not Found"}', "飞书.*Key Words Not Found"),
        ("slack", b"no_service", "Slack did not take the message"),
    ],
)
def test_a_chat_that_says_200_and_means_no_is_not_believed(kind, body, reason, lands):
    with receiver(body=body) as chat:
        lands(chat)
        with pytest.raises(Undelivered, match=reason) as undelivered:
            send_chat(BOTS[kind], title="t", text="x", key="r-1")
    assert undelivered.value.lasting


@pytest.mark.parametrize(("status", "lasting"), [(404, True), (410, True), (429, False), (500, False), (503, False)])
def test_a_webhook_that_refuses_says_so(status, lasting, settings):
    settings.REACHABLE_NETWORKS = [ip_network("127.0.0.0/8")]
    refuses = pytest.raises(Undelivered, match=r"127\.0\.0\.1 did not take the message: gone fishing")
    with receiver(status=status, body=b"gone fishing") as hook, refuses as undelivered:
        send_chat(hook.url, title="t", text="x", key="r-1")
    assert undelivered.value.lasting is lasting


def test_a_webhook_is_told_by_which_key_it_knows_a_second_try(settings):
    settings.REACHABLE_NETWORKS = [ip_network("127.0.0.0/8")]
    with receiver() as hook:
        send_chat(hook.url + "in/here?team=north", title="今日", text="Call.", key="reminder-7.1")
    (request,) = hook.requests
    assert request.headers["Idempotency-Key"] == "reminder-7.1"
    assert request.path == "/in/here?team=north"
    assert (request.json["title"], request.json["message"]) == ("今日", "Call.")


def test_nobody_at_home_is_worth_another_try(settings):
    settings.REACHABLE_NETWORKS = [ip_network("127.0.0.0/8")]
    with receiver() as hook:
        url = hook.url
    with pytest.raises(Undelivered, match="could not be reached") as undelivered:
        send_chat(url, title="t", text="x", key="r-1")
    assert not undelivered.value.lasting


def test_a_redirect_is_told_and_not_followed(settings):
    settings.REACHABLE_NETWORKS = [ip_network("127.0.0.0/8")]
    refuses = pytest.raises(Undelivered, match="another address")
    with receiver() as inner, receiver(status=307, headers={"Location": inner.url}) as outer, refuses:
        send_chat(outer.url, title="t", text="x", key="r-1")
    assert inner.requests == []


def test_an_inner_address_is_refused_when_typed_and_when_sent():
    with receiver() as inner:
        with pytest.raises(DomainError, match="inside our own network"):
            chat_address(inner.url)
        with pytest.raises(Undelivered, match="inside our own network") as undelivered:
            send_chat(inner.url, title="t", text="x", key="r-1")
    assert undelivered.value.lasting and inner.requests == []


def test_half_an_address_is_told(monkeypatch):
    monkeypatch.setattr(outbound, "check_url", lambda _url: None)
    with pytest.raises(DomainError, match="not the whole address"):
        chat_address("https://open.feishu.cn/open-apis/bot/v2/")
