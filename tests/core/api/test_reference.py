"""The pages of the API's reference: complete, readable by everybody, and what only reads can be tried on them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from accounts.models import Account
from core.api.reference import resources
from core.models import User
from tests.browser import PageOpener, arrive_at, assert_accessible, assert_fits
from tests.factories import make_account

AsUser = Callable[[User], Client]


def test_every_operation_of_the_description_is_on_a_page(rep: User, as_user: AsUser) -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    described = {
        operation["operationId"] for operations in schema["paths"].values() for operation in operations.values()
    }
    shown = {operation.id for resource in resources("en").values() for operation in resource.operations}
    assert shown == described
    overview = as_user(rep).get("/api/docs/").content.decode()
    assert all(f"#{name}" in overview for name in described)


def test_a_resource_says_what_is_sent_answered_and_refused(rep: User, as_user: AsUser) -> None:
    page = as_user(rep).get("/api/docs/prospects/").content.decode()
    assert "Bring a prospect into another class" in page
    assert "<code>criteria_missing</code>" in page  # words for programs are set as such
    assert "<code>next_step_on</code>" in page
    assert "-X POST" in page
    assert "&quot;$KEYLINE/api/v1/prospects/1/move/&quot;" in page


def test_nested_fields_carry_the_name_of_what_they_lie_in() -> None:
    accounts = resources("en")["accounts"].operations
    listing = next(operation for operation in accounts if operation.id == "accounts_list")
    names = [field.name for field in listing.answers]
    assert names[:4] == ["next", "previous", "results", "results[].id"]
    assert "results[].channels[].kind" in names
    tier = next(field for field in listing.filters if field.name == "tier")
    assert ("vip", "VIP") in tier.choices


def test_trying_goes_to_the_address_with_what_was_filled_in(rep: User, as_user: AsUser) -> None:
    browser = as_user(rep)
    listing = browser.get("/api/docs/try/accounts_list/", {"q": "hw", "sort": "", "unknown": "x"})
    assert listing["Location"] == "/api/v1/accounts/?q=hw"
    one = browser.get("/api/docs/try/accounts_retrieve/", {"id": "../7"})
    assert one["Location"] == "/api/v1/accounts/..%2F7/"


@pytest.mark.parametrize("path", ["/api/docs/nothing/", "/api/docs/try/nothing/", "/api/docs/try/accounts_create/"])
def test_what_is_not_described_or_writes_is_404(rep: User, as_user: AsUser, path: str) -> None:
    assert as_user(rep).get(path).status_code == 404


def test_the_description_is_worked_out_once(rep: User, as_user: AsUser, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = as_user(rep)
    first = browser.get("/api/schema/", headers={"Accept": "application/json"}).json()
    monkeypatch.delattr(SchemaGenerator, "parse")
    assert browser.get("/api/schema/", headers={"Accept": "application/json"}).json() == first


@pytest.mark.parametrize(("width", "theme", "language"), [(1440, "light", "en"), (390, "dark", "zh-hans")])
def test_the_reference_reads_and_answers(
    open_page: PageOpener, rep: User, width: int, theme: str, language: str
) -> None:
    make_account(rep, name="Acme Pumps")
    page = open_page("api-docs", as_user=rep, width=width, theme=theme, language=language)
    assert_accessible(page)
    assert_fits(page)
    link = page.locator('a[href$="#accounts_retrieve"]')
    path = link.get_attribute("href")
    link.click()
    arrive_at(page, path or "")
    operation = page.locator("#accounts_retrieve")
    for part in operation.locator("details").all():
        part.locator("summary").click()
    operation.locator("[name=id]").fill(str(Account.objects.get().pk))
    operation.locator(".try-form button").click()
    operation.get_by_text('"name": "Acme Pumps"').wait_for()
    assert operation.locator(".try-line").inner_text().startswith("200")
    assert_accessible(page)
    assert_fits(page)
