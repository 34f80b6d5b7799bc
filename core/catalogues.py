"""The Chinese catalogue, without GNU gettext: collect the English sentences, keep what is translated, compile.

`locale/zh_Hans/LC_MESSAGES/django.po` is written sorted and without line numbers or dates, so that a commit shows
only sentences that came, went or changed. The page scripts have no catalogue: they read their words from the page.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

LOCALE = "zh_Hans"
PACKAGES = ("accounts", "collections", "config", "core", "desk", "prospects", "relationships", "reminders")
KEYWORDS: dict[str, Any] = {
    "_": None,
    "_now": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HEADER_NOISE = re.compile(
    rb'^"(Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team'
    rb'|Generated-By): .*\\n"\n',
    re.MULTILINE,
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!%)%[sd]|\{\w*(?::[^{}]*)?\}")


def catalogue_path() -> Path:
    """Where the Chinese catalogue's source lies."""
    return Path(settings.BASE_DIR) / "locale" / LOCALE / "LC_MESSAGES" / "django.po"


def collect() -> Catalog:
    """Every sentence marked for translation in our Python files and templates, untranslated."""
    root = Path(settings.BASE_DIR)
    catalogue = _empty()
    for path, source in _sources(root):
        for _line, message, comments, context in extract(
            "python", BytesIO(source.encode()), KEYWORDS, ["Translators:"]
        ):
            catalogue.add(
                message, locations=[(str(path.relative_to(root)), 0)], auto_comments=comments, context=context
            )
    return catalogue


def read() -> Catalog:
    """The catalogue as it is kept; empty when there is none yet."""
    path = catalogue_path()
    if not path.exists():
        return _empty()
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE)


def merged(old: Catalog) -> Catalog:
    """Today's sentences with the translations that `old` has for exactly them; what is no longer used is dropped."""
    new = collect()
    for message in new:
        known = old.get(message.id, message.context) if message.id else None
        if known is not None and not known.fuzzy and _has_text(known):
            message.string = known.string
    return new


def written(catalogue: Catalog) -> bytes:
    """The catalogue as the text of a .po file: sorted by sentence, the header only what a reader needs."""
    file = BytesIO()
    write_po(file, catalogue, width=110, sort_output=True, include_lineno=False)
    return HEADER_NOISE.sub(b"", file.getvalue())


def write(catalogue: Catalog) -> None:
    """Write the catalogue to its place."""
    path = catalogue_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written(catalogue))


def compile_catalogue() -> None:
    """Write the .mo file that Django reads, beside its source, unless it is newer than the source."""
    source = catalogue_path()
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return
    catalogue = read()
    unfinished = target.with_suffix(f".{os.getpid()}")
    with unfinished.open("wb") as file:
        write_mo(file, catalogue)
    unfinished.replace(target)


def untranslated(catalogue: Catalog) -> list[Message]:
    """Sentences that have no Chinese yet, or only a guess."""
    return [message for message in catalogue if message.id and (message.fuzzy or not _has_text(message))]


def wrong_placeholders(catalogue: Catalog) -> list[Message]:
    """Translations that name other values than their sentence does. A plural's one form may leave out the count's name."""
    return [message for message in catalogue if message.id and _has_text(message) and _misplaced(message)]


def _misplaced(message: Message) -> bool:
    fullest = sorted(PLACEHOLDER.findall(_texts(message.id)[-1]))
    return any(sorted(PLACEHOLDER.findall(text)) != fullest for text in _texts(message.string))


def _has_text(message: Message) -> bool:
    texts = _texts(message.string)
    return bool(texts) and all(texts)


def _texts(value: str | Iterable[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def _empty() -> Catalog:
    epoch = datetime(2000, 1, 1, tzinfo=UTC)
    return Catalog(
        locale=LOCALE, header_comment="# Keyline in Simplified Chinese. Terms: docs/glossary.md", creation_date=epoch,
        revision_date=epoch, fuzzy=False, charset="utf-8",
    )  # fmt: skip


def _sources(root: Path) -> Iterator[tuple[Path, str]]:
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text()
    for path in sorted((root / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            # A template's text keeps its indentation, which Python's tokenizer would refuse.
            yield path, "\n".join(line.lstrip() for line in templatize(path.read_text(), origin=str(path)).split("\n"))
