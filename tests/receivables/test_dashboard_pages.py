"""The dashboard, the ageing, the figures, provision, settings, and the account's panel, line and statement."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from core.workdays import today
from receivables import actions
from receivables.models import ProvisionRun
from receivables.queries import receivables_rule
from tests.factories import make_account, make_invoice, make_payment, make_prospect

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(rep):
    return make_account(rep, name="Acme")


@pytest.fixture
def ledger(account, rep, collector):
    """CNY 1,000 late since spring, of which 400 came in May; CNY 500 not due; USD 70 late."""
    late = make_invoice(account, "1000.00", issued_on=date(2026, 2, 1), due_on=date(2026, 3, 1), number="LATE")
    make_invoice(account, "500.00", due_on=today() + timedelta(days=10), issued_on=today(), number="LATER")
    make_invoice(account, "70.00", due_on=date(2026, 3, 1), issued_on=date(2026, 2, 1), currency="USD", number="ABROAD")
    payment = make_payment(account, "400.00", received_on=date(2026, 5, 10))
    actions.allocate_payment(by=collector, payment_id=payment.pk, designated={late.pk: Decimal(400)})


def url(name, *arguments):
    return reverse(f"receivables:{name}", args=arguments)


def test_the_dashboard_shows_one_currency_at_a_time(as_user, collector, ledger):
    browser = as_user(collector)
    page = browser.get(url("dashboard"))
    assert page.context["currency"] == "CNY"
    assert [tab["label"] for tab in page.context["tabs"]] == ["CNY", "USD"]
    assert (page.context["total"].total, page.context["total"].overdue) == (1100, 600)
    assert sum(drawn.part.value for drawn in page.context["overdue_bar"]) == 1100
    assert sum(drawn.part.value for drawn in page.context["age_bar"]) == 1100
    assert "¥1,100.00" in page.content.decode()
    dollars = browser.get(url("dashboard"), {"currency": "USD"})
    assert dollars.context["total"].total == 70
    assert "¥" not in dollars.context["overdue_bar"][0].part.shown


def test_the_dashboard_of_a_past_day_shows_that_day(as_user, collector, ledger):
    browser = as_user(collector)
    then = browser.get(url("dashboard"), {"open_on": "2026-05-09"})
    assert then.context["total"].total == 1000
    rows = browser.get(then.context["headline"][0]["url"]).context["list"].page.rows
    assert [(row["number"], row["open_then"]) for row in rows] == [("LATE", Decimal(1000))]
    tomorrow = (today() + timedelta(days=1)).isoformat()
    assert browser.get(url("dashboard"), {"open_on": tomorrow}).context["on"] == today()


def test_every_amount_of_a_bar_leads_to_its_invoices(as_user, collector, ledger):
    browser = as_user(collector)
    for drawn in browser.get(url("dashboard")).context["overdue_bar"]:
        rows = browser.get(drawn.part.url).context["list"].page.rows
        assert sum(row["open_amount"] for row in rows) == drawn.part.value


def test_expected_weeks_lead_to_their_invoices(as_user, collector, ledger):
    browser = as_user(collector)
    for line in browser.get(url("dashboard")).context["week_lines"]:
        rows = browser.get(line["url"]).context["list"].page.rows
        assert sum(row["open_amount"] for row in rows) == line["week"].amount


def test_an_empty_dashboard_says_how_to_begin(as_user, collector, executive):
    page = as_user(collector).get(url("dashboard")).content.decode()
    assert "Import your ledger" in page
    assert "Import your ledger" not in as_user(executive).get(url("dashboard")).content.decode()


def test_a_rep_sees_his_own_money_only(as_user, other_rep, ledger):
    assert as_user(other_rep).get(url("dashboard")).context["currency"] == ""


def test_figures_come_with_formula_inputs_and_rows(as_user, collector, ledger):
    browser = as_user(collector)
    alone = browser.get(url("figures"), {"currency": "CNY"})
    assert b"<html" in alone.content
    part = browser.get(url("figures"), {"currency": "CNY"}, headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    tiles = {str(tile["code"]): tile for tile in part.context["tiles"]}
    assert tiles["overdue_share"]["value"] == "54.5 %"
    assert ("Overdue", "¥600.00") in [(name.capitalize(), value) for name, value in tiles["overdue_share"]["inputs"]]
    for tile in tiles.values():
        assert browser.get(tile["url"]).status_code == 200


def test_the_ageing_table_adds_up_and_leads_to_rows(as_user, collector, ledger):
    browser = as_user(collector)
    for words in ({"group": "account"}, {"group": "owner"}, {"group": "team"}, {"group": "grade"}, {"basis": "age"}):
        page = browser.get(url("ageing"), words)
        assert sum(row["line"].total for row in page.context["rows"]) == 1100
        for row in page.context["rows"]:
            for cell, address in row["cells"]:
                if cell.amount:
                    found = browser.get(address).context["list"].page.rows
                    assert sum(line["open_amount"] for line in found) == cell.amount


def test_the_ageing_exports_to_the_cent(as_user, collector, ledger):
    response = as_user(collector).get(url("ageing"), {"export": "csv"})
    text = b"".join(response.streaming_content).decode()
    assert "Acme" in text
    assert "1100.00" in text


# ------------------------------------------------------------------ provision and settings


def test_a_provision_is_kept_by_one_and_approved_by_another(as_user, collector, executive, ledger):
    browser = as_user(collector)
    assert browser.get(url("provision")).status_code == 200
    kept = browser.post(url("run_provision"), {"on": today().isoformat(), "basis": "overdue", "currency": "CNY"})
    assert kept.status_code == 302
    run = ProvisionRun.objects.get()
    assert browser.post(url("approve_provision", run.pk)).status_code == 422  # his own
    assert as_user(executive).post(url("approve_provision", run.pk)).status_code == 302
    assert as_user(executive).post(url("approve_provision", run.pk)).status_code == 409
    assert b"approved by Zhou Executive" in browser.get(url("provision")).content


def settings_form(**words):
    return {
        "ageing_edges": "15, 30", "terms_days": "30", "doubtful_after_days": "90", "doubtful_broken_promises": "2",
        "bad_after_days": "365", "bad_before_limitation_days": "90", "interest_percent": "0.05", "interest_basis": "360",
        "version": str(receivables_rule().version), **words,
    }  # fmt: skip


def test_buckets_and_thresholds_are_set(as_user, collector):
    browser = as_user(collector)
    assert browser.post(url("set_rule"), settings_form()).status_code == 302
    assert receivables_rule().ageing_edges == [15, 30]
    wrong = browser.post(url("set_rule"), settings_form(ageing_edges="30, x"))
    assert wrong.status_code == 422
    assert b"30, x" in wrong.content
    assert browser.post(url("set_rule"), settings_form(bad_after_days="10")).status_code == 422
    assert browser.post(url("set_rule"), settings_form(version="1", terms_days="60")).status_code == 409


def test_provision_rates_are_set_from_a_day(as_user, collector):
    browser = as_user(collector)
    form = {f"grade-rate_{step}": rate for step, rate in enumerate(["1", "20", "50", "100"])}
    done = browser.post(url("set_rates", "grade"), form | {"grade-effective_on": today().isoformat()})
    assert done.status_code == 302
    assert 'value="20"' in browser.get(url("settings")).content.decode()
    assert browser.post(url("set_rates", "moon"), form).status_code == 404
    too_much = browser.post(
        url("set_rates", "grade"), form | {"grade-rate_0": "101", "grade-effective_on": "2026-01-01"}
    )
    assert too_much.status_code == 422


def test_the_administrator_sets_the_limits(as_user, administrator, collector):
    browser = as_user(administrator)
    assert browser.post(url("set_limit"), {"role": "finance", "currency": "USD", "amount": "700"}).status_code == 302
    assert b"$700.00" in as_user(collector).get(url("settings")).content
    assert browser.post(url("set_limit"), {"role": "finance", "currency": "USD", "amount": "-1"}).status_code == 422


# ------------------------------------------------------------------ the account


def test_the_panel_says_what_is_owed_and_that_supply_is_held(as_user, rep, collector, account, ledger):
    actions.hold_supply(by=collector, account_id=account.pk, reason="Two promises broken")
    panel = as_user(rep).get(url("account_panel", account.pk)).content.decode()
    assert "¥1,100.00" in panel
    assert "$70.00" in panel
    assert "Supply is held." in panel
    assert "Two promises broken" in panel
    assert "LATE" in panel
    assert "LATE" not in as_user(rep).get(url("account_panel", account.pk), {"short": "1"}).content.decode()


def test_hold_cause_and_facts_are_noted_from_the_account(as_user, collector, account, ledger):
    browser = as_user(collector)
    assert browser.post(url("hold_supply", account.pk), {"reason": "Late"}).status_code == 302
    assert browser.post(url("hold_supply", account.pk), {"reason": "Late"}).status_code == 409
    assert browser.post(url("lift_hold", account.pk), {"because": ""}).status_code == 422
    assert browser.post(url("lift_hold", account.pk), {"because": "Paid"}).status_code == 302
    assert browser.post(url("find_cause", account.pk), {"cause": "shortage", "note": "Said so"}).status_code == 302
    fact = {"kind": "insolvency", "note": "Court gazette"}
    assert browser.post(url("note_debtor_fact", account.pk), fact).status_code == 302
    panel = browser.get(url("account_panel", account.pk)).content.decode()
    assert "short of cash" in panel
    assert "Court gazette" in panel
    ended = browser.post(url("end_debtor_fact", account.debtor_facts.get().pk), {"because": "Withdrawn"})
    assert ended.status_code == 302
    sued = {"kind": "demand", "on": "2026-06-01", "evidence": "EMS 123"}
    assert browser.post(url("note_interruption", account.pk), sued).status_code == 302


def test_the_statement_opens_moves_and_closes(as_user, rep, account, ledger):
    page = as_user(rep).get(url("statement", account.pk), {"from": "2026-03-01", "to": "2026-05-31", "currency": "CNY"})
    found = page.context["statement"]
    assert (found.opening, found.closing) == (1000, 600)
    assert [row["words"] for row in page.context["movements"]] == ["Payment"]
    assert as_user(rep).get(url("statement", account.pk), {"from": "x", "to": "y"}).status_code == 200


def test_a_prospect_tells_what_its_customer_owes(as_user, rep, other_rep, collector, account, ledger):
    actions.hold_supply(by=collector, account_id=account.pk, reason="Late")
    line = as_user(rep).get(url("account_line", account.pk)).content.decode()
    assert "supply held" in line
    assert "overdue" in line
    assert not as_user(other_rep).get(url("account_line", account.pk)).content.strip()


def test_moving_to_s_warns_of_held_supply(as_user, rep, collector, account, ledger):
    card = make_prospect(rep, account, stage=90, next_step="Call", next_step_on=today())
    address = reverse("prospects:move_prospect", args=[card.pk])
    assert b"Supply to this customer is held" not in as_user(rep).get(address, {"to": "100"}).content
    actions.hold_supply(by=collector, account_id=account.pk, reason="Two promises broken")
    page = as_user(rep).get(address, {"to": "100"}).content.decode()
    assert "Supply to this customer is held." in page
    assert "Two promises broken" in page
    assert "are overdue" in page


def test_dropping_a_card_onto_s_asks_while_supply_is_held(as_user, rep, collector, account):
    card = make_prospect(rep, account, stage=90, next_step="Call", next_step_on=today())
    actions.hold_supply(by=collector, account_id=account.pk, reason="Late")
    address = reverse("prospects:move_prospect", args=[card.pk])
    dropped = as_user(rep).post(f"{address}?to=100", {"to": "100", "from_board": "1", "version": card.version})
    assert dropped.status_code == 422
    assert b"Supply to this customer is held" in dropped.content
