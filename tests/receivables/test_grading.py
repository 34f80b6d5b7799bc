"""Grades: the pure rule, that the regrading in SQL says the same, and what people decide."""

import random
from datetime import date, timedelta

import pytest
from django.utils import translation

from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from core.workdays import today
from receivables import actions
from receivables.choices import Cause, DebtorFactKind, Grade, GradeReason, InterruptionKind, RightToSue
from receivables.models import (
    Allocation,
    BrokenPromises,
    CauseFinding,
    DebtorFact,
    GradeChange,
    Interruption,
    Invoice,
)
from receivables.queries import receivables_rule
from receivables.queries.grades import grade_proposal, grade_record, thresholds
from receivables.queries.limitation import NEARNESS, clocks_of, invoices_near_the_end
from receivables.rules import grading
from receivables.rules.grading import Debt, Thresholds, decide, propose
from tests.factories import make_account, make_invoice, make_payment

ON = date(2026, 6, 30)
FINE = {"days_past_due": 10, "limitation_days_left": 900}


@pytest.mark.parametrize(
    ("facts", "grade", "reasons"),
    [
        ({}, "normal", []),
        ({"days_past_due": 90}, "normal", []),
        ({"days_past_due": 91}, "doubtful", ["overdue_doubtful"]),
        ({"days_past_due": 365}, "doubtful", ["overdue_doubtful"]),
        ({"days_past_due": 366}, "bad", ["overdue_bad", "overdue_doubtful"]),
        ({"broken_promises": 1}, "normal", []),
        ({"broken_promises": 2}, "doubtful", ["broken_promises"]),
        ({"broken_promises": 2, "days_past_due": 0}, "normal", []),
        ({"cause": Cause.CRISIS}, "doubtful", ["distress"]),
        ({"cause": Cause.HABITUAL}, "normal", []),
        ({"facts": frozenset({DebtorFactKind.DISTRESS})}, "doubtful", ["distress"]),
        ({"facts": frozenset({DebtorFactKind.UNREACHABLE})}, "doubtful", ["unreachable"]),
        ({"facts": frozenset({DebtorFactKind.INSOLVENCY}), "days_past_due": -5}, "bad", ["insolvency"]),
        ({"facts": frozenset({DebtorFactKind.GUARANTOR_LAPSED})}, "bad", ["guarantor_lapsed"]),
        ({"facts": frozenset({DebtorFactKind.DEREGISTERED})}, "dead", ["deregistered"]),
        ({"facts": frozenset({DebtorFactKind.ENFORCEMENT_ENDED})}, "dead", ["enforcement_ended"]),
        ({"disputed_in_full": True}, "doubtful", ["disputed"]),
        ({"limitation_days_left": 91}, "normal", []),
        ({"limitation_days_left": 90}, "bad", ["limitation_near"]),
        ({"limitation_days_left": -1}, "dead", ["limitation_expired", "limitation_near"]),
        ({"limitation_days_left": -1, "limitation_revived": True}, "bad", ["limitation_near"]),
    ],
)
def test_what_the_rule_proposes(facts, grade, reasons):
    proposal = propose(Debt(**(FINE | facts)), Thresholds())
    assert (proposal.grade, list(proposal.reasons)) == (grade, reasons)


@pytest.mark.parametrize(
    ("current", "proposed", "settled", "seen", "money", "becomes"),
    [
        ("normal", "bad", False, "normal", False, "bad"),
        ("bad", "normal", False, "bad", False, "bad"),
        ("bad", "normal", False, "bad", True, "normal"),
        ("normal", "doubtful", True, "doubtful", False, "normal"),
        ("normal", "bad", True, "doubtful", False, "bad"),
        ("dead", "bad", True, "doubtful", False, "dead"),
        ("bad", "normal", True, "bad", True, "bad"),
    ],
)
def test_when_a_proposal_is_taken_over(current, proposed, settled, seen, money, becomes):
    decided = decide(Grade(current), Grade(proposed), settled=settled, seen=Grade(seen), money_since=money)
    assert decided == becomes


def test_every_reason_has_a_grade_and_a_condition():
    from receivables.queries.grades import CONDITIONS

    assert set(grading.GRADE_OF) == set(CONDITIONS) == set(GradeReason)


# ------------------------------------------------------------------ the regrading


