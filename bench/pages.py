"""What is measured: each page, as whom, beside which floor, and design.md's budgets for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from bench.volume import REPS


@dataclass(frozen=True)
class Page:
    """One measured page: budgets in milliseconds (p50, one client), statements, requests a second at eight clients.

    With `bodies` it is no page but something posted to the API, one body after the other.
    """

    name: str
    user: str
    paths: Callable[[], list[str]]
    floor: str
    aim: float
    must: float
    statements: int
    per_second: int
    bodies: Callable[[], list[str]] = list


def _each(*paths: str) -> Callable[[], list[str]]:
    return lambda: list(paths)


def _page(name: str, query: str = "", *args: int) -> Callable[[], list[str]]:
    return lambda: [reverse(name, args=args or None) + query]


DIRECTOR, REP, MANAGER = "director@bench.example", "rep0@bench.example", "manager0@bench.example"
FINANCE = "finance@bench.example"


def _on(days: int) -> str:
    """A day so many days ago, as the address says it."""
    return (timezone.localdate() - timedelta(days=days)).isoformat()


def _ageing(days: int, words: str = "") -> Callable[[], list[str]]:
    return lambda: [f"/api/v1/reports/ageing/?on={_on(days)}{words}"]


def _visits() -> list[str]:
    """What came of visits with fifty ordinary customers of one rep."""
    told = {"outcome": "要新报价", "next_step": "发报价", "next_step_on": _on(-14)}
    return [json.dumps({"account": account, **told}) for account in range(10 * REPS, 60 * REPS, REPS)]


PAGES = [
    Page("accounts list, all", DIRECTOR, _page("accounts:list_accounts"), "accounts", 15, 40, 8, 80),
    Page("accounts list, 200 rows", DIRECTOR, _page("accounts:list_accounts", "?size=200"), "", 60, 160, 8, 20),
    Page(
        "accounts list, filtered",
        DIRECTOR,
        _page("accounts:list_accounts", "?tier=vip&industry=科技"),
        "accounts",
        15,
        40,
        8,
        80,
    ),
    Page("accounts list, a rep's", REP, _page("accounts:list_accounts"), "accounts", 15, 40, 8, 80),
    Page("contacts list", DIRECTOR, _page("relationships:list_contacts"), "contacts", 15, 40, 8, 80),
    Page("prospects list", DIRECTOR, _page("prospects:list_prospects"), "prospects", 15, 40, 8, 80),
    Page("visits list", DIRECTOR, _page("visits:list_visits"), "visits", 15, 40, 8, 80),
    Page("visits list, a rep's", REP, _page("visits:list_visits"), "visits", 15, 40, 8, 80),
    Page("search 华为", DIRECTOR, _page("desk:palette", "?q=华为"), "search", 20, 50, 8, 60),
    Page("search hw", DIRECTOR, _page("desk:palette", "?q=hw"), "search", 20, 50, 8, 60),
    Page("search 华", DIRECTOR, _page("desk:palette", "?q=华"), "search", 20, 50, 8, 60),
    Page("account, typical", DIRECTOR, _page("accounts:account", "", 777), "account", 20, 50, 15, 60),
    Page("account, key", DIRECTOR, _page("accounts:account", "", 200), "account", 20, 50, 15, 60),
    Page("prospect", DIRECTOR, _page("prospects:prospect", "", 777), "account", 20, 50, 15, 60),
    Page("board, all", DIRECTOR, _page("prospects:board"), "board", 40, 80, 10, 40),
    Page("board, a team's", MANAGER, _page("prospects:board"), "board", 40, 80, 10, 40),
    Page("board, a rep's", REP, _page("prospects:board"), "board", 40, 80, 10, 40),
    Page("home", REP, _page("desk:home"), "home", 15, 40, 10, 80),
    Page("dashboard", DIRECTOR, _page("prospects:dashboard"), "dashboard", 60, 150, 15, 20),
    Page("ageing by account, today", FINANCE, _ageing(0), "ageing", 60, 150, 8, 20),
    Page("ageing by account, a month ago", FINANCE, _ageing(30), "ageing-month", 60, 150, 8, 20),
    Page("ageing by account, a year ago", FINANCE, _ageing(365), "ageing-year", 60, 150, 8, 20),
    Page("ageing by owner, age, half a year ago", FINANCE, _ageing(182, "&by=owner&basis=age"), "", 60, 150, 8, 20),
    Page("ageing by team, a team's", MANAGER, _ageing(0, "&by=team"), "", 60, 150, 8, 20),
    Page("receivables dashboard", FINANCE, _page("receivables:dashboard"), "receivables", 60, 150, 15, 20),
    Page("receivables dashboard, a team's", MANAGER, _page("receivables:dashboard"), "receivables", 60, 150, 15, 20),
    Page("invoices list, all", FINANCE, _page("receivables:list_invoices"), "invoices", 15, 40, 8, 80),
    Page("invoices list, a rep's", REP, _page("receivables:list_invoices"), "invoices", 15, 40, 8, 80),
    Page(
        "invoices list, overdue",
        FINANCE,
        _page("receivables:list_invoices", "?overdue=1&currency=CNY"),
        "invoices",
        15,
        40,
        8,
        80,
    ),
    Page("invoice", FINANCE, _page("receivables:invoice", "", 500_001), "invoice", 20, 50, 15, 60),
    Page("payments list", FINANCE, _page("receivables:list_payments"), "payments", 15, 40, 8, 80),
    Page("account’s money, typical", FINANCE, _page("receivables:account_panel", "", 777), "money", 20, 50, 15, 60),
    Page("account’s money, key", FINANCE, _page("receivables:account_panel", "", 200), "money", 20, 50, 15, 60),
    Page("queue", FINANCE, _page("dunning:queue"), "queue", 15, 40, 8, 80),
    Page("call, typical", FINANCE, _page("dunning:call", "", 777), "money", 20, 50, 15, 60),
    Page("call, key account", FINANCE, _page("dunning:call", "", 200), "money", 20, 50, 15, 60),
    Page("promises", FINANCE, _page("dunning:promises"), "", 15, 40, 8, 80),
    Page("API invoices, 50", FINANCE, _each("/api/v1/invoices/"), "invoices", 5, 15, 4, 250),
    Page("API accounts, 50", DIRECTOR, _each("/api/v1/accounts/"), "accounts", 5, 15, 4, 250),
    Page("API prospects, 50", DIRECTOR, _each("/api/v1/prospects/"), "prospects", 5, 15, 4, 250),
    Page("API visits, 50", DIRECTOR, _each("/api/v1/visits/"), "visits", 5, 15, 4, 250),
    Page("record a visit", REP, _each("/api/v1/visits/"), "", 5, 10, 8, 200, _visits),
]
