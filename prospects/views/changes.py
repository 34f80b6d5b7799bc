"""Changing one prospect: adding, editing, planning, confirming, moving, closing, reopening, handing over."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.queries import get_account
from core.answers import attempt, given_version, show_conflict, show_form
from core.errors import Conflict, DomainError, NotFound
from core.permissions import require
from core.requests import StaffRequest
from core.workdays import days_ahead, today
from prospects import actions
from prospects.choices import Criterion, Outcome, Stage
from prospects.forms import LoseForm, MoveForm, PlanForm, ProspectForm, ReopenForm, TickForm, TransferForm, WithdrawForm
from prospects.queries import MoveSheet, get_prospect, is_visible, move_sheet
from prospects.queries.follow_ups import visits_as_evidence
from prospects.queries.people import heirs
from prospects.views.answers import gone, saved
from receivables.queries import SalesWarning, sales_warning


def move_prospect(request: StaffRequest, prospect_id: int) -> HttpResponse:
    """Into another class. What is missing is asked for in the same form that says so (P2)."""
    require(request.user, "prospects.move")
    sheet = move_sheet(request.user, prospect_id, _wanted_class(request, prospect_id))
    before = sheet.prospect.stage
    if request.method != "POST":
        return _ask(request, sheet, MoveForm(sheet))
    if "from_board" in request.POST and (not sheet.needs_nothing or _warning(request, sheet)):
        # Dropped: ask first, without reproach.
        return _ask(request, sheet, MoveForm(sheet), status=422)
    form = MoveForm(sheet, request.POST)
    if not form.is_valid():
        return _ask(request, sheet, form, status=422)
    try:
        moved = actions.move_prospect(
            by=request.user,
            prospect_id=prospect_id,
            to=sheet.to,
            version=given_version(request),
            ticks=list(form.evidence()),
            facts=form.card_fields(),
            reason=form.cleaned_data.get("reason", ""),
            override=form.cleaned_data.get("override", False),
        )
    except Conflict:
        raise
    except DomainError as refusal:
        form.refuse(refusal)
        return _ask(request, sheet, form, status=422)
    words = {"name": moved.name, "letter": Stage(moved.stage).letter}
    return saved(request, moved, _("%(name)s is at %(letter)s now.") % words, columns=[before])


def _wanted_class(request: StaffRequest, prospect_id: int) -> Stage:
    """The class asked for; without one, the class above."""
    text = request.POST.get("to") or request.GET.get("to") or ""
    if not text:
        above = Stage(get_prospect(request.user, prospect_id).stage).next_up
        if above is not None:
            return above
    if not text.isdigit() or int(text) not in Stage.values:
        raise NotFound
    return Stage(int(text))


def _warning(request: StaffRequest, sheet: MoveSheet) -> SalesWarning | None:
    """What to know of the customer's money before the sale is closed; nothing for other classes."""
    account_id = sheet.prospect.account_id
    if sheet.to != Stage.S or account_id is None:
        return None
    return sales_warning(request.user, account_id, on=today())


def _ask(request: StaffRequest, sheet: MoveSheet, form: MoveForm, status: int = 200) -> HttpResponse:
    context = {
        "warning": _warning(request, sheet),
        "prospect": sheet.prospect,
        "sheet": sheet,
        "form": form,
        "version": given_version(request) or sheet.prospect.version,
        "action": f"{request.path}?to={int(sheet.to)}",
    }
    return render(request, "prospects/move_prospect.html", context, status=status)


def add_prospect(request: StaffRequest) -> HttpResponse:
    """A new opportunity; `?account=7` puts it at an account."""
    require(request.user, "prospects.add")
    account = request.GET.get("account", "")
    initial = {"account": get_account(request.user, int(account))} if account.isdigit() else {}
    form = ProspectForm(request.POST or None, by=request.user, initial=initial)
    if form.is_valid():
        added = attempt(form, lambda: actions.add_prospect(by=request.user, **form.given()))
        if added:
            return saved(request, added, _("%(name)s is on the board.") % {"name": added.name})
    return show_form(
        request,
        form,
        title=_("New prospect"),
        submit=_("Put it on the board"),
        cancel_url=reverse("prospects:board"),
        use_once=True,
    )


def edit_prospect(request: StaffRequest, prospect_id: int) -> HttpResponse:
    """A prospect's own fields. Over somebody's newer edit both versions are shown (409)."""
    require(request.user, "prospects.edit")
    prospect = get_prospect(request.user, prospect_id)
    form = ProspectForm(request.POST or None, by=request.user, instance=prospect)
    if form.is_valid():
        try:
            edited = attempt(
                form,
                lambda: actions.edit_prospect(
                    by=request.user, prospect_id=prospect_id, version=given_version(request), **form.given()
                ),
            )
        except Conflict as conflict:
            theirs = {name: getattr(prospect, name) for name in form.cleaned_data}
            return show_conflict(request, form, conflict, theirs, cancel_url=prospect.get_absolute_url())
        if edited:
            return saved(request, edited, _("Saved."))
    return show_form(
        request,
        form,
        title=_("Edit prospect"),
        subtitle=prospect.name,
        submit=_("Save"),
        cancel_url=prospect.get_absolute_url(),
        version=given_version(request) or prospect.version,
    )