def clutter(dice, owner):
    """An account with anything that bears on grades."""
    account = make_account(owner)
    for kind in DebtorFactKind:
        if dice.random() < 0.06:
            DebtorFact.objects.create(
                account=account, kind=kind, on=ON, note="x", ended_on=dice.choice([None, None, ON]),
                ended_because="",
            )  # fmt: skip
    if dice.random() < 0.3:
        CauseFinding.objects.create(account=account, cause=dice.choice(Cause.values), on=ON)
    if dice.random() < 0.4:
        BrokenPromises.objects.create(account=account, count=dice.randint(0, 3))
    for _number in range(6):
        late = dice.choice([-20, 0, 1, 30, 90, 91, 365, 366, 900, 1004, 1005, 1006, 1094, 1095, 1096, 1097, 1500, 2500])
        invoice = make_invoice(
            account, "100", due_on=ON - timedelta(days=late), disputed_amount=dice.choice([0, 0, 0, 40, 100])
        )
        for _event in range(dice.choice([0, 0, 1, 2, 3])):
            on = invoice.due_on + timedelta(days=dice.randint(-30, 2600))
            if dice.random() < 0.5 and invoice.open_amount > 10 and on <= ON:
                pay(invoice, on)
            elif on <= ON:
                Interruption.objects.create(
                    account=account, invoice=dice.choice([None, invoice]), on=on, evidence="x",
                    kind=dice.choice(InterruptionKind.values),
                )  # fmt: skip
        settled = dice.random() < 0.3
        seen = dice.choice(Grade.values)
        grade = dice.choice(Grade.values) if settled else seen
        Invoice.objects.filter(pk=invoice.pk).update(
            grade=grade, grade_proposed=seen if settled else grade, grade_is_settled=settled
        )
        if dice.random() < 0.5:
            GradeChange.objects.create(
                invoice=invoice, from_grade="normal", to_grade=grade, proposed=seen, on=ON - timedelta(days=dice.randint(0, 300))
            )  # fmt: skip


def pay(invoice, on):
    payment = make_payment(invoice.account, "5", unallocated=0, received_on=on)
    Invoice.objects.filter(pk=invoice.pk).update(open_amount=invoice.open_amount - 5)
    invoice.refresh_from_db()
    row = Allocation.objects.create(invoice=invoice, payment=payment, amount=5, on=on)
    if on.day % 5 == 0:
        Invoice.objects.filter(pk=invoice.pk).update(open_amount=invoice.open_amount + 5)
        Allocation.objects.create(invoice=invoice, payment=payment, amount=-5, on=on, reverses=row)


def money_since(invoice):
    last = GradeChange.objects.filter(invoice=invoice).order_by("-on").values_list("on", flat=True).first()
    since = {"received_on__gte": last} if last else {}
    planned = {"on__gte": last} if last else {}
    return (
        invoice.account.payments.filter(flow="receipt", reversed_on=None, received_on__lte=ON, **since).exists()
        or Interruption.objects.filter(account=invoice.account, kind="plan", on__lte=ON, **planned).exists()
    )


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_the_statement_says_what_the_rule_says(rep, collector, seed):
    dice = random.Random(seed)
    for _number in range(25):
        clutter(dice, rep)
    expected = {}
    for invoice in Invoice.objects.select_related("account"):
        proposal, _clock = grade_proposal(invoice, ON)
        expected[invoice.pk] = decide(
            Grade(invoice.grade), proposal.grade, settled=invoice.grade_is_settled,
            seen=Grade(invoice.grade_proposed), money_since=money_since(invoice),
        )  # fmt: skip
        if not invoice.grade_is_settled and expected[invoice.pk] == proposal.grade:
            expected[invoice.pk] = (proposal.grade, [str(reason) for reason in proposal.reasons])
    before = dict(Invoice.objects.values_list("pk", "grade"))
    done = actions.regrade(on=ON)
    after = {row["id"]: row for row in Invoice.objects.values("id", "grade", "grade_reasons")}
    for pk, wanted in expected.items():
        got = (after[pk]["grade"], after[pk]["grade_reasons"]) if isinstance(wanted, tuple) else after[pk]["grade"]
        assert got == wanted, pk
    changed = [pk for pk in before if before[pk] != after[pk]["grade"]]
    assert done.worse + done.better == len(changed) > 20
    again = actions.regrade(on=ON)
    assert again == actions.Regraded()


@pytest.mark.django_db
def test_a_change_by_rule_is_kept_with_its_reasons(rep, collector):
    account = make_account(rep)
    old = make_invoice(account, due_on=today() - timedelta(days=400))
    fresh = make_invoice(account, due_on=today())
    done = actions.regrade()
    assert (done.worse, done.better) == (1, 0)
    change = GradeChange.objects.get()
    assert (change.invoice, change.from_grade, change.to_grade, change.by) == (old, "normal", "bad", None)
    assert change.reasons == ["overdue_bad", "overdue_doubtful"]
    fresh.refresh_from_db()
    assert (fresh.grade, fresh.grade_reasons) == ("normal", [])
    assert AuditEvent.objects.get(code="receivables.regraded").details["worse"] == 1


