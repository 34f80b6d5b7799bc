"""What the cards on the board still lack for the class above: one statement for all that are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from prospects.choices import Criterion
from prospects.models import CriterionTick
from prospects.queries.cards import Card
from prospects.rules import criteria

Dots = Mapping[int, tuple[bool, ...]]
"""Per card, by its id, whether each criterion of the class above holds."""


def card_dots(cards: Iterable[Card], on: date) -> Dots:
    """The dots of these cards; A's way to S has none, since one criterion of four is enough."""
    opened = [card for card in cards if card.closed_on is None]
    ticks = CriterionTick.objects.filter(prospect__in=[card.id for card in opened], withdrawn_at=None)
    ticked: dict[int, set[str]] = {}
    for prospect_id, criterion in ticks.values_list("prospect_id", "criterion"):
        ticked.setdefault(prospect_id, set()).add(criterion)
    return {card.id: _dots(card, ticked.get(card.id, ()), on) for card in opened}


def _dots(card: Card, ticked: Iterable[str], on: date) -> tuple[bool, ...]:
    following = card.stage.next_up
    if following is None or following in criteria.ONE_OF:
        return ()
    confirmed = {Criterion(code) for code in ticked}
    return tuple(criteria.holds(criterion, card, confirmed, on) for criterion in criteria.CRITERIA[following])
