"""Messages to browsers (Web Push): sealed for one browser, handed to the server its maker runs, no account needed anywhere.

Whoever carries the message sees its length and nothing else (RFC 8291). Keyline names itself by a key made from
SECRET_KEY (RFC 8292): nothing more to keep, and with another SECRET_KEY the browsers have to be added again.
The sealing is ours, thirty lines against the RFC's own example: the one library for it comes only as source code and
would need a build on every machine.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

import requests
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils.translation import gettext as _
from py_vapid import Vapid02

from core import outbound
from core.errors import DomainError

RECORD = 4096  # bytes; one record holds all we ever say
MOST = 3000  # bytes of a message; browsers' servers take four thousand sealed
KEPT_SECONDS = 24 * 3600  # a browser that stays shut longer finds the reminder in the bell
CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
GONE = (404, 410)


class Unpushed(Exception):
    """The browser's server did not take the message; `lasting`: trying again is pointless; `gone`: the browser is no more."""

    def __init__(self, reason: str, *, lasting: bool = False, gone: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.lasting = lasting
        self.gone = gone


@dataclass(frozen=True)
class Subscription:
    """Where one browser is reached: an address at its maker's server, its public key and a shared secret, both base64url."""

    endpoint: str
    p256dh: str
    auth: str

    @property
    def key(self) -> bytes:
        return decoded(self.p256dh)

    @property
    def secret(self) -> bytes:
        return decoded(self.auth)


def encoded(raw: bytes) -> str:
    """As base64url without padding, the way browsers write it."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(words: str) -> bytes:
    """The bytes of base64url, padded or not. ValueError when it is none."""
    return urlsafe_b64decode(words + "=" * (-len(words) % 4))


def check_subscription(subscription: Subscription) -> None:
    """Refuse what no browser gave out: a key off the curve, a secret of the wrong length, an address inside our network."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, subscription.key)
        if len(subscription.secret) != 16:
            raise ValueError
    except ValueError as error:
        raise DomainError(
            _("The browser's answer could not be read. Try again."), field="p256dh", code="not_a_key"
        ) from error
    outbound.check_url(subscription.endpoint)


def application_key() -> str:
    """Keyline's public key, which a browser asks for when it is added."""
    return encoded(_public(_own_key()))


def send_push(
    subscription: Subscription, message: bytes, *, topic: str, urgent: bool = False, kept: int = KEPT_SECONDS
) -> None:
    """Hand a message of at most MOST bytes to the browser's server, or raise Unpushed.

    A second one of the same `topic` (32 letters at most) takes the place of the first.
    """
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(subscription.endpoint))
    headers = Vapid02(_own_key()).sign({"aud": origin, "sub": _whom_to_ask()}) | {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(kept),
        "Topic": topic,
        "Urgency": "high" if urgent else "normal",
    }
    try:
        body = sealed(message, subscription)
        answer = outbound.send("POST", subscription.endpoint, data=body, headers=headers)
    except outbound.Inside as error:
        raise Unpushed(outbound.inside_words(urlsplit(subscription.endpoint).hostname or ""), lasting=True) from error
    except requests.RequestException as error:
        raise Unpushed(_("The browser's server could not be reached.")) from error
    except ValueError as error:
        raise Unpushed(_("The browser's answer could not be read. Try again."), lasting=True) from error
    if not answer.ok:
        _refused(answer)


def sealed(
    message: bytes,
    subscription: Subscription,
    *,
    own: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """The message as only this browser can read it (RFC 8291, aes128gcm); key and salt are drawn anew each time."""
    own, salt = own or ec.generate_private_key(CURVE), salt or os.urandom(16)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, subscription.key)
    ours = _public(own)
    shared = own.exchange(ec.ECDH(), theirs)
    root = _derived(subscription.secret, shared, b"WebPush: info\0" + subscription.key + ours, 32)
    cipher = AESGCM(_derived(salt, root, b"Content-Encoding: aes128gcm\0", 16))
    nonce = _derived(salt, root, b"Content-Encoding: nonce\0", 12)
    head = salt + RECORD.to_bytes(4, "big") + len(ours).to_bytes(1, "big") + ours
    return head + cipher.encrypt(nonce, message + b"\x02", None)


def _refused(answer: requests.Response) -> None:
    if answer.status_code in GONE:
        raise Unpushed(_("The browser is no longer there."), lasting=True, gone=True)
    said = answer.text.strip()[:200] or f"HTTP {answer.status_code}"
    lasting = 400 <= answer.status_code < 500 and answer.status_code not in {408, 429}
    raise Unpushed(_("The browser's server did not take the message: %(reason)s") % {"reason": said}, lasting=lasting)


@cache
def _own_key() -> ec.EllipticCurvePrivateKey:
    """The key of this installation, the same in every process: made from SECRET_KEY."""
    raw = _derived(b"", settings.SECRET_KEY.encode(), b"keyline web push", 40)
    return ec.derive_private_key(int.from_bytes(raw, "big") % (ORDER - 1) + 1, CURVE)


def _whom_to_ask() -> str:
    """Whom a browser's maker writes to when something is wrong: the site, or the address mail comes from."""
    if settings.SITE_URL.startswith("https://"):
        return str(settings.SITE_URL)
    return f"mailto:{settings.DEFAULT_FROM_EMAIL.rpartition('<')[2].rstrip('>')}"


def _public(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)