@pytest.mark.django_db
def test_it_gets_better_only_after_money(rep, collector):
    account = make_account(rep)
    invoice = make_invoice(account, due_on=today() - timedelta(days=10))
    fact = actions.note_debtor_fact(
        by=collector, account_id=account.pk, kind=DebtorFactKind.INSOLVENCY, note="Court notice"
    )
    invoice.refresh_from_db()
    assert invoice.grade == "bad"
    actions.end_debtor_fact(by=collector, fact_id=fact.pk, because="Petition withdrawn")
    invoice.refresh_from_db()
    assert invoice.grade == "bad"
    assert grade_record(collector, invoice.pk, on=today()).waits_for_money
    make_payment(account, "10", received_on=today())
    actions.regrade(account_id=account.pk)
    invoice.refresh_from_db()
    assert invoice.grade == "normal"
    assert [change.to_grade for change in GradeChange.objects.order_by("id")] == ["bad", "normal"]


@pytest.mark.django_db
def test_it_costs_the_same_whatever_the_number(rep, django_assert_num_queries):
    for _number in range(40):
        make_invoice(make_account(rep), due_on=today() - timedelta(days=400))
    actions.regrade()
    with django_assert_num_queries(6):  # settings, two looks for accounts, the statement in its transaction
        actions.regrade(on=today() + timedelta(days=1))


# ------------------------------------------------------------------ people


@pytest.fixture
def overdue(rep):
    return make_invoice(make_account(rep), due_on=today() - timedelta(days=100))


@pytest.mark.django_db
def test_confirming_what_the_rule_says(overdue, collector):
    change = actions.grade_invoice(by=collector, invoice_id=overdue.pk, grade=Grade.DOUBTFUL)
    overdue.refresh_from_db()
    assert (overdue.grade, overdue.grade_is_settled, change.proposed) == ("doubtful", True, "doubtful")
    assert AuditEvent.objects.get().code == "receivables.grade_confirmed"


@pytest.mark.django_db
def test_an_overruled_grade_stands_until_the_rule_proposes_worse(overdue, collector):
    actions.grade_invoice(
        by=collector, invoice_id=overdue.pk, grade=Grade.NORMAL, note="Pays on Friday, spoke with the boss"
    )
    actions.regrade()
    record = grade_record(collector, overdue.pk, on=today())
    assert (record.grade, record.proposed, record.is_overruled) == ("normal", "doubtful", True)
    assert record.history[0].note.startswith("Pays on Friday")
    actions.regrade(on=today() + timedelta(days=266))
    overdue.refresh_from_db()
    assert (overdue.grade, overdue.grade_is_settled) == ("bad", False)


@pytest.mark.django_db
def test_overruling_needs_a_reason(overdue, collector):
    with pytest.raises(DomainError) as refusal:
        actions.grade_invoice(by=collector, invoice_id=overdue.pk, grade=Grade.DEAD, note=" ")
    assert refusal.value.field == "note"
    assert not GradeChange.objects.exists()


@pytest.mark.django_db
def test_a_settled_invoice_has_no_grade_to_set(rep, collector):
    invoice = make_invoice(make_account(rep), open_amount=0, settled_on=today())
    with pytest.raises(DomainError, match="settled"):
        actions.grade_invoice(by=collector, invoice_id=invoice.pk, grade=Grade.BAD, note="x")


@pytest.mark.django_db
def test_somebody_else_was_quicker(overdue, collector):
    actions.regrade()
    with pytest.raises(Conflict):
        actions.grade_invoice(by=collector, invoice_id=overdue.pk, grade=Grade.NORMAL, note="x", seen=Grade.NORMAL)


@pytest.mark.django_db
def test_only_finance_grades(overdue, rep, other_rep, manager, collector):
    for person in (rep, manager):
        with pytest.raises(NotAllowed):
            actions.grade_invoice(by=person, invoice_id=overdue.pk, grade=Grade.BAD, note="x")
        with pytest.raises(NotAllowed):
            actions.note_debtor_fact(by=person, account_id=overdue.account_id, kind="distress", note="x")
    with pytest.raises(NotFound):
        grade_record(other_rep, overdue.pk, on=today())
    with pytest.raises(NotFound):
        actions.grade_invoice(by=collector, invoice_id=0, grade=Grade.BAD, note="x")


