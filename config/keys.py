"""Keys as the environment names them."""

from base64 import urlsafe_b64decode

from django.core.exceptions import ImproperlyConfigured

BYTES = 32


def sealing_keys(texts: list[str]) -> list[str]:
    """32 random bytes in URL-safe base64 each; anything else is refused, and what it was is not repeated."""
    keys = [text.strip() for text in texts if text.strip()]
    for place, key in enumerate(keys, start=1):
        try:
            length = len(urlsafe_b64decode(key))
        except ValueError:
            length = 0
        if length != BYTES:
            raise ImproperlyConfigured(
                f"Key {place} of KEYLINE_PERSONAL_KEYS must be 32 random bytes in URL-safe base64; "
                "docs/operations.md says how to make one."
            )
    return keys
