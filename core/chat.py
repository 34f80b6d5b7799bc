"""Messages into team chats: WeCom, DingTalk, Feishu/Lark, Slack, Teams, and a plain webhook for whatever else there is.

The person pastes the address the chat shows for a bot. Apprise knows each chat's language; it speaks through our guard
(`core.outbound`), and we read the answer ourselves: WeCom, DingTalk and Feishu say “200 OK” to a message they throw away
and name the reason in the body, which Apprise does not look at.
"""

from __future__ import annotations

import re
import sys
import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import requests
from django.utils.translation import gettext as _

from core import outbound
from core.errors import DomainError

WEBHOOK = "webhook"
NATIVE = (  # what the chats show in their settings: the kind, and the parts that Apprise wants
    ("wecom", re.compile(r"https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send/?\?key=(?P<token>[\w-]+)$")),
    ("dingtalk", re.compile(r"https://oapi\.dingtalk\.com/robot/send/?\?access_token=(?P<token>\w+)$")),
    ("feishu", re.compile(r"https://open\.feishu\.cn/open-apis/bot/v2/hook/(?P<token>[\w-]+)/?$")),
    ("lark", re.compile(r"https://open\.larksuite\.com/open-apis/bot/v2/hook/(?P<token>[\w-]+)/?$")),
    ("slack", re.compile(r"https://hooks\.slack\.com/services/(?P<token>\w+/\w+/\w+)/?$")),
    ("teams", re.compile(r"https://[\w.-]+(:\d+)?/(powerautomate/automations/direct/)?(cu/\d+/)?workflows/[\w-]+/.+$")),
)
CHATS = {
    "wecom": "WeCom 企业微信",
    "dingtalk": "DingTalk 钉钉",
    "feishu": "Feishu 飞书",
    "lark": "Lark",
    "slack": "Slack",
    "teams": "Microsoft Teams",
}
CODES = ("errcode", "code", "StatusCode")
REASONS = ("errmsg", "msg", "StatusMessage", "error")


