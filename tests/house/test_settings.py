"""Every setting that is read is told: in .env.example with its default, and in docs/operations.md with its meaning."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READ = re.compile(r"""\benv(?:\.\w+)?\(\s*"([A-Z][A-Z_]+)"|environ(?:\.get\(|\[)\s*"([A-Z][A-Z_]+)\"""")
READERS = [*ROOT.glob("config/*.py"), *ROOT.glob("bin/*.py")]
OF_THE_MACHINE = {"DJANGO_SETTINGS_MODULE", "PATH", "HOME", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH", "NO_COLOR", "TERM"}


def settings_read() -> list[str]:
    found = {one or other for path in READERS for one, other in READ.findall(path.read_text())}
    return sorted(found - OF_THE_MACHINE)


@pytest.mark.parametrize("name", settings_read())
def test_a_setting_is_told(name):
    assert re.search(rf"^#{name}=", (ROOT / ".env.example").read_text(), re.M), f".env.example lacks {name}"
    assert re.search(rf"\b{name}\b", (ROOT / "docs/operations.md").read_text()), f"docs/operations.md lacks {name}"


@pytest.mark.parametrize("name", re.findall(r"^#([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
def test_a_setting_that_is_told_is_read(name):
    assert name in settings_read()


def test_settings_are_found_at_all():
    assert {"SECRET_KEY", "KEYLINE_IDLE_MINUTES", "EMAIL_HOST"} <= set(settings_read())
