"""Everyone's own pages: profile, password and devices, calendar feed, API tokens."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.answers import attempt
from core.permissions import allowed
from core.requests import StaffRequest
from core.staff import actions
from core.staff.forms import ProfileForm, TokenForm, profile_values
from core.staff.queries import own_feed, own_tokens, second_factor

NEW_KEY = "new_api_key"  # session key: shown on the next page, then forgotten
NEW_FEED = "new_calendar_feed"  # the same


def settings(request: StaffRequest) -> HttpResponse:
    """The first page of the settings that this person has a use for."""
    return redirect("core:list_users" if allowed(request.user, "users.manage") else "core:profile")


def profile(request: StaffRequest) -> HttpResponse:
    """Name, language, appearance, time zone."""
    form = ProfileForm(request.POST or None, initial=profile_values(request.user))
    if form.is_valid():
        user = attempt(form, lambda: actions.edit_profile(by=request.user, **form.cleaned_data))
        if user:
            if user.language:
                translation.activate(user.language)
            messages.success(request, _("Saved."))
            return redirect("core:profile")
    return render(request, "core/staff/profile.html", {"form": form}, status=422 if form.errors else 200)


def security(request: StaffRequest) -> HttpResponse:
    """Password, second factor, other devices."""
    return render(request, "core/staff/security.html", {"second_factor": second_factor(request.user)})


@require_POST
def end_other_sessions(request: StaffRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    user = actions.end_other_sessions(by=request.user)
    update_session_auth_hash(request, user)
    messages.success(request, _("All your other sessions are over."))
    return redirect("core:security")


def list_tokens(request: StaffRequest) -> HttpResponse:
    """One's API tokens; a new one's key is shown here once."""
    form = TokenForm(request.POST or None)
    if form.is_valid():
        _token, request.session[NEW_KEY] = actions.add_token(by=request.user, **form.cleaned_data)
        return redirect("core:list_tokens")
    page = {
        "form": form,
        "tokens": own_tokens(request.user),
        "new_key": request.session.pop(NEW_KEY, None) if request.method == "GET" else None,
        "root": request.build_absolute_uri("/").rstrip("/"),
    }
    return render(request, "core/staff/list_tokens.html", page, status=422 if form.errors else 200)


@require_POST
def revoke_token(request: StaffRequest, token_id: int) -> HttpResponse:
    """End one of one's own tokens."""
    token = actions.revoke_token(by=request.user, token_id=token_id)
    messages.success(request, _("The token “%(name)s” is revoked.") % {"name": token.name})
    return redirect("core:list_tokens")


def calendar_feed(request: StaffRequest) -> HttpResponse:
    """The secret address of one's calendar: made here, shown once, replaced by a new one."""
    if request.method == "POST":
        _feed, request.session[NEW_FEED] = actions.make_calendar_feed(by=request.user)
        return redirect("core:calendar_feed")
    key = request.session.pop(NEW_FEED, None)
    page = {
        "feed": own_feed(request.user),
        "address": request.build_absolute_uri(reverse("desk:calendar_feed", args=[key])) if key else "",
    }
    return render(request, "core/staff/calendar_feed.html", page)


@require_POST
def revoke_calendar_feed(request: StaffRequest) -> HttpResponse:
    """End the address of one's calendar."""
    actions.revoke_calendar_feed(by=request.user)
    messages.success(request, _("The address no longer answers."))
    return redirect("core:calendar_feed")
