"""Changing an account: profile, payment profile, owner, team, stage, notes."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import actions
from accounts.actions import PAYMENT_FIELDS
from accounts.forms import (
    AccountForm,
    AddAccountForm,
    MemberForm,
    MemberRoleForm,
    NoteForm,
    PaymentProfileForm,
    StageForm,
    TransferForm,
)
from accounts.models import Account
from accounts.queries import account_channels, get_account, get_member, is_visible
from accounts.rules.stages import CARDS
from core.answers import attempt, given_version, saved, show_conflict, show_form
from core.channels import as_rows
from core.errors import Conflict
from core.permissions import allowed, require
from core.requests import StaffRequest


def add_account(request: StaffRequest) -> HttpResponse:
    """A new account; while it is typed, similar ones are shown."""
    require(request.user, "accounts.add")
    may_choose = allowed(request.user, "accounts.transfer")
    initial = {"name": request.GET.get("name", "")[:200]}
    form = AddAccountForm(request.POST or None, by=request.user, may_choose_owner=may_choose, initial=initial)
    if form.is_valid():
        added = attempt(form, lambda: actions.add_account(by=request.user, **form.cleaned_data))
        if added:
            return saved(request, added, _("%(name)s is an account now.") % {"name": added}, changed="account", go=True)
    return show_form(
        request, form, "accounts/add_account.html",
        title=_("New account"), submit=_("Add account"), cancel_url=reverse("accounts:list_accounts"), use_once=True,
    )  # fmt: skip


def edit_account(request: StaffRequest, account_id: int) -> HttpResponse:
    """The profile. Over somebody's newer edit both versions are shown (409)."""
    require(request.user, "accounts.edit")
    account = get_account(request.user, account_id)
    shown = {"tags": account.tags, "channels": as_rows(account_channels(account)), "parent": account.parent}
    form = AccountForm(request.POST or None, by=request.user, instance=account, initial=shown)
    page: dict[str, Any] = {"cancel_url": account.get_absolute_url()}
    if form.is_valid():
        try:
            edited = attempt(
                form,
                lambda: actions.edit_account(
                    by=request.user, account_id=account_id, version=given_version(request), **form.cleaned_data
                ),
            )
        except Conflict as conflict:
            theirs = {name: getattr(account, name) for name in form.cleaned_data if name != "channels"}
            return show_conflict(request, form, conflict, theirs | {"channels": shown["channels"]}, **page)
        if edited:
            return saved(request, edited, _("Saved."), changed="account")
    return show_form(
        request, form, "accounts/edit_account.html",
        title=_("Edit account"), subtitle=account.name, submit=_("Save"), account=account,
        version=given_version(request) or account.version, **page,
    )  # fmt: skip


def edit_payment_profile(request: StaffRequest, account_id: int) -> HttpResponse:
    """How the account pays (C5)."""
    require(request.user, "accounts.edit_payment_profile")
    account = get_account(request.user, account_id)
    form = PaymentProfileForm(request.POST or None, instance=account)
    page: dict[str, Any] = {"cancel_url": _tab(account, "money")}
    if form.is_valid():
        try:
            edited = attempt(
                form,
                lambda: actions.edit_payment_profile(
                    by=request.user, account_id=account_id, version=given_version(request), **form.cleaned_data
                ),
            )
        except Conflict as conflict:
            theirs = {name: getattr(account, name) for name in PAYMENT_FIELDS}
            return show_conflict(request, form, conflict, theirs, **page)
        if edited:
            return saved(request, page["cancel_url"], _("Saved."), changed="account")
    return show_form(
        request, form,
        title=_("How they pay"), subtitle=account.name, submit=_("Save"),
        version=given_version(request) or account.version, **page,
    )  # fmt: skip


def transfer_account(request: StaffRequest, account_id: int) -> HttpResponse:
    """Another owner. Who thereby loses sight of the account lands on the list."""
    require(request.user, "accounts.transfer")
    account = get_account(request.user, account_id)
    form = TransferForm(request.POST or None, account=account)
    if form.is_valid():
        moved = attempt(
            form,
            lambda: actions.transfer_account(
                by=request.user, account_id=account_id, version=given_version(request), **form.cleaned_data
            ),
        )
        if moved:
            message = _("%(owner)s owns %(name)s now.") % {"owner": moved.owner, "name": moved}
            if is_visible(request.user, account_id):
                return saved(request, moved, message, changed="account")
            return saved(request, reverse("accounts:list_accounts"), message, changed="account", go=True)
    return show_form(
        request, form,
        title=_("Hand over"), subtitle=account.name, submit=_("Hand over"), version=account.version,
        lead=_("The owner is %(name)s.") % {"name": account.owner}, cancel_url=account.get_absolute_url(),
    )  # fmt: skip


