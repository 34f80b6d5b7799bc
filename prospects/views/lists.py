"""The list of prospects: the plain twin of the board, and the rows behind every number of the dashboard."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.utils.html import format_html
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.columns import Cell, Column, Row, day, link, moment, money, number, person, text
from core.lists import ListSpec, show_list
from core.requests import StaffRequest
from core.workdays import today
from prospects.choices import Outcome, Stage
from prospects.filters import ProspectFilters
from prospects.queries import visible_prospects
from prospects.templatetags.prospects import state_of_plan, when_in


def _classes() -> Cell:
    """Draws the badge of each class, with a word where the prospect was lost."""
    badges = {
        (stage, lost): format_html(
            '<span class="stage-badge stage-{}" title="{}"><span class="stage-letter">{}</span>{}</span>',
            stage.letter, stage.label, stage.letter, _now("Lost") if lost else "",
        )
        for stage in Stage for lost in (False, True)
    }  # fmt: skip
    return lambda row: badges[row["stage"], row["outcome"] == Outcome.LOST]


def _class_text(row: Row) -> str:
    return Stage(row["stage"]).letter


def _account_cell(row: Row) -> str:
    return row["account__short_name"] or row["account__name"] or ""


def _steps() -> Cell:
    """Draws the next step with its day; a closed prospect has none."""
    on, language = today(), get_language()
    planned_nothing = {
        state: format_html('<span class="badge badge-{}">{}</span>', tone, _now("Nothing planned"))
        for state, tone in (("none", "bad"), ("none-mild", "muted"))
    }

    def cell(row: Row) -> str:
        if row["closed_on"]:
            return ""
        state = state_of_plan(row["stage"], row["next_step"], row["next_step_on"], on)
        if state in planned_nothing:
            return planned_nothing[state]
        tone = " text-bad" if state == "late" else ""
        return format_html(
            '{} <span class="cell-note{}">{}</span>', row["next_step"], tone, when_in(row["next_step_on"], on, language)
        )

    return cell


PROSPECTS = ListSpec(
    key="prospects",
    title=_("Prospects"),
    rows=visible_prospects,
    columns=(
        link("name", _("Name"), sort="sort_name", to="prospects:prospect"),
        Column(
            key="stage", label=pgettext_lazy("prospect", "Class"), reads=("stage", "outcome"),
            pen=_classes, export=_class_text,
        ),
        Column(
            key="account", label=_("Account"), reads=("account__short_name", "account__name"),
            cell=_account_cell, export=_account_cell, css="cell-wide",
        ),
        money("amount", _("Amount"), sort="amount"),
        Column(
            key="next_step", label=_("Next step"), reads=("next_step", "next_step_on", "closed_on", "stage"),
            pen=_steps, export=lambda row: row["next_step"], sort="next_step_on", css="cell-wide",
        ),
        day("expected_close_on", _("Expected close"), sort="expected_close_on", late_before=today, unless="closed_on"),
        person("owner", _("Owner")),
        moment("updated_at", _("Changed"), sort="updated_at"),
        text("currency", _("Currency"), shown=False),
        day("next_step_on", _("Next step on"), shown=False),
        day("entered_stage_on", _("In this class since"), shown=False),
        day("opened_on", _("Opened"), shown=False),
        day("closed_on", _("Closed"), shown=False),
        number("own_estimate", _("Own estimate (%)"), shown=False),
        text("product", _("Product"), shown=False),
        text("source", _("Source"), shown=False),
        text("code", _("Code"), shown=False),
    ),
    sort="-updated_at",
    filters=ProspectFilters,
    empty_icon="target-arrow",
    empty_title=_("No prospects yet"),
    empty_text=_("A prospect is something you could sell to an account. Put the first one on the board, or import a list."),
    empty_action=(_("New prospect"), "prospects:add_prospect", "prospects.add"),
)  # fmt: skip


def list_prospects(request: StaffRequest) -> HttpResponseBase:
    """The prospects one sees, open and closed, with search, filters, sort and export."""
    return show_list(request, PROSPECTS, "prospects/list_prospects.html")
