"""K10: the eight stages of development, the work of each and what one must show to enter it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import DevelopmentStage
from core.errors import DomainError

SHORTEST_EVIDENCE = 5  # characters; 已签合同 plus a date is longer, "ok" is not evidence


@dataclass(frozen=True)
class Work:
    """One thing to do in a stage; `code` is what a tick refers to."""

    code: str
    text: Any


@dataclass(frozen=True)
class StageCard:
    """What a stage is about: its aim, its work, and the evidence that lets an account enter it."""

    stage: DevelopmentStage
    aim: Any
    work: tuple[Work, ...]
    entry: Any


CARDS: dict[int, StageCard] = {
    card.stage: card
    for card in (
        StageCard(
            DevelopmentStage.SCAN,
            gettext_lazy("Decide who is a target."),
            (
                Work("scan.find", gettext_lazy("Find out who they are and what they buy")),
                Work("scan.collect", gettext_lazy("Collect background, plans and suppliers of today")),
                Work("scan.analyse", gettext_lazy("Weigh them against the key-account criteria")),
                Work("scan.decide", gettext_lazy("Decide: a target or not, and who looks after it")),
            ),
            gettext_lazy("Every account begins here."),
        ),
        StageCard(
            DevelopmentStage.COMMUNICATE,
            gettext_lazy("Everybody gets close; trust is built."),
            (
                Work("communicate.close", gettext_lazy("Get close to everyone who has a say, users and clerks too")),
                Work("communicate.solution", gettext_lazy("Clarify the solution with those who will use it")),
                Work("communicate.trust", gettext_lazy("Build trust: keep small promises, show references")),
                Work("communicate.coach", gettext_lazy("Find a coach inside")),
            ),
            gettext_lazy("It was chosen as a target and somebody there has talked with us: who, when?"),
        ),
        StageCard(
            DevelopmentStage.GOAL_LINE,
            gettext_lazy("Settle the sensitive terms and sign."),
            (
                Work("goal_line.terms", gettext_lazy("Negotiate the sensitive terms")),
                Work("goal_line.concessions", gettext_lazy("Make the last concessions, each for something in return")),
                Work("goal_line.executive", gettext_lazy("Bring in an executive of ours")),
                Work("goal_line.sign", gettext_lazy("Sign")),
            ),
            gettext_lazy("They accept the solution and negotiate terms with us: which, with whom?"),
        ),
        StageCard(
            DevelopmentStage.INITIAL,
            gettext_lazy("Each delivery is an adaptation: stay alert."),
            (
                Work("initial.delivery", gettext_lazy("Follow every delivery until it is accepted")),
                Work("initial.service", gettext_lazy("Organise service so that nothing is dropped")),
                Work("initial.feedback", gettext_lazy("Ask the users what went wrong and mend it at once")),
            ),
            gettext_lazy("The first contract or order is signed: number and date?"),
        ),
        StageCard(
            DevelopmentStage.BASIC,
            gettext_lazy("Trust stands. Offer service beyond the contract: this stage matters most."),
            (
                Work("basic.beyond", gettext_lazy("Offer service beyond the contract")),
                Work("basic.needs", gettext_lazy("Learn the needs of further departments")),
                Work("basic.share", gettext_lazy("Find out our share of what they buy and who has the rest")),
            ),
            gettext_lazy("Deliveries were accepted and they have ordered again: which orders?"),
        ),
        StageCard(
            DevelopmentStage.DEEP,
            gettext_lazy("Many levels of both sides talk."),
            (
                Work("deep.levels", gettext_lazy("Pair people at every level: executives, technicians, finance")),
                Work("deep.agreement", gettext_lazy("Agree on a longer term and a volume")),
                Work("deep.plans", gettext_lazy("Know their plans before they tender")),
            ),
            gettext_lazy("Several of their departments work with several of ours: which?"),
        ),
        StageCard(
            DevelopmentStage.FULL,
            gettext_lazy("We supply the whole category; trade is frequent."),
            (
                Work("full.supply", gettext_lazy("Secure the whole category without a gap in delivery")),
                Work("full.review", gettext_lazy("Review quality, cost and service together, on fixed dates")),
                Work("full.guard", gettext_lazy("Watch for competitors who try to come in")),
            ),
            gettext_lazy("They buy all they need of the category from us: since when, what volume?"),
        ),
        StageCard(
            DevelopmentStage.PARTNER,
            gettext_lazy("A strategic partnership; it takes years."),
            (
                Work("partner.plan", gettext_lazy("Plan new products and markets together")),
                Work("partner.board", gettext_lazy("Executives of both sides meet several times a year")),
                Work("partner.renew", gettext_lazy("Renew the agreement before it ends")),
            ),
            gettext_lazy("Both managements agreed on a partnership: which agreement, signed when?"),
        ),
    )
}
WORK_OF = {work.code: card.stage for card in CARDS.values() for work in card.work}


def require_move(current: int, to_stage: int, evidence: str) -> str:
    """The evidence, trimmed, if the account may move; DomainError otherwise. Up one stage at a time, down to any."""
    if to_stage not in CARDS:
        raise DomainError(_("There is no such stage."), field="to_stage")
    if to_stage == current:
        raise DomainError(_("The account is in this stage already."), field="to_stage")
    if to_stage > current + 1:
        name = DevelopmentStage(current + 1).label
        raise DomainError(
            _("Each stage has its own entry evidence: next is “%(stage)s”.") % {"stage": name}, field="to_stage"
        )
    evidence = evidence.strip()
    if len(evidence) < SHORTEST_EVIDENCE:
        raise DomainError(
            CARDS[to_stage].entry if to_stage > current else _("Say why the account falls back."), field="evidence"
        )
    return evidence


@dataclass(frozen=True)
class Stay:
    """How long an account was in a stage. `left_on` is None for the present one."""

    stage: DevelopmentStage
    entered_on: date
    left_on: date | None
    days: int


def stays(moves: Iterable[tuple[int, date]], on: date) -> list[Stay]:
    """Time per stage from (stage entered, day), oldest first; the last one runs until `on`."""
    known = list(moves)
    result = []
    for place, (stage, entered) in enumerate(known):
        left = known[place + 1][1] if place + 1 < len(known) else None
        result.append(Stay(DevelopmentStage(stage), entered, left, ((left or on) - entered).days))
    return result