def plan_next_step(request: StaffRequest, prospect_id: int) -> HttpResponse:
    """What happens next, and when (R8)."""
    require(request.user, "prospects.edit")
    prospect = get_prospect(request.user, prospect_id)
    form = PlanForm(request.POST or None)
    if form.is_valid():
        planned = attempt(
            form,
            lambda: actions.plan_next_step(
                by=request.user,
                prospect_id=prospect_id,
                version=given_version(request),
                next_step=form.cleaned_data["next_step"],
                next_step_on=form.cleaned_data["next_step_on"],
            ),
        )
        if planned:
            return saved(request, planned, _("Next step planned."))
    return show_form(
        request,
        form,
        "prospects/plan_next_step.html",
        prospect=prospect,
        version=given_version(request) or prospect.version,
        days=_usual_days(),
    )


def _usual_days() -> list[dict[str, Any]]:
    """The days people plan for, one tap each; working days only."""
    spans = {3: _("In 3 days"), 7: _("In a week"), 14: _("In 2 weeks"), 30: _("In a month")}
    return [{"label": label, "day": day} for label, day in days_ahead(today(), spans)]


def tick_criterion(request: StaffRequest, prospect_id: int, criterion: str) -> HttpResponse:
    """Confirm one criterion, with its evidence (P2)."""
    require(request.user, "prospects.tick")
    prospect = get_prospect(request.user, prospect_id)
    what = _criterion(criterion)
    form = TickForm(request.POST or None, visits=visits_as_evidence(request.user, prospect), initial={"on": today()})
    if form.is_valid():
        ticked = attempt(
            form,
            lambda: (
                actions.tick_criterion(
                    by=request.user, prospect_id=prospect_id, criterion=what, **form.cleaned_data
                ).prospect
            ),
        )
        if ticked:
            return saved(request, ticked, _("Confirmed."))
    return show_form(
        request,
        form,
        title=what.label,
        subtitle=prospect.name,
        submit=_("Confirm"),
        cancel_url=prospect.get_absolute_url(),
    )


def withdraw_criterion(request: StaffRequest, prospect_id: int, criterion: str) -> HttpResponse:
    """Say that a confirmed criterion is no longer true (P3)."""
    require(request.user, "prospects.tick")
    prospect = get_prospect(request.user, prospect_id)
    what = _criterion(criterion)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        withdrawn = attempt(
            form,
            lambda: (
                actions.withdraw_criterion(
                    by=request.user, prospect_id=prospect_id, criterion=what, because=form.cleaned_data["because"]
                ).prospect
            ),
        )
        if withdrawn:
            return saved(request, withdrawn, _("Noted: no longer true."))
    return show_form(
        request,
        form,
        title=what.label,
        subtitle=prospect.name,
        submit=_("No longer true"),
        submit_class="btn-danger",
        cancel_url=prospect.get_absolute_url(),
    )


def _criterion(code: str) -> Criterion:
    if code not in Criterion.values:
        raise NotFound
    return Criterion(code)


def close_prospect(request: StaffRequest, prospect_id: int) -> HttpResponse:
    """Lost: why, and to whom. (Won is a move to S.)"""
    require(request.user, "prospects.close")
    prospect = get_prospect(request.user, prospect_id)
    form = LoseForm(request.POST or None)
    if form.is_valid():
        closed = attempt(
            form,
            lambda: actions.close_prospect(
                by=request.user,
                prospect_id=prospect_id,
                outcome=Outcome.LOST,
                version=given_version(request),
                **form.cleaned_data,
            ),
        )
        if closed:
            return saved(request, closed, _("%(name)s is off the board.") % {"name": closed.name})
    return show_form(
        request,
        form,
        title=_("%(name)s is lost") % {"name": prospect.name},
        submit=_("Take it off the board"),
        submit_class="btn-danger",
        cancel_url=prospect.get_absolute_url(),
        version=given_version(request) or prospect.version,
    )


def reopen_prospect(request: StaffRequest, prospect_id: int) -> HttpResponse:
    """Back on the board, in the highest class that still holds."""
    require(request.user, "prospects.reopen")
    prospect = get_prospect(request.user, prospect_id)
    form = ReopenForm(request.POST or None)
    if form.is_valid():
        opened = attempt(
            form,
            lambda: actions.reopen_prospect(
                by=request.user, prospect_id=prospect_id, version=given_version(request), **form.cleaned_data
            ),
        )
        if opened:
            words = {"name": opened.name, "letter": Stage(opened.stage).letter}
            return saved(request, opened, _("%(name)s is back, at %(letter)s.") % words, columns=[Stage.S])
    return show_form(
        request,
        form,
        title=_("Reopen %(name)s") % {"name": prospect.name},
        lead=_("It returns to the class it had, if that still holds. Without a next step that is E."),
        submit=_("Reopen"),
        cancel_url=prospect.get_absolute_url(),
        version=given_version(request) or prospect.version,
    )


def transfer_prospect(request: StaffRequest, prospect_id: int) -> HttpResponse:
    """To another owner, and his team."""
    require(request.user, "prospects.transfer")
    prospect = get_prospect(request.user, prospect_id)
    owners = [(person.pk, str(person)) for person in heirs() if person.pk != prospect.owner_id]
    form = TransferForm(owners, request.POST or None)
    if form.is_valid():
        given = attempt(
            form,
            lambda: actions.transfer_prospect(
                by=request.user,
                prospect_id=prospect_id,
                owner_id=form.cleaned_data["owner"],
                version=given_version(request),
            ),
        )
        if given:
            if not is_visible(request.user, prospect_id):
                return gone(request, _("%(name)s was handed over.") % {"name": given.name})
            return saved(request, given, _("%(name)s was handed over.") % {"name": given.name})
    return show_form(
        request,
        form,
        title=_("Hand over %(name)s") % {"name": prospect.name},
        submit=_("Hand over"),
        cancel_url=prospect.get_absolute_url(),
        version=given_version(request) or prospect.version,
    )
