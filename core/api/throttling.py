"""How often one caller may ask: a counter a minute in the cache. Without a cache nobody is held up."""

from __future__ import annotations

import logging
import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

log = logging.getLogger(__name__)


class MinuteThrottle(BaseThrottle):
    """`API_REQUESTS_A_MINUTE` for a signed-in user, a tenth of that for an address that is not. More is 429."""

    def allow_request(self, request: Request, view: Any) -> bool:
        signed_in = request.user.is_authenticated
        limit: int = settings.API_REQUESTS_A_MINUTE if signed_in else max(settings.API_REQUESTS_A_MINUTE // 10, 1)
        caller = f"user:{request.user.pk}" if signed_in else f"from:{self.get_ident(request)}"
        key = f"api:{caller}:{int(time.time() // 60)}"
        try:
            asked = _count(key)
        except Exception:
            log.warning("The API cannot count requests: the cache does not answer.", exc_info=True)
            return True
        return asked <= limit

    def wait(self) -> float:
        return 60 - time.time() % 60


def _count(key: str) -> int:
    """One more; the key is there already but for the first request of a minute."""
    try:
        return cache.incr(key)
    except ValueError:
        cache.add(key, 0, timeout=90)
        return cache.incr(key)
