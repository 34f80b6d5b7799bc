"""The list page: what stands in the address decides what is shown, at the same cost for 50 and 200 rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import django_filters
import openpyxl
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory
from django.utils import translation
from django_htmx.middleware import HtmxDetails

from accounts.choices import Tier
from accounts.models import Account
from core.columns import choice, day, link, number, person
from core.errors import DomainError, NotAllowed
from core.lists import ListPage, ListSpec, show_list
from core.models import AuditEvent, User
from tests.factories import make_account


class AccountFilters(django_filters.FilterSet):
    tier = django_filters.MultipleChoiceFilter(choices=Tier.choices, label="Tier")
    employees = django_filters.RangeFilter(label="Employees")


ACCOUNTS = ListSpec(
    key="accounts",
    title="Accounts",
    rows=Account.objects.visible_to,
    columns=(
        link("name", "Name", sort="sort_name", to="test:record"),
        choice("tier", "Tier", Tier, tones={Tier.VIP: "accent"}),
        number("employees", "Employees", sort="employees"),
        person("owner", "Owner"),
        day("next_step_on", "Next step", shown=False),
    ),
    sort="name",
    filters=AccountFilters,
    empty_title="No accounts yet",
)


@pytest.fixture(autouse=True)
def _address(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.core.urls_of_lists"


@pytest.fixture
def ask(rep: User) -> Callable[..., Any]:
    """The answer to a request for the list, with the words of its address."""

    def answer(user: User | None = None, target: str = "", **words: Any) -> Any:
        headers = {"HX-Request": "true", "HX-Target": target} if target else {}
        request = RequestFactory().get("/list/", words, headers=headers)
        request.user = user or rep
        request.session = SessionStore()
        request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
        request.LANGUAGE_CODE = "en"
        return show_list(request, ACCOUNTS)

    return answer


@pytest.fixture
def page(rep: User) -> Callable[..., ListPage]:
    def open_page(**words: Any) -> ListPage:
        request = RequestFactory().get("/list/", words)
        request.user = rep
        return ListPage(request, ACCOUNTS)

    return open_page


def names(page: ListPage) -> list[str]:
    return [row["name"] for row in page.page.rows]


def test_rows_come_by_name_and_chinese_by_pinyin(rep: User, page: Callable[..., ListPage]) -> None:
    for name in ("Zebra", "华为技术", "Alpha", "重庆长安"):
        make_account(rep, name)
    assert names(page()) == ["Alpha", "重庆长安", "华为技术", "Zebra"]
    assert names(page(sort="-name")) == ["Zebra", "华为技术", "重庆长安", "Alpha"]


def test_another_team_stays_unseen(rep: User, other_rep: User, page: Callable[..., ListPage]) -> None:
    make_account(other_rep, "Theirs")
    assert names(page()) == []


def test_filters_stand_as_chips_that_lead_out(rep: User, page: Callable[..., ListPage]) -> None:
    make_account(rep, "Big", tier=Tier.VIP, employees=500)
    make_account(rep, "Small", tier=Tier.SMALL, employees=5)
    shown = page(tier="vip", employees_min="100", sort="-name")
    assert names(shown) == ["Big"]
    assert [(chip.name, chip.value, chip.remove_url) for chip in shown.chips] == [
        ("Tier", "VIP", "?employees_min=100&sort=-name"),
        ("Employees", "from 100", "?tier=vip&sort=-name"),
    ]


@pytest.mark.parametrize(
    "words",
    [
        {"tier": "nonsense"}, {"employees_min": "many"}, {"employees_min": "9" * 400}, {"after": "forged"}, {"before": "%00"},
        {"sort": "password"}, {"size": "1000000"}, {"q": "\x00"}, {"q": "'; drop table core_user; --"}, {"q": "%_\\"}, {"export": "exe"},
    ],
)  # fmt: skip
def test_nonsense_in_the_address_is_no_error(words: dict[str, str], rep: User, ask: Callable[..., Any]) -> None:
    make_account(rep)
    assert ask(**words).status_code == 200


def test_search_puts_the_best_first(rep: User, page: Callable[..., ListPage]) -> None:
    for name in ("深圳华为云", "华为技术有限公司", "华为"):
        make_account(rep, name)
    assert names(page(q="华为")) == ["华为", "华为技术有限公司", "深圳华为云"]
    assert names(page(q="hw"))[:2] == ["华为", "华为技术有限公司"]


def test_pages_lead_on_and_back(rep: User, page: Callable[..., ListPage]) -> None:
    for n in range(120):
        make_account(rep, f"Account {n:03}")
    first = page()
    assert (names(first)[0], names(first)[-1], first.newer_url) == ("Account 000", "Account 049", "")
    second = page(after=first.page.after)
    third = page(after=second.page.after)
    assert (len(names(third)), third.older_url, names(third)[-1]) == (20, "", "Account 119")
    assert names(page(before=third.page.before)) == names(second)
    assert first.summary == "50 of 120"


def test_the_count_stops_at_ten_thousand(rep: User, page: Callable[..., ListPage], monkeypatch: Any) -> None:
    monkeypatch.setattr("core.list_page.MAX_COUNT", 60)
    for _ in range(62):
        make_account(rep)
    assert page().summary == "50 of 60+"


def test_the_same_statements_for_50_and_200_rows(
    rep: User, ask: Callable[..., Any], django_assert_num_queries: Any
) -> None:
    for _ in range(210):
        make_account(rep)
    for size in (50, 200):
        with django_assert_num_queries(2):
            ask(size=size, tier="prospect")


def test_htmx_gets_the_part_and_a_browser_the_page(rep: User, ask: Callable[..., Any]) -> None:
    make_account(rep, "<b>Bold & Co")
    part, whole = ask(target="list").content.decode(), ask().content.decode()
    assert "<html" not in part
    assert "<html" in whole
    assert "&lt;b&gt;Bold &amp; Co" in part


def test_the_filter_form_comes_when_its_panel_opens(rep: User, ask: Callable[..., Any]) -> None:
    make_account(rep)
    assert 'name="tier"' not in ask().content.decode()
    panel = ask(target="list-filters", tier="vip", sort="-name").content.decode()
    assert "<html" not in panel
    for piece in ('name="tier"', "checked", '<input type="hidden" name="sort" value="-name">', 'name="employees_min"'):
        assert piece in panel
    assert 'name="tier"' in ask(filters="choose").content.decode(), "without JavaScript it stands on the page"


def test_the_address_keeps_no_empty_words(rep: User, ask: Callable[..., Any]) -> None:
    answer = ask(target="list", q="华", tier=["vip"], employees_min="", sort="")
    assert answer["HX-Push-Url"] == "/list/?q=%E5%8D%8E&tier=vip"


def test_an_empty_list_says_why(rep: User, ask: Callable[..., Any]) -> None:
    assert "No accounts yet" in ask().content.decode()
    assert "Nothing fits" in ask(q="nobody").content.decode()


def test_csv_holds_all_columns_of_all_rows_shown(rep: User, ask: Callable[..., Any]) -> None:
    for n in range(60):
        make_account(rep, f"Account {n:02}", tier=Tier.VIP)
    make_account(rep, "Other", tier=Tier.SMALL)
    content = b"".join(ask(export="csv", tier="vip").streaming_content).decode()
    assert content.startswith("\ufeff")
    table = list(csv.reader(io.StringIO(content.removeprefix("\ufeff"))))
    assert table[0] == ["Name", "Tier", "Employees", "Owner", "Next step"]
    assert [line[0] for line in table[1:]] == [f"Account {n:02}" for n in range(60)]
    event = AuditEvent.objects.get(code="core.list_exported")
    assert (event.actor, event.details) == (rep, {"list": "accounts", "format": "csv", "filters": {"tier": ["vip"]}})


def test_a_search_is_exported_too(rep: User, ask: Callable[..., Any]) -> None:
    make_account(rep, "华为技术")
    make_account(rep, "Other")
    content = b"".join(ask(export="csv", q="huawei").streaming_content).decode()
    assert "华为技术" in content
    assert "Other" not in content


def test_xlsx_keeps_numbers_and_text(rep: User, ask: Callable[..., Any]) -> None:
    make_account(rep, "=1+1", employees=1200)
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(ask(export="xlsx").streaming_content))).active
    assert sheet is not None
    cells = next(iter(sheet.iter_rows(min_row=2)))
    assert (cells[0].value, cells[0].data_type, cells[2].value) == ("=1+1", "s", 1200)


def test_csv_speaks_the_readers_language_and_clock_to_its_end(rep: User, ask: Callable[..., Any]) -> None:
    make_account(rep, tier=Tier.MEDIUM)
    with translation.override("zh-hans"):
        answer = ask(export="csv")
        medium = str(Tier.MEDIUM.label)
    assert medium in b"".join(answer.streaming_content).decode()


def test_a_workbook_has_its_limit(rep: User, ask: Callable[..., Any], monkeypatch: Any) -> None:
    monkeypatch.setattr("core.exports.MAX_SHEET_ROWS", 2)
    for _ in range(3):
        make_account(rep)
    with pytest.raises(DomainError, match="at most 2 rows"):
        ask(export="xlsx")


def test_who_may_not_export_gets_nothing(rep: User, ask: Callable[..., Any], monkeypatch: Any) -> None:
    monkeypatch.setitem(__import__("core.roles", fromlist=["ROLES"]).ROLES, "rep", frozenset())
    with pytest.raises(NotAllowed):
        ask(export="csv")
    assert not AuditEvent.objects.exists()