@pytest.mark.django_db
def test_broken_promises_are_told_once(overdue, collector):
    account_id = overdue.account_id
    Invoice.objects.filter(pk=overdue.pk).update(open_amount=500)
    actions.note_broken_promises(by=collector, account_id=account_id, count=0)
    assert not AuditEvent.objects.exists()
    for _time in range(2):
        actions.note_broken_promises(by=collector, account_id=account_id, count=2)
    overdue.refresh_from_db()
    assert "broken_promises" in overdue.grade_reasons
    assert AuditEvent.objects.filter(code="receivables.broken_promises_counted").count() == 1


@pytest.mark.django_db
def test_a_fact_holds_once_and_ends_once(overdue, collector):
    fact = actions.note_debtor_fact(
        by=collector, account_id=overdue.account_id, kind=DebtorFactKind.DISTRESS, note="Wages unpaid"
    )
    with pytest.raises(Conflict):
        actions.note_debtor_fact(
            by=collector, account_id=overdue.account_id, kind=DebtorFactKind.DISTRESS, note="Again"
        )
    with pytest.raises(DomainError):
        actions.end_debtor_fact(by=collector, fact_id=fact.pk, because="")
    actions.end_debtor_fact(by=collector, fact_id=fact.pk, because="Paid up")
    with pytest.raises(Conflict):
        actions.end_debtor_fact(by=collector, fact_id=fact.pk, because="Paid up")


# ------------------------------------------------------------------ limitation


@pytest.mark.django_db
def test_the_clock_starts_anew_with_what_provably_happened(rep, collector):
    account = make_account(rep)
    invoice = make_invoice(account, "100", due_on=date(2020, 3, 1))
    actions.note_interruption(
        by=collector, account_id=account.pk, kind=InterruptionKind.DEMAND, on=date(2023, 2, 1),
        evidence="EMS 1234, content named", invoice_ids=[invoice.pk], key="letter:1",
    )  # fmt: skip
    actions.note_interruption(
        by=collector,
        account_id=account.pk,
        kind=InterruptionKind.DEMAND,
        on=date(2023, 2, 1),
        evidence="again",
        key="letter:1",
    )
    pay(invoice, date(2026, 3, 1))
    clock = clocks_of([invoice], on=ON)[invoice.pk]
    assert (clock.expires_on, clock.revived) == (date(2026, 2, 1), True)
    assert [(restart.kind, restart.counts) for restart in clock.restarts] == [("demand", True), ("payment", False)]
    assert clocks_of([invoice], on=date(2023, 1, 31))[invoice.pk].expires_on == date(2023, 3, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_the_statement_finds_what_the_clocks_say(rep, seed):
    dice = random.Random(seed)
    for _number in range(25):
        clutter(dice, rep)
    left = {
        pk: clock.days_left(ON) for pk, clock in clocks_of(Invoice.objects.filter(open_amount__gt=0), on=ON).items()
    }
    reach = {RightToSue.NEAR: range(181), RightToSue.PRESSING: range(61), RightToSue.PASSED: range(-9_999, 0)}
    for nearness, days in reach.items():
        found = set(Invoice.objects.filter(pk__in=invoices_near_the_end(nearness, on=ON)).values_list("pk", flat=True))
        assert found == {pk for pk, count in left.items() if count in days}, nearness
        assert found or nearness == RightToSue.PRESSING


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_words_name_the_days_they_mean(language):
    with translation.override(language):
        for nearness in (RightToSue.NEAR, RightToSue.PRESSING):
            assert str(NEARNESS[nearness][1]) in str(nearness.label)


@pytest.mark.django_db
def test_what_happened_before_the_due_day_shortens_nothing(rep, collector):
    invoice = make_invoice(make_account(rep), "100", due_on=date(2026, 6, 1))
    pay(invoice, date(2026, 5, 1))
    assert clocks_of([invoice], on=ON)[invoice.pk].expires_on == date(2029, 6, 1)


@pytest.mark.django_db
def test_an_interruption_needs_evidence_and_its_own_customer(rep, collector):
    account, other = make_account(rep), make_invoice(make_account(rep))
    with pytest.raises(DomainError):
        actions.note_interruption(by=collector, account_id=account.pk, kind=InterruptionKind.PLAN, evidence="")
    with pytest.raises(DomainError):
        actions.note_interruption(
            by=collector, account_id=account.pk, kind=InterruptionKind.PLAN, evidence="x", invoice_ids=[other.pk]
        )


@pytest.mark.django_db
def test_the_thresholds_are_settings(collector):
    assert thresholds(receivables_rule()) == Thresholds()
