"""Users: the list, adding, editing, links to choose a password, the door shut and opened."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from core import columns
from core.answers import attempt, saved, show_form
from core.lists import ListSpec, show_list
from core.models import Role, User
from core.permissions import require
from core.requests import StaffRequest
from core.staff import actions, tasks
from core.staff.filters import UserFilters
from core.staff.forms import UserForm, user_values
from core.staff.invitations import password_path
from core.staff.queries import all_users, get_user, holdings

LINK = "password_link"  # session key: shown on the next page, then forgotten


def _state(is_active: bool) -> SafeString:
    tone, word = ("good", _("active")) if is_active else ("", _("switched off"))
    return format_html('<span class="badge{}">{}</span>', f" badge-{tone}" if tone else "", word)


USERS = ListSpec(
    key="users",
    title=gettext_lazy("Users"),
    rows=all_users,
    columns=(
        columns.link("full_name", pgettext_lazy("person", "Name"), to="core:user", sort="full_name"),
        columns.text("email", gettext_lazy("Email"), sort="email"),
        columns.choice("role", gettext_lazy("Role"), Role),
        columns.text("team", gettext_lazy("Team"), field="team__name"),
        columns.moment("last_login", gettext_lazy("Last signed in")),
        columns.Column(
            key="is_active", label=gettext_lazy("State"), reads=("is_active",), cell=lambda row: _state(row["is_active"]),
            export=lambda row: row["is_active"],
        ),
    ),
    sort="full_name",
    filters=UserFilters,
    empty_icon="users",
    empty_title=gettext_lazy("No user fits"),
)  # fmt: skip


def list_users(request: StaffRequest) -> HttpResponseBase:
    """Everybody who has or had a login."""
    return show_list(request, USERS, "core/staff/list_users.html")


def add_user(request: StaffRequest) -> HttpResponse:
    """Open a login; the new person chooses a password by a link."""
    require(request.user, "users.manage")
    form = UserForm(request.POST or None)
    if form.is_valid():
        user = attempt(form, lambda: actions.add_user(by=request.user, **form.cleaned_data))
        if user:
            _invite(request, user)
            return saved(request, reverse("core:user", args=[user.pk]), _("User added."), changed="user", go=True)
    return show_form(
        request, form, title=_("Add a user"), submit=_("Add user"), cancel_url=reverse("core:list_users"), use_once=True
    )


def user(request: StaffRequest, user_id: int) -> HttpResponse:
    """One user: who he is, what he owns, and his door."""
    person = get_user(request.user, user_id)
    form = UserForm(request.POST or None, initial=user_values(person))
    if form.is_valid():
        edited = attempt(form, lambda: actions.edit_user(by=request.user, user_id=person.pk, **form.cleaned_data))
        if edited:
            messages.success(request, _("Saved."))
            return redirect(reverse("core:user", args=[person.pk]))
    page = {
        "person": person,
        "form": form,
        "holdings": holdings(person),
        "password_link": request.session.pop(LINK, None) if request.method == "GET" else None,
    }
    return render(request, "core/staff/user.html", page, status=422 if form.errors else 200)


@require_POST
def invite_user(request: StaffRequest, user_id: int) -> HttpResponse:
    """Mail the link to choose a password, and show it once."""
    _invite(request, get_user(request.user, user_id))
    messages.success(request, _("A link to choose a password is on its way."))
    return redirect("core:user", user_id)


@require_POST
def deactivate_user(request: StaffRequest, user_id: int) -> HttpResponse:
    """Shut the door at once."""
    person = actions.deactivate_user(by=request.user, user_id=user_id)
    messages.success(request, _("%(name)s is signed out everywhere and may no longer sign in.") % {"name": person})
    return redirect("core:user", user_id)


@require_POST
def activate_user(request: StaffRequest, user_id: int) -> HttpResponse:
    """Open it again."""
    person = actions.activate_user(by=request.user, user_id=user_id)
    messages.success(request, _("%(name)s may sign in again.") % {"name": person})
    return redirect("core:user", user_id)


def _invite(request: StaffRequest, person: User) -> None:
    actions.invite_user(by=request.user, user_id=person.pk)
    root = request.build_absolute_uri("/")
    request.session[LINK] = root.rstrip("/") + password_path(person)
    transaction.on_commit(lambda: tasks.mail_invitation.delay(person.pk, root))
