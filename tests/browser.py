"""Browser tests: a real Chromium on a live server, one window a test. Without a Chromium they are skipped, in plain words.

    def test_a_card_is_moved_by_keyboard(open_page, rep):
        page = open_page("prospects:board", as_user=rep)            # or a path: open_page("/prospects/", …)
        page.get_by_role("button", name="Move").click()
        …
        assert_accessible(page)

`open_page(address, as_user=…, width=1440, theme="light", language="en", touch=False, **arguments_of_the_address)` signs the
person in, opens the page and waits until it is quiet; with `touch` the window is a phone's or a tablet's glass. `page` and
`sign_in(user)` are the same in two steps, with relative addresses.
When the test ends it fails for every console error, script error and breach of the content security policy in any window it
opened; answers 4xx that a page handles by itself are no errors. Rows are committed: these tests are transactional by themselves.

`arrive_at(page, "/prospects/")` after every click that opens another page, before anything is done there.
`assert_accessible(page)` axe finds nothing wrong; `assert_fits(page)` nothing scrolls sideways.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from core.models import User

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUM = os.environ.get("KEYLINE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
SKIPPED = "browser tests skipped: no Chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HEIGHT = 900
NO_STUMBLES = ("Failed to load resource", "htmx:afterRequest,", "htmx:sendAbort,")
PATIENCE = 30_000  # milliseconds; a busy machine is no failure
expect.set_options(timeout=PATIENCE)
REPORT_BREACHES = """document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`))"""

# Our scripts say when they listen; a page without them (a printed one, an error page) needs no waiting.
# A function, for a text that is asked again would need eval, which the content policy refuses.
IS_LISTENING = "() => 'ready' in document.documentElement.dataset || !document.querySelector('script[src*=\"app\"]')"

# A sheet that is still fading in has colours of its own.
AT_REST = """() => Promise.allSettled(document.getAnimations()
    .filter((one) => one.playState === "running" && Number.isFinite(one.effect?.getComputedTiming().endTime ?? Infinity))
    .map((one) => one.finished)).then(() => null)"""

PageOpener = Callable[..., Page]
WindowOpener = Callable[..., BrowserContext]

# Playwright keeps an event loop in the main thread, which makes Django suspect asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for a browser is a browser test; it may try once more, and the summary names it as a rerun."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.flaky(reruns=1))
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason=SKIPPED))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it once more at the end: silence would look like success."""
    skipped = terminalreporter.stats.get("skipped", [])
    if any(SKIPPED in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(SKIPPED, yellow=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_window(browser: Browser, live_server: LiveServer) -> Iterator[WindowOpener]:
    """Fresh windows whose stumbles fail the test at its end."""
    windows: list[BrowserContext] = []
    stumbles: list[str] = []

    def open_window(
        *, width: int = 1440, theme: str = "light", language: str = "en", touch: bool = False
    ) -> BrowserContext:
        window = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": HEIGHT},
            color_scheme="dark" if theme == "dark" else "light",
            has_touch=touch or width < 600,
            is_mobile=touch,
            service_workers="block",
            locale="zh-CN" if language == "zh-hans" else "en-GB",
        )
        window.set_default_timeout(PATIENCE)
        window.add_init_script(REPORT_BREACHES)
        window.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}])
        window.on("console", lambda line: stumbles.append(line.text) if _is_stumble(line) else None)
        window.on("weberror", lambda error: stumbles.append(str(error.error)))
        windows.append(window)
        return window

    yield open_window
    for window in windows:
        window.close()
    assert not stumbles, "\n".join(stumbles)


@pytest.fixture
def page(open_window: WindowOpener) -> Page:
    """One window, 1440 pixels wide, nobody signed in."""
    return open_window().new_page()


@pytest.fixture
def sign_in(page: Page, live_server: LiveServer) -> Callable[[User], Page]:
    """`sign_in(rep)`: the window belongs to that person from now on."""

    def sign_in(user: User) -> Page:
        _give_session(page.context, user, live_server.url)
        return page

    return sign_in


@pytest.fixture
def open_page(open_window: WindowOpener, live_server: LiveServer) -> PageOpener:
    """Opens a page as a person; see the top of this file."""

    def open_page(
        address: str,
        *,
        as_user: User | None = None,
        width: int = 1440,
        theme: str = "light",
        language: str = "en",
        touch: bool = False,
        **arguments: Any,
    ) -> Page:
        window = open_window(width=width, theme=theme, language=language, touch=touch)
        if as_user is not None:
            User.objects.filter(pk=as_user.pk).update(language=language)
            _give_session(window, as_user, live_server.url)
        page = window.new_page()
        page.goto(address if address.startswith("/") else reverse(address, kwargs=arguments or None))
        page.wait_for_load_state("networkidle")
        page.wait_for_function(IS_LISTENING)
        return page

    return open_page


def arrive_at(page: Page, path: str) -> None:
    """Wait until the window stands at this path and its scripts listen: what is done sooner is done to the page before.

    A path ends where the address does, with a question mark or a `#` and all.
    """
    page.wait_for_url(lambda url: url.removeprefix(_origin(url)) == path)
    page.wait_for_function(IS_LISTENING)


def assert_accessible(page: Page) -> None:
    """Axe finds nothing wrong on the page as it stands, once what moves has come to rest."""
    page.evaluate(AT_REST)
    lines = []
    for violation in Axe().run(page).response["violations"]:
        places = [node["html"][:160] for node in violation["nodes"][:5]]
        lines.append("\n    ".join([f"{violation['id']}: {violation['help']}", *places]))
    assert not lines, "\n".join(lines)


def assert_fits(page: Page) -> None:
    """The page does not scroll sideways."""
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert beyond <= 0, f"The page is {beyond} px wider than its window."


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _give_session(window: BrowserContext, user: User, url: str) -> None:
    client = Client()
    client.force_login(user)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    window.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": url}])


def _is_stumble(line: ConsoleMessage) -> bool:
    """Not one: an answer 4xx, and a question of htmx that a newer one replaced (what else befalls a request it names in a second line)."""
    return line.type == "error" and not line.text.startswith(NO_STUMBLES)
