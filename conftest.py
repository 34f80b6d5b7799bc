"""What every test may use."""

import pytest

pytest_plugins = ["tests.hypotheses", "tests.database", "tests.cast", "tests.browser"]


def pytest_sessionstart() -> None:
    """Chinese pages are tested with today's catalogue."""
    from core.catalogues import compile_catalogue

    compile_catalogue()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What starts servers and kills them waits for a machine that may be busy: it may try once more, as a named rerun."""
    for item in items:
        if item.path.parent.name == "runtime":
            item.add_marker(pytest.mark.flaky(reruns=1))