def add_member(request: StaffRequest, account_id: int) -> HttpResponse:
    """A colleague joins the account's team."""
    require(request.user, "accounts.manage_team")
    account = get_account(request.user, account_id)
    form = MemberForm(request.POST or None, account=account)
    if form.is_valid():
        member = attempt(form, lambda: actions.add_member(by=request.user, account_id=account_id, **form.cleaned_data))
        if member:
            message = _("%(name)s is on the team.") % {"name": member.user}
            return saved(request, _tab(account, "team"), message, changed="account")
    return show_form(
        request, form,
        title=_("Add a colleague"), subtitle=account.name, submit=_("Add"), cancel_url=_tab(account, "team"),
        lead=_("Whoever is on the team sees the account, its people and its prospects."),
    )  # fmt: skip


def change_member_role(request: StaffRequest, account_id: int, member_id: int) -> HttpResponse:
    """Another role for a colleague on the team."""
    require(request.user, "accounts.manage_team")
    member = get_member(request.user, account_id, member_id)
    form = MemberRoleForm(request.POST or None, initial={"role": member.role})
    if form.is_valid():
        changed = attempt(
            form,
            lambda: actions.change_member_role(
                by=request.user, account_id=account_id, member_id=member_id, role=form.cleaned_data["role"]
            ),
        )
        if changed:
            return saved(request, _tab(member.account, "team"), _("Saved."), changed="account")
    return show_form(
        request, form,
        title=_("Role in the team"), subtitle=str(member.user), submit=_("Save"), cancel_url=_tab(member.account, "team"),
    )  # fmt: skip


@require_POST
def remove_member(request: StaffRequest, account_id: int, member_id: int) -> HttpResponse:
    """A colleague leaves the team."""
    member = get_member(request.user, account_id, member_id)
    actions.remove_member(by=request.user, account_id=account_id, member_id=member_id)
    message = _("%(name)s left the team.") % {"name": member.user}
    to = _tab(member.account, "team") if is_visible(request.user, account_id) else reverse("accounts:list_accounts")
    return saved(request, to, message, changed="account")


def change_stage(request: StaffRequest, account_id: int) -> HttpResponse:
    """Along the eight stages, with the entry evidence (K10)."""
    require(request.user, "accounts.change_stage")
    account = get_account(request.user, account_id)
    wanted = request.GET.get("to", "")
    to_stage = int(wanted) if wanted.isdigit() else min(account.development_stage + 1, 8)
    form = StageForm(request.POST or None, account=account, initial={"to_stage": to_stage})
    if form.is_valid():
        change = attempt(
            form,
            lambda: actions.change_development_stage(
                by=request.user, account_id=account_id, version=given_version(request), **form.cleaned_data
            ),
        )
        if change:
            message = _("%(name)s: %(stage)s") % {"name": account, "stage": change.get_to_stage_display()}
            return saved(request, account, message, changed="account")
    up = CARDS.get(account.development_stage + 1)
    return show_form(
        request, form, "accounts/change_stage.html",
        title=_("Change the stage"), subtitle=account.name, submit=_("Change"), version=account.version, up=up,
        account=account, cancel_url=account.get_absolute_url(),
    )  # fmt: skip


@require_POST
def tick_stage_work(request: StaffRequest, account_id: int, work: str) -> HttpResponse:
    """Tick one line of the stage's work list, or take the tick back."""
    done = request.POST.get("done") == "1"
    action = actions.tick_stage_work if done else actions.untick_stage_work
    action(by=request.user, account_id=account_id, work=work)
    account = get_account(request.user, account_id)
    message = _("Ticked.") if done else _("Tick taken back.")
    return saved(request, account, message, changed="account")


def add_note(request: StaffRequest, account_id: int) -> HttpResponse:
    """Write something down about the account."""
    require(request.user, "accounts.note")
    account = get_account(request.user, account_id)
    form = NoteForm(request.POST or None)
    if form.is_valid():
        note = attempt(form, lambda: actions.add_note(by=request.user, account_id=account_id, **form.cleaned_data))
        if note:
            return saved(request, _tab(account, "notes"), _("Noted."), changed="account")
    return show_form(
        request, form,
        title=_("New note"), subtitle=account.name, submit=_("Save"), cancel_url=_tab(account, "notes"), use_once=True,
    )  # fmt: skip


def _tab(account: Account, name: str) -> str:
    return reverse("accounts:account_tab", args=[account.pk, name])
