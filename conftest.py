"""What every test may use."""

pytest_plugins = ["tests.hypotheses", "tests.database", "tests.cast", "tests.browser"]


def pytest_sessionstart() -> None:
    """Chinese pages are tested with today's catalogue."""
    from core.catalogues import compile_catalogue

    compile_catalogue()
