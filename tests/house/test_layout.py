"""The house: where files may stand. What import-linter and ruff cannot see."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = sorted(
    {path.parent for pattern in ("*/apps.py", "collections/*/apps.py") for path in ROOT.glob(pattern)},
    key=lambda folder: folder.name,
)
PACKAGES = [*APPS, ROOT / "bin", ROOT / "config"]
NAMELESS = {"utils", "util", "helpers", "helper", "services", "service", "signals", "mixins"}
TEST_FOLDERS = {package.name for package in PACKAGES} | {"house", "runtime", "imports", "look", "bench", "demo"}
PARTS_OF_TESTS = {
    "settings.py", "database.py", "browser.py", "cast.py", "factories.py", "faults.py", "hypotheses.py", "receiver.py", "speed.py",
}  # fmt: skip


def test_the_folder_collections_is_no_package() -> None:
    """With an `__init__.py` it would shadow Python's own `collections` and nothing would start."""
    folder = ROOT / "collections"
    assert not list(folder.glob("*.py"))
    assert (folder / "README.md").exists()
    assert "namedtuple" in vars(sys.modules["collections"])


def test_no_package_is_called_like_a_standard_module() -> None:
    assert not {package.name for package in PACKAGES} & set(sys.stdlib_module_names)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_every_module_has_a_name_that_says_something(package: Path) -> None:
    """A thing without a room is a thing without a name."""
    named = [path for path in package.rglob("*") if path.is_dir() or path.suffix == ".py"]
    assert not [str(path.relative_to(ROOT)) for path in named if path.stem in NAMELESS]


def test_tests_mirror_the_packages() -> None:
    tests = ROOT / "tests"
    folders = {path.name for path in tests.iterdir() if path.is_dir() and not path.name.startswith("__")}
    assert folders <= TEST_FOLDERS
    assert {path.name for path in tests.glob("*.py")} <= PARTS_OF_TESTS
    assert not list(tests.rglob("__init__.py"))


def test_no_test_hides_in_a_file_pytest_does_not_collect() -> None:
    hidden = [path for path in (ROOT / "tests").rglob("*.py") if not path.stem.startswith("test_")]
    assert not [
        str(path.relative_to(ROOT)) for path in hidden if re.search(r"^def test_", path.read_text(), re.MULTILINE)
    ]


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_one_first_migration(app: Path) -> None:
    """A table is made in `0001_initial`; later steps have a name of their own."""
    names = sorted(path.stem for path in app.glob("migrations/0*.py"))
    assert not [name for name in names if "auto" in name]
    assert len([name for name in names if name.startswith("0001")]) <= 1


def test_every_app_templates_folder_belongs_to_an_app() -> None:
    shared = {
        "layouts",
        "components",
        "account",
        "mfa",
        "usersessions",
        "crispy",
        "rest_framework",
        "django",
        "allauth",
    }
    folders = {path.name for path in (ROOT / "templates").iterdir() if path.is_dir()}
    assert folders <= {app.name for app in APPS} | shared


def test_no_third_party_file_is_kept() -> None:
    """Styles, scripts and icons of others come from the lock file at set-up."""
    ours = [path for path in (ROOT / "static").rglob("*") if "dist" not in path.parts]
    assert not [str(path.relative_to(ROOT)) for path in ours if re.search(r"\.min\.(js|css)$|vendor", str(path))]
