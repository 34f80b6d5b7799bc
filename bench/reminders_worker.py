"""Celery as it is, with the reminders alone, and slow: a few a transaction, and a while before each commit: a kill hits something."""

from __future__ import annotations

import time
from typing import Any

import django

from config.celery import app

django.setup()

from core import tick  # noqa: E402  their tables are known only now
from reminders.actions import telling  # noqa: E402

PAUSE = 0.2
telling.BATCH = 10
tick.JOBS.clear()  # the other jobs of the clock have proofs of their own
_show = telling._show


def _show_slowly(verdicts: Any) -> None:
    _show(verdicts)
    time.sleep(PAUSE)


telling._show = _show_slowly

__all__ = ["app"]
