"""Texts sealed in the database: unreadable without a key, and readable through a change of keys."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.keys import sealing_keys
from core.sealing import seal, unseal

OLD, NEW = (urlsafe_b64encode(bytes([number]) * 32).decode() for number in (1, 2))


def test_what_is_sealed_is_opened_and_says_nothing() -> None:
    sealed = seal("3 December")
    assert unseal(sealed) == "3 December"
    assert "December" not in sealed
    assert seal("3 December") != sealed, "the same text twice cannot be told"
    assert unseal(sealed[:-4] + "AAA=") is None, "nor changed"


def test_a_new_key_goes_in_front_and_the_old_still_opens(settings: Any) -> None:
    before = seal("x")
    settings.PERSONAL_KEYS = [OLD]
    assert unseal(before) == "x", "sealed while no key was named"
    with_old = seal("x")
    settings.PERSONAL_KEYS = [NEW, OLD]
    assert unseal(with_old) == "x"
    with_new = seal("x")
    settings.PERSONAL_KEYS = [OLD]
    assert unseal(with_new) is None


def test_another_secret_opens_nothing_unless_it_is_kept(settings: Any) -> None:
    sealed, secret = seal("x"), settings.SECRET_KEY
    settings.SECRET_KEY = "another"
    assert unseal(sealed) is None
    settings.SECRET_KEY_FALLBACKS = [secret]
    assert unseal(sealed) == "x"


def test_keys_that_are_none_are_refused_without_being_told() -> None:
    assert sealing_keys(["", f" {OLD} "]) == [OLD]
    for wrong in ("hunter2", OLD[:-4], "not base64 at all!"):
        with pytest.raises(ImproperlyConfigured) as refusal:
            sealing_keys([OLD, wrong])
        assert "Key 2" in str(refusal.value)
        assert wrong not in str(refusal.value)
