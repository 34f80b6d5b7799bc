"""The letters of the board and their meaning (P1, P2). No other file compares a letter or a percentage."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stage(models.IntegerChoices):
    """The class of a prospect; the value is its percentage (P1)."""

    E = 0, _("Opportunity")
    D = 10, _("First appointment")
    C = 25, _("Met and willing")
    B = 50, _("All five confirmed")
    A = 90, _("Spoken agreement")
    S = 100, pgettext_lazy("class", "Closed")

    @property
    def letter(self) -> str:
        return self.name

    @property
    def percent(self) -> int:
        return int(self.value)

    @property
    def probability(self) -> Decimal:
        """The class's share of an amount in a weighted sum: B is 0.50."""
        return Decimal(self.value) / 100

    @property
    def next_up(self) -> Stage | None:
        """The class above; None above S."""
        stages = list(Stage)
        place = stages.index(self)
        return stages[place + 1] if place + 1 < len(stages) else None

    @property
    def next_down(self) -> Stage | None:
        """The class below; None below E."""
        stages = list(Stage)
        place = stages.index(self)
        return stages[place - 1] if place else None


OPEN_STAGES: list[Stage] = [Stage.E, Stage.D, Stage.C, Stage.B, Stage.A]


class Criterion(models.TextChoices):
    """What must be true to enter a class (P2)."""

    INTEREST = "interest", _("Someone we want to do business with")
    FIRST_MEETING_DATED = "first_meeting_dated", _("A date for the first meeting is agreed")
    FIRST_MEETING_HELD = "first_meeting_held", _("The first meeting took place")
    WILLING = "willing", _("They are willing to go on")
    RIGHT_PERSON = "right_person", _("The right person: decides or can influence the decision")
    PROPOSAL_FITS = "proposal_fits", _("The proposal suits them: built on what they do")
    BUDGET_REASONABLE = "budget_reasonable", _("The budget is reasonable: price or range talked through directly")
    TIMETABLE_WORKABLE = "timetable_workable", _("The timetable is workable: decision and start date, within our cycle")
    NEXT_STEP_AGREED = "next_step_agreed", _("A next step with date is agreed")
    SPOKEN_AGREEMENT = "spoken_agreement", _("A spoken agreement to buy, contract on the desk")
    FIRST_PAYMENT = "first_payment", _("First payment received")
    COMMISSION_RECEIVED = "commission_received", _("Commission received")
    DELIVERY_ACCEPTED = "delivery_accepted", _("Delivery accepted")
    IN_USE = "in_use", _("Service in use")


class ChangeKind(models.TextChoices):
    """How a prospect came into its class."""

    OPENED = "opened", _("Opened")
    MOVED = "moved", _("Moved")
    OVERRIDDEN = "overridden", _("Moved by override")
    FELL_BACK = "fell_back", _("Fell back by itself")
    REOPENED = "reopened", _("Reopened")
    IMPORTED = "imported", _("Imported")


class Outcome(models.TextChoices):
    """How a prospect left the board."""

    WON = "won", _("Won")
    LOST = "lost", _("Lost")


class LossReason(models.TextChoices):
    """Why a prospect was lost."""

    PRICE = "price", _("Price")
    PRODUCT = "product", _("Product or specification")
    RELATIONSHIP = "relationship", _("Relationship with a competitor")
    TIMING = "timing", _("Timing or delivery")
    BUDGET = "budget", _("No budget")
    NO_DECISION = "no_decision", _("No decision")
    NO_RESPONSE = "no_response", _("No response")
    OTHER = "other", _("Other")


class Verdict(models.TextChoices):
    """P4: the answer a review gives on one card."""

    UP = "up", _("Up")
    SAME = "same", _("Same")
    DOWN = "down", _("Down")
    CLOSE = "close", _("Close")


class SlipReason(models.TextChoices):
    """P3: why a card is slipping."""

    NEXT_STEP_PASSED = "next_step_passed", _("The next step’s date passed with nothing new")
    NO_NEXT_STEP = "no_next_step", _("No next step is planned")
    DECISION_PASSED = "decision_passed", _("The decision date passed")
    MEETING_CANCELLED = "meeting_cancelled", _("The meeting was cancelled")
    CRITERION_LOST = "criterion_lost", _("A criterion no longer holds")


class Anomaly(models.TextChoices):
    """P6: a shape of the board that has a name, a cause and a remedy (`rules.shape`)."""

    EMPTY_D = "empty_d", _("Nothing at D")
    BULGE_AT_C = "bulge_at_c", _("Bulge at C")
    EMPTY_B = "empty_b", _("Nothing at B")
    HANGING_A = "hanging_a", _("Hanging A")
    E_ONLY = "e_only", _("Opportunities only")


class Period(models.TextChoices):
    """The months a board or a forecast looks at: open cards by expected close, won ones by the day they closed."""

    THIS_MONTH = "this_month", _("This month")
    NEXT_MONTH = "next_month", _("Next month")
    THIS_QUARTER = "this_quarter", _("This quarter")
    NEXT_QUARTER = "next_quarter", _("Next quarter")
    THIS_YEAR = "this_year", _("This year")


class Movement(models.TextChoices):
    """One bar of the week's bridge: how a prospect came into, changed or left the open amount."""

    NEW = "new", _("New")
    MOVED_IN = "moved_in", _("Moved in")
    CHANGED = "changed", _("Amount changed")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")
    MOVED_OUT = "moved_out", _("Moved out")


class State(models.TextChoices):
    """On the board or off it."""

    OPEN = "open", pgettext_lazy("prospects", "Open")
    CLOSED = "closed", _("Closed")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")


class Attention(models.TextChoices):
    """What a card may want from its owner."""

    NOTHING_PLANNED = "nothing_planned", _("Nothing planned")
    OVERDUE = "overdue", _("Next step overdue")
    SLIPPING = "slipping", _("Slipping")
    BEYOND_NORM = "beyond_norm", _("Beyond twice the norm")
    REVIEW_DUE = "review_due", _("Review due")
    STUCK = "stuck", _("Three times “same” without a meeting")


class MoveKind(models.TextChoices):
    """How a prospect changed class, as the dashboard counts it."""

    UP = "up", _("Up")
    DOWN = "down", _("Down")
    OVERRIDDEN = "overridden", _("By override")
    FELL_BACK = "fell_back", _("Fell back by itself")


class Counter(models.TextChoices):
    """P7: what a seller counts of his day; appointments are first ones or follow-ups, as `Meeting` calls them."""

    DIAL = "dial", _("Dials")
    CONVERSATION = "conversation", _("Conversations")
    FIRST = "first", _("First appointments")
    FOLLOW_UP = "follow_up", _("Follow-up appointments")

    @property
    def icon(self) -> str:
        """Its drawing."""
        return {"dial": "phone", "conversation": "message", "first": "map-pin", "follow_up": "repeat"}[self.value]


class Span(models.TextChoices):
    """The stretches of time the numbers of P7 are read over."""

    TODAY = "today", pgettext_lazy("span", "Today")
    WEEK = "week", _("This week")
    QUARTER = "quarter", _("13 weeks")
