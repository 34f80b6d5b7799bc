"""The shape of the board (P6): the normal one narrows from D to A; anomalies have a name, a cause and a remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from prospects.choices import Anomaly, Stage


@dataclass(frozen=True)
class Reading:
    """One anomaly in words, and the class it shows in."""

    anomaly: Anomaly
    stage: Stage
    cause: Any
    remedy: Any


READINGS: dict[Anomaly, Reading] = {
    reading.anomaly: reading
    for reading in (
        Reading(
            Anomaly.E_ONLY,
            Stage.E,
            _("Interesting names, but nobody has committed to anything: there is no prospect on the board."),
            _("Pick the ten best and agree a first meeting with each."),
        ),
        Reading(
            Anomaly.EMPTY_D,
            Stage.D,
            _("No new meetings are being agreed; in one sales cycle there will be nothing to sell."),
            _("Call every day until first appointments are back on the board."),
        ),
        Reading(
            Anomaly.BULGE_AT_C,
            Stage.C,
            _("Meetings lead nowhere: the wrong people, or the budget is not talked about."),
            _("For each card at C find who decides and talk about the price range at the next meeting."),
        ),
        Reading(
            Anomaly.EMPTY_B,
            Stage.B,
            _("No card meets all five criteria, so nothing can close soon."),
            _("Take the cards at C that lack only one or two criteria and go for those."),
        ),
        Reading(
            Anomaly.HANGING_A,
            Stage.A,
            _("Spoken promises do not turn into orders."),
            _("Agree the day of signature, find what holds it back, bring in an executive."),
        ),
    )
}


def anomalies(counts: Mapping[Stage, int]) -> list[Reading]:
    """What is wrong with the board, from its open cards per class. An empty list with cards at D to A: the shape is normal.

    - E only: cards at E and none above (then nothing else is said).
    - Nothing at D: cards above D, none at D.
    - Bulge at C: more cards at C than at D and B together, three at least.
    - Nothing at B: cards at C or D, none at B.
    - Hanging A: more cards at A than at B, two at least.
    """
    e, d, c, b, a = (counts.get(stage, 0) for stage in (Stage.E, Stage.D, Stage.C, Stage.B, Stage.A))
    if not d + c + b + a:
        return [READINGS[Anomaly.E_ONLY]] if e else []
    found = {
        Anomaly.EMPTY_D: d == 0,
        Anomaly.BULGE_AT_C: c > d + b and c >= 3,
        Anomaly.EMPTY_B: b == 0 and c + d > 0,
        Anomaly.HANGING_A: a > b and a >= 2,
    }
    return [READINGS[anomaly] for anomaly, is_so in found.items() if is_so]


def is_normal(counts: Mapping[Stage, int]) -> bool:
    """The board narrows: D ≥ C ≥ B ≥ A, with something at D."""
    d, c, b, a = (counts.get(stage, 0) for stage in (Stage.D, Stage.C, Stage.B, Stage.A))
    return d >= c >= b >= a and d > 0
