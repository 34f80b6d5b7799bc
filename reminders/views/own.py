"""Everyone's own page: what reaches me, by which way, and when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.answers import attempt, given_version
from core.push import Subscription, application_key
from core.requests import StaffRequest
from reminders import actions
from reminders.channels import available
from reminders.choices import Channel
from reminders.forms import AbsenceForm, BrowserForm, ChatAddressForm, PreferencesForm, QuietHoursForm
from reminders.models import Browser, ChatAddress
from reminders.queries import absences_of, browsers_of, chat_addresses, own_rules, preferences_of, receiver_of
from reminders.registry import ReminderRule
from reminders.rules.browsers import THIS_BROWSER, browser_name


def preferences(request: StaffRequest) -> HttpResponse:
    """The whole page."""
    return _page(request)


@require_POST
def set_quiet_hours(request: StaffRequest) -> HttpResponse:
    """Quiet hours, days off, the morning's bundle."""
    form = QuietHoursForm(request.POST, instance=receiver_of(request.user))
    if form.is_valid():
        version = given_version(request) or 1
        if attempt(form, lambda: actions.set_quiet_hours(by=request.user, version=version, **form.cleaned_data)):
            return _saved(request)
    return _page(request, hours=form)


@require_POST
def set_preferences(request: StaffRequest) -> HttpResponse:
    """The matrix of rules and channels: what differs from before is written."""
    form = _matrix(request, request.POST)
    if form.is_valid():
        for rule, channel, on in form.changes():
            actions.set_preference(by=request.user, rule=rule, channel=channel, is_on=on)
        return _saved(request)
    return _page(request, matrix=form)


@require_POST
def add_absence(request: StaffRequest) -> HttpResponse:
    """Away, and who stands in."""
    form = AbsenceForm(request.POST, by=request.user)
    if form.is_valid():
        given = form.cleaned_data
        added = attempt(
            form,
            lambda: actions.add_absence(
                by=request.user,
                user_id=request.user.pk,
                stand_in_id=given["stand_in"].pk,
                starts_on=given["starts_on"],
                until=given["until"],
            ),
        )
        if added:
            return _saved(request)
    return _page(request, absence=form)


@require_POST
def end_absence(request: StaffRequest, absence_id: int) -> HttpResponse:
    """Back again."""
    actions.end_absence(by=request.user, absence_id=absence_id)
    return _saved(request)


@require_POST
def add_chat_address(request: StaffRequest) -> HttpResponse:
    """One more chat; a test message goes there at once."""
    form = ChatAddressForm(request.POST)
    if form.is_valid():
        added = attempt(form, lambda: actions.add_chat_address(by=request.user, **form.cleaned_data))
        if added:
            return _tested(request, added.pk)
    return _page(request, chat=form)


@require_POST
def try_chat_address(request: StaffRequest, address_id: int) -> HttpResponse:
    """Does it arrive? If not, why."""
    return _tested(request, address_id)


@require_POST
def remove_chat_address(request: StaffRequest, address_id: int) -> HttpResponse:
    """Forget one."""
    actions.remove_chat_address(by=request.user, address_id=address_id)
    return _saved(request)


@require_POST
def add_browser(request: StaffRequest) -> HttpResponse:
    """The browser this comes from; a test message goes there at once."""
    form = BrowserForm(request.POST)
    if form.is_valid():
        name = browser_name(request.headers.get("User-Agent", ""))
        added = attempt(
            form,
            lambda: actions.add_browser(by=request.user, subscription=Subscription(**form.cleaned_data), label=name),
        )
        if added:
            request.session[THIS_BROWSER] = added.pk
            return _browser_tested(request, added.pk)
    messages.error(
        request, " ".join(str(error) for errors in form.errors.values() for error in errors)
    )  # fields are hidden
    return _page(request, browser=form)


@require_POST
def try_browser(request: StaffRequest, browser_id: int) -> HttpResponse:
    """Does it arrive? If not, why."""
    return _browser_tested(request, browser_id)


