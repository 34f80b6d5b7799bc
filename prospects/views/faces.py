"""A card's face: what the board writes on a card, in words.

Three hundred are drawn at once, so whatever many cards say alike is put into words once and remembered. The language is
part of what is remembered: the same day reads differently in another one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core.models.user import initials_of
from core.money import format_money
from core.templatetags.core import tone_of
from prospects.choices import Stage
from prospects.queries import Card
from prospects.queries.dots import Dots
from prospects.templatetags.cards import Face
from prospects.templatetags.prospects import day_month_in, days_in, state_of_plan, when_in
from relationships.rules.visits import Interval


def faces(cards: Iterable[Card], dots: Dots, on: date) -> list[Face]:
    """The faces of these cards on the day `on`."""
    home = reverse("prospects:list_prospects")  # looked up once: every card's page lies right below
    menu_label, language = _("Actions for %(name)s"), get_language()
    return [_face(card, dots.get(card.id, ()), on, f"{home}{card.id}/", menu_label, language) for card in cards]


def _face(card: Card, dots: tuple[bool, ...], on: date, url: str, menu_label: str, language: str | None) -> Face:
    is_closed = card.closed_on is not None
    missing = dots.count(False)
    days = None if is_closed else card.contact_days_ago
    return Face(
        id=card.id,
        version=card.version,
        url=url,
        name=card.name,
        menu_label=menu_label % {"name": card.name},
        account=card.account_name,
        amount="" if card.amount is None else _amount(card.amount, card.currency, language),
        owner_tone=tone_of(card.owner_id),
        owner_name=card.owner_name,
        owner_initials=_initials(card.owner_name),
        is_closed=is_closed,
        closed_text="" if card.closed_on is None else _won(card.closed_on, on, language),
        age=days_in(card.days_in_class, language),
        age_mark=_mark(card),
        clocks=_clocks(card.stage, card.days_in_class, max((on - card.opened_on).days, 0), card.norm_days, language),
        dots=dots,
        missing_text=_missing(missing, card.stage, language) if dots else "",
        review_due=card.is_review_due,
        contact_days=days,
        interval=card.interval.value,
        interval_text="" if days is None else _interval(card.interval, days, language),
        overridden=_overridden(card.overrides) if card.overrides else "",
        slipping=_slipping(card, on, language),
        plan="" if is_closed else state_of_plan(card.stage, card.next_step, card.next_step_on, on),
        next_step=card.next_step,
        next_text="–" if card.next_step_on is None else when_in(card.next_step_on, on, language),
    )


_initials = lru_cache(maxsize=2_000)(initials_of)


@lru_cache(maxsize=4_000)
def _amount(amount: Decimal, currency: str, language: str | None) -> str:
    return format_money(amount, currency, cents=False)


def _mark(card: Card) -> str:
    if card.is_beyond_norm:
        return "far-over"
    return "over" if card.norm_days is not None and card.days_in_class > card.norm_days else ""


@lru_cache(maxsize=4_000)
def _clocks(stage: Stage, in_class: int, in_all: int, norm: int | None, language: str | None) -> str:
    """Both clocks in one sentence, and what is usual."""
    words = {"letter": stage.letter, "days": days_in(in_class, language), "all": days_in(in_all, language)}
    sentence = _("%(days)s at %(letter)s, %(all)s on the board.") % words
    if norm is None:
        return sentence
    return (
        sentence + " " + _("Usual at %(letter)s: %(norm)s.") % {"letter": stage.letter, "norm": days_in(norm, language)}
    )


@lru_cache(maxsize=1_000)
def _interval(state: Interval, days: int, language: str | None) -> str:
    """How the last contact lies to today (R9)."""
    said = ngettext("last contact %(count)d day ago", "last contact %(count)d days ago", days) % {"count": days}
    return _("%(interval)s: %(contact)s") % {
        "interval": state.label, "contact": said if days else _("last contact today"),
    }  # fmt: skip


@lru_cache(maxsize=200)
def _missing(count: int, stage: Stage, language: str | None) -> str:
    following = stage.next_up
    if following is None:
        return ""
    words = {"count": count, "letter": following.letter}
    if not count:
        return _("Nothing is missing for %(letter)s") % words
    return ngettext("%(count)d missing for %(letter)s", "%(count)d missing for %(letter)s", count) % words


def _overridden(count: int) -> str:
    words = {"count": count}
    return ngettext("Let through %(count)d time by override", "Let through %(count)d times by override", count) % words


def _won(day: date, on: date, language: str | None) -> str:
    return _("won on %(day)s") % {"day": day_month_in(day, on.year, language)}


def _slipping(card: Card, on: date, language: str | None) -> str:
    if card.falls_back_to is None or card.falls_back_on is None:
        return ""
    words = {"letter": card.falls_back_to.letter, "day": day_month_in(card.falls_back_on, on.year, language)}
    return _("Slipping: falls back to %(letter)s on %(day)s") % words
