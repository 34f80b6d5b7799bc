"""Reads `.env` for the launcher. What the shell already says is stronger."""

import os
from pathlib import Path

from bin.places import ROOT


def read_dotenv(path: Path = ROOT / ".env") -> None:
    """Put the lines `NAME=value` of the file into the environment, unless the name is set already."""
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and not name.startswith("#"):
            os.environ.setdefault(name.strip(), _unquoted(value.strip()))


def _unquoted(value: str) -> str:
    for quote in ("'", '"'):
        if len(value) > 1 and value[0] == value[-1] == quote:
            return value[1:-1]
    return value
