"""Wiring only: settings, addresses, Celery. No models, no rules."""

import sys
from pathlib import Path

# `collections/` holds packages but must not be one itself (it would shadow Python's own). Appended, never
# inserted first: a stray module in it must not shadow the standard library either.
sys.path.append(str(Path(__file__).resolve().parent.parent / "collections"))

from config.celery import app as celery_app

__all__ = ["celery_app"]
