"""The board (P1): six columns of cards that load as they scroll."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core.errors import NotFound
from core.permissions import allowed
from core.requests import StaffRequest
from core.workdays import today
from prospects import queries
from prospects.choices import OPEN_STAGES, Stage
from prospects.forms import SelectionForm
from prospects.queries import Column, Selection
from prospects.queries.dots import card_standings
from prospects.queries.people import sellers, teams
from prospects.rules.criteria import CRITERIA
from prospects.views.faces import faces


def board(request: StaffRequest) -> HttpResponse:
    """Every open prospect in its class, and what was won lately."""
    form = selection_form(request)
    selection = form.selection()
    found = queries.board(request.user, selection)
    standings = card_standings(card for column in found.columns for card in column.cards)
    context = {
        "board": found,
        "columns": [_drawn(column, selection, standings) for column in found.columns],
        "form": form,
        "clear_url": request.path if selection.parameters() else "",
        **_rights(request),
    }
    return render(request, "prospects/board.html", context)


def column(request: StaffRequest, letter: str) -> HttpResponse:
    """One column afresh, or behind `after` the next of its cards."""
    if letter not in Stage.__members__:
        raise NotFound
    selection = selection_form(request).selection()
    after = request.GET.get("after", "")
    found = queries.board_column(request.user, Stage[letter], selection, after)
    drawn = _drawn(found, selection, card_standings(found.cards))
    template = "prospects/_cards.html" if after else "prospects/_column.html"
    return render(request, template, {"column": drawn, **drawn, **_rights(request)})


def selection_form(request: StaffRequest) -> SelectionForm:
    """The filters that stand in the address."""
    return SelectionForm(request.GET, owners=sellers(request.user), teams=teams(request.user))


def _rights(request: StaffRequest) -> dict[str, Any]:
    return {
        "stages": list(Stage),
        "may_move": allowed(request.user, "prospects.move"),
        "may_edit": allowed(request.user, "prospects.edit"),
        "may_close": allowed(request.user, "prospects.close"),
    }


def _drawn(column: Column, selection: Selection, standings: Any) -> dict[str, Any]:
    """A column as its template writes it."""
    stage, words = column.stage, selection.parameters()
    url = reverse("prospects:column", args=[stage.letter])
    return {
        "stage": stage,
        "count": column.count,
        "totals": column.totals,
        "is_won": stage == Stage.S,
        "definition": " · ".join(str(criterion.label) for criterion in CRITERIA[stage]),
        "cards": faces(column.cards, standings, today()),
        "url": f"{url}?{urlencode(words)}" if words else url,
        "more_url": f"{url}?{urlencode(words | {'after': column.after})}" if column.after else "",
        "empty_text": _empty_text(stage),
    }


def _empty_text(stage: Stage) -> str:
    if stage == Stage.E:
        return _("Nobody new. Who else could need what we sell?")
    if stage == Stage.D:
        return _("No first meeting is agreed. Without new ones the board runs dry.")
    if stage == Stage.S:
        return _("Nothing won in this time.")
    return _("Nothing at %(letter)s. Drag a card here when it is true.") % {"letter": stage.letter}