class Undelivered(Exception):
    """The chat did not take the message; `reason` is a sentence, `lasting` whether trying again is pointless."""

    def __init__(self, reason: str, *, lasting: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.lasting = lasting


@dataclass(frozen=True)
class ChatAddress:
    """An address that was understood: which chat, and the key in it."""

    kind: str
    url: str
    token: str = ""

    @property
    def label(self) -> str:
        """The chat's own name; of a webhook its server."""
        return CHATS.get(self.kind) or urlsplit(self.url).hostname or ""


def chat_address(url: str) -> ChatAddress:
    """Which chat an address belongs to. Refused if it is none, or lies inside our network."""
    url = url.strip()
    for kind, shape in NATIVE:
        if found := shape.match(url):
            if kind == "teams":
                outbound.check_url(url)
            return ChatAddress(kind, url, found.groupdict().get("token") or "")
    outbound.check_url(url)
    host = urlsplit(url).hostname or ""
    for name in ("weixin.qq.com", "dingtalk.com", "feishu.cn", "larksuite.com", "slack.com"):
        if host.endswith(name):
            raise DomainError(_("This is not the whole address of a bot. Copy it once more from the chat’s settings."))
    return ChatAddress(WEBHOOK, url)


def send_chat(url: str, *, title: str, text: str, key: str, secret: str = "") -> None:
    """Put a message into the chat, or raise Undelivered. A webhook gets `key` as its Idempotency-Key."""
    try:
        address = chat_address(url)
    except DomainError as refusal:
        raise Undelivered(str(refusal.message), lasting=refusal.code != "unresolved") from refusal
    plugin = _plugin(address, secret, key)
    sys.modules[type(plugin).__module__].requests = GUARDED  # type: ignore[attr-defined]
    plugin.request_rate_per_sec = 0  # it would sleep before its own first message; a chat that has enough says 429
    GUARDED.forget()
    taken = plugin.notify(body=text, title=title)
    _judge(address, taken)


def _plugin(address: ChatAddress, secret: str, key: str) -> Any:
    """Apprise's speaker of that chat. Imported here: only who sends pays for it."""
    from apprise.asset import AppriseAsset
    from apprise.plugins.custom_json import NotifyJSON
    from apprise.plugins.dingtalk import NotifyDingTalk
    from apprise.plugins.feishu import NotifyFeishu
    from apprise.plugins.lark import NotifyLark
    from apprise.plugins.slack import NotifySlack
    from apprise.plugins.wecombot import NotifyWeComBot
    from apprise.plugins.workflows import NotifyWorkflows

    asset = AppriseAsset(app_id="Keyline", app_desc="Keyline", http_redirects=False)
    if address.kind == WEBHOOK:
        return _webhook(NotifyJSON, address.url, asset, key)
    if address.kind == "teams":
        return NotifyWorkflows(**NotifyWorkflows.parse_native_url(address.url), asset=asset)
    if address.kind == "slack":
        return NotifySlack(**NotifySlack.parse_native_url(address.url), asset=asset)
    if address.kind == "dingtalk":
        return NotifyDingTalk(token=address.token, secret=secret or None, asset=asset)
    if address.kind == "wecom":
        return NotifyWeComBot(key=address.token, asset=asset)
    return (NotifyLark if address.kind == "lark" else NotifyFeishu)(token=address.token, asset=asset)


def _webhook(speaker: Any, url: str, asset: Any, key: str) -> Any:
    parts = urlsplit(url)
    return speaker(
        host=parts.hostname,
        port=parts.port,
        secure=parts.scheme == "https",
        schema="jsons" if parts.scheme == "https" else "json",
        fullpath=quote(parts.path or "/", safe="/%"),
        params=dict(parse_qsl(parts.query, keep_blank_values=True)),
        user=parts.username,
        password=parts.password,
        headers={"Idempotency-Key": key},
        asset=asset,
    )


def _judge(address: ChatAddress, taken: bool) -> None:
    """Raise Undelivered unless the chat really took it; its own words, where it gave any, are the reason."""
    answer, failure = GUARDED.answer, GUARDED.failure
    if isinstance(failure, outbound.Inside):
        raise Undelivered(outbound.inside_words(urlsplit(address.url).hostname or ""), lasting=True)
    if failure is not None or answer is None:
        raise Undelivered(_("%(chat)s could not be reached.") % {"chat": address.label})
    if answer.is_redirect:
        raise Undelivered(
            _("%(chat)s sends on to another address, which is not followed.") % {"chat": address.label}, lasting=True
        )
    words = _words(answer) or ("" if taken else answer.text.strip()[:200])
    if answer.ok and taken and not words:
        return
    lasting = (answer.ok and bool(words)) or (400 <= answer.status_code < 500 and answer.status_code not in {408, 429})
    said = {"chat": address.label, "reason": words or f"HTTP {answer.status_code}"}
    raise Undelivered(_("%(chat)s did not take the message: %(reason)s") % said, lasting=lasting)


def _words(answer: requests.Response) -> str:
    """The reason in a body that refuses; empty for one that agrees."""
    try:
        body = answer.json()
    except ValueError:
        return "" if answer.ok else answer.text.strip()[:200]
    if not isinstance(body, dict):
        return ""
    refused = any(body.get(name) not in (None, 0, "0") for name in CODES) or not answer.ok
    if not refused:
        return ""
    said = next((str(body[name]) for name in REASONS if body.get(name)), "")
    code = next((str(body[name]) for name in CODES if body.get(name) not in (None, 0)), "")
    return " ".join(filter(None, (said, f"({code})" if code else "")))[:300]


class GuardedRequests(threading.local):
    """What Apprise knows as `requests`: every call goes through the guard, and the last answer is kept for us."""

    codes = requests.codes
    RequestException = requests.RequestException
    answer: requests.Response | None = None
    failure: Exception | None = None

    def forget(self) -> None:
        self.answer = self.failure = None

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        try:
            self.answer = outbound.send(method, url, **options)
        except requests.RequestException as failure:
            self.failure = failure
            raise
        return self.answer

    def post(self, url: str, **options: Any) -> requests.Response:
        return self.request("POST", url, **options)

    def get(self, url: str, **options: Any) -> requests.Response:
        return self.request("GET", url, **options)


GUARDED = GuardedRequests()
