"""House rules that a reader's eye would miss: who may write, what has a docstring, what is not translated."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.apps import apps
from django.template.base import Lexer, TokenType

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "accounts",
    "relationships",
    "prospects",
    "reminders",
    "desk",
    "core",
    "collections/receivables",
    "collections/dunning",
)
OUTER = {"views", "forms", "api", "tasks", "filters"}
NAMES = {package.rpartition("/")[2] for package in PACKAGES}
OURS = [model for model in apps.get_models() if model.__module__.partition(".")[0] in NAMES]


def outer_rooms() -> Iterator[Path]:
    """Views, forms, API and tasks of every app; core's own machinery may ask the database."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            inner = path.relative_to(ROOT / package)
            if package == "core" and str(inner) == "tasks.py":
                continue  # the clock itself and its daily tidying
            if OUTER & {inner.stem, *(part for part in inner.parts[:-1])} and "management" not in inner.parts:
                yield path


@pytest.mark.parametrize("path", list(outer_rooms()), ids=lambda path: str(path.relative_to(ROOT)))
def test_outer_rooms_neither_query_nor_save(path: Path) -> None:
    """Reading is for queries, writing for actions. A form or filter may name the rows of a choice."""
    named = re.compile(r"queryset=")
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and node.attr == "objects" and path.stem not in {"forms", "filters"}:
            found.append(node.lineno)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "save":
            found.append(node.lineno)
    lines = path.read_text().splitlines()
    assert [f"{line}: {lines[line - 1].strip()}" for line in found if not named.search(lines[line - 1])] == []


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_model_says_what_one_row_is(model: type) -> None:
    if model.__name__.endswith("Event") and model.__name__ != "AuditEvent":
        pytest.skip("field history, made by pghistory")
    text = model.__dict__.get("__doc__") or ""
    assert len(text) > 20
    assert not text.startswith(f"{model.__name__}(")


class Words(HTMLParser):
    """Collects the text a person would read, and the attributes that are read to him."""

    SPOKEN = {"aria-label", "title", "placeholder", "alt", "data-confirm", "data-confirm-verb", "data-copied"}
    SILENT = {"code", "kbd", "pre", "script", "style", "svg"}

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.depth += tag in self.SILENT
        self.found += [value for name, value in attrs if name in self.SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag in self.SILENT and self.depth > 0

    def handle_data(self, data: str) -> None:
        if not self.depth:
            self.found.append(data)


SAME_IN_BOTH = {"Keyline", "Ctrl", "English", "API", "Excel", "E", "D", "C", "B", "A", "S", "XLSX", "CSV"}
NOT_CHECKED = {"gallery.html", "_gallery_theme.html", "gallery_sheet.html", "offline.html"}
"""Pages for developers, and the one page that speaks both languages at once because it is kept in the browser."""


def templates() -> list[Path]:
    return [path for path in sorted((ROOT / "templates").rglob("*.html")) if path.name not in NOT_CHECKED]


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_templates_say_nothing_untranslated(path: Path) -> None:
    """Whatever remains when tags and values are taken out of a template holds no word of two letters or more."""
    kept, inside = [], False
    for token in Lexer(path.read_text()).tokenize():
        if token.contents == "block width":
            inside = True  # names of CSS classes
        elif token.token_type == TokenType.BLOCK and token.contents.split()[0] in {
            "blocktrans",
            "blocktranslate",
            "comment",
        }:
            inside = True
        elif token.token_type == TokenType.BLOCK and token.contents.startswith("end"):
            inside = inside and not re.match(r"end(blocktrans|blocktranslate|comment|block$)", token.contents)
        elif token.token_type == TokenType.TEXT and not inside:
            kept.append(token.contents)
    words = Words()
    words.feed(" ".join(kept))
    said = {word for text in words.found for word in re.findall(r"[A-Za-z]{2,}", text)}
    assert said - SAME_IN_BOTH == set()
