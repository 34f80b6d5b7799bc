"""SQL of our own, with values that have names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

NAMED = re.compile(r"%\((\w+)\)s")


def in_order(sql: str, values: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """The statement and its values in the order they stand there, as Django's expressions take them. KeyError for one not given."""
    return NAMED.sub("%s", sql), [values[name] for name in NAMED.findall(sql)]
