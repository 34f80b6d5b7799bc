"""The board (P1): six columns of cards that load as they scroll."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import NotFound
from core.permissions import allowed
from core.requests import StaffRequest
from core.workdays import today
from prospects import queries
from prospects.choices import Attention, Stage
from prospects.forms import SelectionForm
from prospects.queries import Board, Column, Selection
from prospects.queries.board import WANTS, WON_DAYS
from prospects.queries.dots import Dots, card_dots
from prospects.queries.people import sellers, teams
from prospects.rules.criteria import CRITERIA
from prospects.views.faces import faces


def board(request: StaffRequest) -> HttpResponse:
    """Every open prospect in its class, and what was won lately."""
    form = selection_form(request)
    selection = _wanting(request, form.selection())
    found = queries.board(request.user, selection)
    dots = card_dots([card for column in found.columns for card in column.cards], today())
    context = {
        "board": found,
        "columns": [_drawn(column, selection, dots) for column in found.columns],
        "form": form,
        "flags": _flags(request, found),
        "clear_url": request.path if selection.parameters() else "",
        **_rights(request),
    }
    return render(request, "prospects/board.html", context)


def column(request: StaffRequest, letter: str) -> HttpResponse:
    """One column afresh, or behind `after` the next of its cards."""
    if letter not in Stage.__members__:
        raise NotFound
    stage, selection = Stage[letter], _wanting(request, selection_form(request).selection())
    if after := request.GET.get("after", ""):
        cards, following = queries.more_cards(request.user, stage, selection, after)
        context = {
            "cards": faces(cards, card_dots(cards, today()), today()),
            "more_url": _more_url(stage, selection, following),
            **_rights(request),
        }
        return render(request, "prospects/_cards.html", context)
    found = queries.board_column(request.user, stage, selection)
    drawn = _drawn(found, selection, card_dots(found.cards, today()))
    return render(request, "prospects/_column.html", {"column": drawn, **_rights(request)})


def selection_form(request: StaffRequest) -> SelectionForm:
    """The filters that stand in the address."""
    return SelectionForm(request.GET, owners=sellers(request.user), teams=teams(request.user))


def _wanting(request: StaffRequest, selection: Selection) -> Selection:
    """The selection, with only the cards that want something if the address says so."""
    chosen = request.GET.get("attention", "")
    return replace(selection, attention=Attention(chosen)) if chosen in WANTS else selection


def _flags(request: StaffRequest, found: Board) -> list[dict[str, Any]]:
    """Switches that show only what wants something, with how much there is of it; none for what there is none of."""
    selection, everything = found.selection, replace(found.selection, attention=None)
    flags = []
    for want, count in found.wanting.items():
        is_on = selection.attention == want
        words = everything.parameters() if is_on else replace(selection, attention=want).parameters()
        if count or is_on:
            flags.append(
                {
                    "label": want.label,
                    "count": count,
                    "is_on": is_on,
                    "is_loud": want == Attention.NOTHING_PLANNED,
                    "url": f"{request.path}?{urlencode(words)}" if words else request.path,
                }
            )
    return flags


def _rights(request: StaffRequest) -> dict[str, Any]:
    return {
        "stages": list(Stage),
        "may_move": allowed(request.user, "prospects.move"),
        "may_edit": allowed(request.user, "prospects.edit"),
        "may_close": allowed(request.user, "prospects.close"),
        "may_reopen": allowed(request.user, "prospects.reopen"),
    }


def _drawn(column: Column, selection: Selection, dots: Dots) -> dict[str, Any]:
    """A column as its template writes it."""
    stage = column.stage
    return {
        "stage": stage,
        "count": column.count,
        "totals": [total for total in column.totals if total.amount],
        "won_when": _won_when(selection) if stage == Stage.S else "",
        "definition": " · ".join(str(criterion.label) for criterion in CRITERIA[stage]),
        "cards": faces(column.cards, dots, today()),
        "url": _column_url(stage, selection.parameters()),
        "more_url": _more_url(stage, selection, column.after),
        "empty_text": _empty_text(stage),
    }


def _column_url(stage: Stage, words: dict[str, Any]) -> str:
    url = reverse("prospects:column", args=[stage.letter])
    return f"{url}?{urlencode(words)}" if words else url


def _more_url(stage: Stage, selection: Selection, after: str) -> str:
    """Where the next cards of a column are; empty after the last."""
    return _column_url(stage, selection.parameters() | {"after": after}) if after else ""


def _won_when(selection: Selection) -> str:
    """Which wins the last column shows."""
    if selection.period is not None:
        return str(selection.period.label)
    return ngettext("last %(count)d day", "last %(count)d days", WON_DAYS) % {"count": WON_DAYS}


def _empty_text(stage: Stage) -> str:
    if stage == Stage.E:
        return _("Nobody new. Who else could need what we sell?")
    if stage == Stage.D:
        return _("No first meeting is agreed. Without new ones the board runs dry.")
    if stage == Stage.S:
        return _("Nothing won in this time.")
    return _("Nothing at %(letter)s. Drag a card here when it is true.") % {"letter": stage.letter}
