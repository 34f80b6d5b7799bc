"""What the build makes and what templates may hold, without a browser."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DIST = ROOT / "static" / "dist"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if path.name != "mail.html"]  # a mail is no page: no policy of ours reaches it
FIRST_VISIT = 100_000  # bytes of style, script and icons, compressed; design.md allows 200 KB with the page itself


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    sprite = (DIST / "icons.svg").read_text(encoding="utf-8")
    there = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    named = {
        name for path in TEMPLATES for name in re.findall(r'{% icon "([a-z0-9-]+)"', path.read_text(encoding="utf-8"))
    }
    assert named <= there


def test_a_first_visit_is_light() -> None:
    files = [DIST / "app.css", DIST / "app.js", DIST / "icons.svg"]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) < FIRST_VISIT


@pytest.mark.parametrize(
    ("forbidden", "pattern"),
    [
        ("a style attribute", r'<[a-z][^>]*\sstyle="'),
        ("an event attribute", r'<[a-z][^>]*\s(on[a-z]+|hx-on[a-z:-]*)="'),
        ("an inline script", r"<script(?![^>]*\bsrc=)(?![^>]*application/json)"),
        ("a style block without nonce", r"<style(?![^>]*nonce)"),
        ("an address outside", r'(?:src|href)="(?:https?:)?//'),
    ],
)
def test_no_template_holds_what_the_policy_refuses(forbidden: str, pattern: str) -> None:
    found = [str(path.relative_to(ROOT)) for path in PAGES if re.search(pattern, path.read_text(encoding="utf-8"))]
    assert not found, f"{forbidden} in {found}"


def test_every_component_says_what_it_takes() -> None:
    silent = [
        path.name
        for path in (ROOT / "templates" / "components").glob("*.html")
        if not path.read_text(encoding="utf-8").startswith(("{% comment %}", "{#"))
    ]
    assert not silent


def test_the_lock_file_names_no_registry() -> None:
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert "http" not in re.sub(r'"(?:url|funding)": [^\n]*', "", lock)