@require_POST
def remove_browser(request: StaffRequest, browser_id: int) -> HttpResponse:
    """Forget one."""
    actions.remove_browser(by=request.user, browser_id=browser_id)
    return _saved(request)


@require_POST
def try_mail(request: StaffRequest) -> HttpResponse:
    """A mail to oneself: does it arrive? If the mail server does not take it, what it said."""
    error = actions.try_mail(by=request.user)
    if error:
        messages.error(request, _("The mail server did not take it: %(reason)s") % {"reason": error})
    else:
        messages.success(request, _("A test mail is on its way to %(email)s.") % {"email": request.user.email})
    return redirect("reminders:preferences")


# ------------------------------------------------------------------ answers


def _page(request: StaffRequest, **forms: Any) -> HttpResponse:
    user = request.user
    hours = forms.get("hours") or QuietHoursForm(instance=receiver_of(user))
    addresses, browsers = chat_addresses(user), browsers_of(user)
    matrix = forms.get("matrix") or _matrix(request, None)
    context = {
        "hours": hours,
        "version": hours.instance.version,
        "matrix": _rows(matrix),
        "matrix_form": matrix,
        "channels": [{"label": channel.label, "value": channel.value} for channel in _channels(addresses, browsers)],
        "absence": forms.get("absence") or AbsenceForm(by=user),
        "absences": absences_of(user),
        "chat": forms.get("chat") or ChatAddressForm(),
        "addresses": addresses,
        "browsers": browsers,
        "this_browser": request.session.get(THIS_BROWSER),
        "browser": BrowserForm(),
        "application_key": application_key(),
        "zone": user.time_zone or settings.TIME_ZONE,
    }
    return render(request, "reminders/preferences.html", context, status=422 if forms else 200)


def _saved(request: StaffRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("reminders:preferences")


def _tested(request: StaffRequest, address_id: int) -> HttpResponse:
    tested = actions.try_chat_address(by=request.user, address_id=address_id)
    if tested.last_error:
        messages.error(request, tested.last_error)
    else:
        messages.success(request, _("The test message arrived at %(chat)s.") % {"chat": tested.label})
    return redirect("reminders:preferences")


def _browser_tested(request: StaffRequest, browser_id: int) -> HttpResponse:
    tested = actions.try_browser(by=request.user, browser_id=browser_id)
    if tested.last_error:
        messages.error(request, tested.last_error)
    else:
        messages.success(request, _("A test message is on its way to %(browser)s.") % {"browser": tested.label})
    return redirect("reminders:preferences")


def _channels(addresses: Sequence[ChatAddress], browsers: Sequence[Browser]) -> list[Channel]:
    """The ways there are here; team chat and browser once he has named one."""
    missing = {Channel.CHAT} if not addresses else set()
    missing |= {Channel.PUSH} if not browsers else set()
    return [channel for channel in available() if channel not in missing]


def _matrix(request: StaffRequest, data: Any) -> PreferencesForm:
    user = request.user
    return PreferencesForm(
        data,
        rules=own_rules(),
        channels=_channels(chat_addresses(user), browsers_of(user)),
        chosen=preferences_of(user),
    )


def _rows(form: PreferencesForm) -> list[dict[str, Any]]:
    """The matrix, rule by rule; a box that is fixed says why."""
    rows: dict[str, dict[str, Any]] = {}
    for rule, channel in form.pairs:
        row = rows.setdefault(rule.code, {"rule": rule, "cells": {}})
        row["cells"][channel] = {
            "field": form[f"{rule.code}:{channel}"],
            "label": channel.label,
            "stays": form.fields[f"{rule.code}:{channel}"].disabled,
        }
    channels = list(dict.fromkeys(channel for _rule, channel in form.pairs))
    for row in rows.values():
        row["cells"] = [row["cells"].get(channel) for channel in channels]
        row["why"] = _why(row["rule"])
    return list(rows.values())


def _why(rule: ReminderRule) -> str:
    return str(rule.why)
