"""A card's face: what the board writes on a card, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.models.user import initials_of
from core.money import format_money
from core.templatetags.core import tone_of
from prospects.queries import Card
from prospects.queries.dots import Standing
from prospects.templatetags.prospects import day_month, days, state_of_plan, when


@dataclass(frozen=True, slots=True)
class Face:
    """Everything `_cards.html` writes, as ready text: three hundred of them are drawn at once."""

    id: str
    version: str
    stage: str
    url: str
    name: str
    menu_label: str
    account: str
    amount: str
    owner_tone: int
    owner_name: str
    owner_initials: str
    is_closed: bool
    closed_text: str
    age: str
    age_mark: str
    clocks: str
    dots: tuple[bool, ...]
    missing_text: str
    review_due: bool
    overridden: str
    slipping: str
    plan: str
    next_step: str
    next_text: str


def faces(cards: Iterable[Card], standings: Mapping[int, Standing], on: date) -> list[Face]:
    """The faces of these cards on the day `on`."""
    home = reverse("prospects:list_prospects")  # looked up once: every card's page lies right below
    return [_face(card, standings[card.id], on, f"{home}{card.id}/") for card in cards]


def _face(card: Card, standing: Standing, on: date, url: str) -> Face:
    is_closed = card.closed_on is not None
    return Face(
        id=str(card.id),
        version=str(card.version),
        stage=str(int(card.stage)),
        url=url,
        name=card.name,
        menu_label=_("Actions for %(name)s") % {"name": card.name},
        account=card.account_name,
        amount=format_money(card.amount, card.currency, cents=False) if card.amount is not None else "",
        owner_tone=tone_of(card.owner_id),
        owner_name=card.owner_name,
        owner_initials=initials_of(card.owner_name),
        is_closed=is_closed,
        closed_text=_("won on %(day)s") % {"day": day_month(card.closed_on)} if is_closed else "",
        age=days(card.days_in_class),
        age_mark=_mark(card),
        clocks=_clocks(card, standing, on),
        dots=standing.dots,
        missing_text=_missing(card, standing),
        review_due=card.is_review_due,
        overridden=_overridden(card),
        slipping=_slipping(card),
        plan="" if is_closed else state_of_plan(card.stage, card.next_step, card.next_step_on, on),
        next_step=card.next_step,
        next_text=when(card.next_step_on),
    )


def _mark(card: Card) -> str:
    if card.is_beyond_norm:
        return "far-over"
    return "over" if card.norm_days is not None and card.days_in_class > card.norm_days else ""


def _clocks(card: Card, standing: Standing, on: date) -> str:
    """Both clocks in one sentence, and what is usual."""
    words = {
        "letter": card.stage.letter,
        "days": days(card.days_in_class),
        "all": days(max((on - standing.opened_on).days, 0)),
    }
    sentence = _("%(days)s at %(letter)s, %(all)s on the board.") % words
    if card.norm_days is None:
        return sentence
    return (
        sentence
        + " "
        + _("Usual at %(letter)s: %(norm)s.") % {"letter": card.stage.letter, "norm": days(card.norm_days)}
    )


def _missing(card: Card, standing: Standing) -> str:
    following = card.stage.next_up
    if following is None or not standing.dots:
        return ""
    count = standing.dots.count(False)
    words = {"count": count, "letter": following.letter}
    if not count:
        return _("Nothing is missing for %(letter)s") % words
    return ngettext("%(count)d missing for %(letter)s", "%(count)d missing for %(letter)s", count) % words


def _overridden(card: Card) -> str:
    if not card.overrides:
        return ""
    words = {"count": card.overrides}
    return (
        ngettext("Let through %(count)d time by override", "Let through %(count)d times by override", card.overrides)
        % words
    )


def _slipping(card: Card) -> str:
    if card.slipping_since is None or card.falls_back_to is None:
        return ""
    words = {"letter": card.falls_back_to.letter, "day": day_month(card.falls_back_on)}
    return _("Slipping: falls back to %(letter)s on %(day)s") % words
