"""Short texts that lie sealed in the database (L1): a copy of it, a dump or a log shows nothing without the key.

`KEYLINE_PERSONAL_KEYS` names the keys: the first one seals, every one opens, so that a new key can be put in front. The key
made from SECRET_KEY comes last: it is all there is until a key is named, and opens what was sealed before.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

KEY_BYTES = 32


def seal(text: str) -> str:
    """The text, unreadable and proof against changes; another one every time."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str | None:
    """What was sealed; None where no key of ours fits any more, or somebody changed it."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _box() -> MultiFernet:
    return _box_of(tuple(settings.PERSONAL_KEYS), (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _box_of(keys: tuple[str, ...], secrets: tuple[str, ...]) -> MultiFernet:
    named = [key.encode() for key in keys]
    return MultiFernet([Fernet(key) for key in (*named, *map(_derived, secrets))])


def _derived(secret: str) -> bytes:
    made = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=b"keyline personal facts")
    return urlsafe_b64encode(made.derive(secret.encode()))
