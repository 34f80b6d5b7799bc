"""The demo company holds together: what its rows tell agrees with the rules and with one another."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from random import Random

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Count, F, Q
from django.utils import timezone

from accounts.models import Account
from core.models import AuditEvent, Role, User
from core.workdays import today
from desk.demo.days import Days
from desk.demo.people import LOGINS, PASSWORD
from desk.demo.replay import Replay
from dunning.choices import MessageState
from dunning.models import CollectionCall, Excuse, LadderStep, Message, Promise
from dunning.queries.order import waiting
from prospects.choices import Criterion, Stage
from prospects.models import CriterionTick, Prospect, ProspectSnapshot, StageChange, WeeklySnapshot
from prospects.queries.prospects import waived_criteria
from prospects.rules import criteria, slipping
from receivables.choices import AllocationRule, Decision, Grade, Papers
from receivables.models import Allocation, Dispute, Invoice, Payment, ReceivableSnapshot, WriteOff
from receivables.queries.invariants import breaches
from relationships.models import Contact, Visit, VisitCampaign
from reminders.choices import Arrival
from reminders.models import Occurrence
from reminders.queries.lines import line_of


@pytest.mark.django_db(transaction=True)
def test_the_demo_company_obeys_the_rules_and_comes_back_the_same() -> None:
    call_command("load_demo", stdout=StringIO())
    on = today()

    assert {user.role for user in User.objects.all()} == set(Role)
    assert all(User.objects.get(email=f"{login}@keyline.example").check_password(PASSWORD) for login in LOGINS)
    assert Account.objects.count() >= 300
    assert Contact.objects.count() >= 600

    open_cards = list(Prospect.objects.still_open())
    assert len(open_cards) >= 160
    assert {Stage(card.stage) for card in open_cards} == {Stage.E, Stage.D, Stage.C, Stage.B, Stage.A}
    ticked: dict[int, set[Criterion]] = {}
    for tick in CriterionTick.objects.filter(withdrawn_at=None):
        ticked.setdefault(tick.prospect_id, set()).add(Criterion(tick.criterion))
    waived = waived_criteria([card.pk for card in open_cards])
    for card in open_cards:
        reason = slipping.slip_reason(
            Stage(card.stage),
            card,
            ticked.get(card.pk, set()),
            waived.get(card.pk, set()),
            criteria.HARD_AS_SHIPPED,
            on,
        )
        assert card.slip_reason == (reason or ""), card
        assert (card.slipping_since is None) == (reason is None)
        if card.slipping_since:
            assert on < slipping.falls_back_on(card.slipping_since), "it would have fallen back already"
        last = card.stage_changes.first()
        assert last
        assert (last.to_stage, last.on) == (card.stage, card.entered_stage_on)
    assert sum(card.next_step_on is None for card in open_cards) >= 5
    assert sum(bool(card.slip_reason) for card in open_cards) >= 10

    assert not StageChange.objects.filter(Q(days_in_from__lt=0) | Q(on__gt=on)).exists()
    assert not AuditEvent.objects.filter(at__gt=timezone.now()).exists()
    counts = Counter(Prospect.objects.still_open().values_list("account", flat=True))
    assert all(account.open_prospects == counts[account.pk] for account in Account.objects.all())
    per_week = dict(ProspectSnapshot.objects.order_by().values_list("week").annotate(Count("id")))
    assert per_week == dict(WeeklySnapshot.objects.values_list("week", "prospects"))
    assert len(per_week) >= 20

    _the_ledger_holds_together(on)
    running = VisitCampaign.objects.get(closed_at=None)
    for visits in (Q(recorded_at=None), ~Q(recorded_at=None)):
        assert Visit.objects.filter(visits, campaign=running).count() >= 3, "there are visits made, and visits planned"
    _one_thing_climbed(Days())
    told = _retold()
    newest = AuditEvent.objects.latest("id").pk
    call_command("load_demo", stdout=StringIO())
    assert AuditEvent.objects.latest("id").pk == newest, "a second time does nothing"
    call_command("load_demo", reset=True, stdout=StringIO())
    assert _retold() == told
    _the_ledger_holds_together(on)


def _retold() -> list[tuple[object, ...]]:
    """What two demo companies of the same day have in common: everything but ids and the minutes."""
    return [
        *Prospect.objects.order_by("code").values_list("name", "amount"),
        *Invoice.objects.order_by("number").values_list("number", "account__code", "amount", "open_amount", "grade"),
        *Payment.objects.order_by("reference").values_list("reference", "amount", "unallocated"),
        *Promise.objects.order_by("account__code", "made_on").values_list("account__code", "amount", "state"),
    ]


def _one_thing_climbed(days: Days) -> None:
    """What a colleague let lie is on the manager's desk, unread, since the morning of the third working day; the tidy one's is not."""
    up = Occurrence.objects.get(arrival=Arrival.ESCALATED, channel="in_app")
    lies = days.let_lie()
    assert (up.recipient.email, up.sent_at, up.read_at) == ("manager@keyline.example", lies.climbed_at, None)
    assert up.came_from
    assert line_of(up).came == f"{up.came_from.recipient} did not act on it"
    assert line_of(up.came_from).came == f"went up to {up.recipient}"
    assert Visit.objects.get(pk=up.subject_id).next_step_on == lies.agreed_for
    passed = [on for back in range(30) if days.works(on := days.today - timedelta(days=back)) and on >= lies.agreed_for]
    assert 3 <= len(passed) <= 4, "the third working day, or early on the next"


def _the_ledger_holds_together(on: date) -> None:
    """Every rule of the ledger is kept, and whoever works with it finds something of everything."""
    assert breaches(on) == []
    still_open = Invoice.objects.still_open()
    assert set(still_open.values_list("grade", flat=True)) == set(Grade)
    assert set(Allocation.objects.values_list("rule", flat=True)) == set(AllocationRule)
    assert set(Promise.objects.values_list("state", flat=True)) >= {"open", "kept", "partly", "broken"}
    assert ReceivableSnapshot.objects.values("on").distinct().count() >= 60
    assert Payment.objects.filter(account=None).count() == 1
    assert Dispute.objects.filter(resolved_on=None).count() == 2
    assert WriteOff.objects.filter(decision=Decision.WAITING).count() == 2
    assert LadderStep.objects.count() == 7, "what an installation is set up with is there again"
    assert Excuse.objects.filter(is_active=True).count() >= 10, "and what customers say instead of paying"
    assert Message.objects.filter(state=MessageState.PROPOSED).exists()
    assert still_open.filter(papers=Papers.INCOMPLETE, missing_papers__len__gt=0).exists()
    assert not Invoice.objects.filter(at__date__gt=on).exists()
    assert not CollectionCall.objects.exclude(at__date=F("called_at__date")).exists()
    recorded = AuditEvent.objects.filter(code="receivables.invoice_recorded")
    assert recorded.filter(at__date__lt=on).count() == recorded.count() > 150, "told when it happened"
    now = timezone.now()
    for login in ("finance", "manager"):
        assert waiting(User.objects.get(email=f"{login}@keyline.example"), now).count() >= 5


def test_it_never_touches_a_company_at_work(rep: User, settings: pytest.FixtureRequest) -> None:
    with pytest.raises(CommandError, match="users here already"):
        call_command("load_demo", stdout=StringIO())
    settings.PRODUCTION = True  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="production"):
        call_command("load_demo", reset=True, stdout=StringIO())
    assert User.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "agreed_for", "climbed"),
    [
        ("2026-11-25T08:31", "2026-11-23", "2026-11-25"),
        ("2026-11-25T08:29", "2026-11-20", "2026-11-24"),  # this morning's reminders are not told yet
        ("2026-11-23T12:00", "2026-11-19", "2026-11-23"),  # a weekend between
        ("2026-11-22T12:00", "2026-11-18", "2026-11-20"),  # a Sunday
    ],
)
def test_what_was_let_lie_has_just_climbed(now: str, agreed_for: str, climbed: str) -> None:
    with time_machine.travel(datetime.fromisoformat(f"{now}+08:00"), tick=False):
        lies = Days().let_lie()
    assert (str(lies.agreed_for), str(timezone.localdate(lies.climbed_at))) == (agreed_for, climbed)


@pytest.mark.django_db
def test_five_minutes_after_midnight_the_story_is_not_ahead_of_the_clock() -> None:
    in_shanghai = datetime(2026, 11, 22, 16, 5, tzinfo=UTC)
    with time_machine.travel(in_shanghai, tick=False):
        replay = Replay(Days(), Random(1))
        for on in (replay.days.today - timedelta(days=1), replay.days.today):
            replay.plan(on, 9, lambda: None)
        replay.live()
        assert max(moment for _event, moment in replay.told) <= timezone.now()
