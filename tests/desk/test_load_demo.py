"""The demo company holds together: what its rows tell agrees with the rules and with one another."""

from __future__ import annotations

from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import Account
from core.models import AuditEvent, Role, User
from core.workdays import today
from desk.demo.people import LOGINS, PASSWORD
from prospects.choices import Stage
from prospects.models import CriterionTick, Prospect, ProspectSnapshot, StageChange, WeeklySnapshot
from prospects.queries.prospects import waived_criteria
from prospects.rules import criteria, slipping
from relationships.models import Contact


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
    ticked: dict[int, set[str]] = {}
    for tick in CriterionTick.objects.filter(withdrawn_at=None):
        ticked.setdefault(tick.prospect_id, set()).add(tick.criterion)
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

    told = list(Prospect.objects.order_by("code").values_list("name", "amount"))
    newest = AuditEvent.objects.latest("id").pk
    call_command("load_demo", stdout=StringIO())
    assert AuditEvent.objects.latest("id").pk == newest, "a second time does nothing"
    call_command("load_demo", reset=True, stdout=StringIO())
    assert list(Prospect.objects.order_by("code").values_list("name", "amount")) == told


def test_it_never_touches_a_company_at_work(rep: User, settings: pytest.FixtureRequest) -> None:
    with pytest.raises(CommandError, match="users here already"):
        call_command("load_demo", stdout=StringIO())
    settings.PRODUCTION = True  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="production"):
        call_command("load_demo", reset=True, stdout=StringIO())
    assert User.objects.count() == 1
