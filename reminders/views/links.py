"""Links of mails: opening shows a button, only the button acts (a mail scanner opens every link)."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.errors import NotFound
from core.models import User
from reminders import actions
from reminders.models import Occurrence
from reminders.queries import get_occurrence, head_of, line_of, link_holder, people, working_days
from reminders.queries.clock import database_now
from reminders.rules.later import TOMORROW, later
from reminders.rules.links import FINISH, Link, LinkOver, read_link


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow_link(request: HttpRequest, token: str) -> HttpResponse:
    """What the link may do, in its owner's language; done when its button is pressed, once."""
    try:
        link = read_link(token)
        holder = link_holder(link.user_id)
        occurrence = head_of(get_occurrence(holder, link.occurrence_id))
    except (LinkOver, NotFound):
        return render(request, "reminders/link_over.html", status=410)
    line = line_of(occurrence)
    if link.verb == FINISH and line.is_done_by_act:
        return redirect(line.act_url)
    now = database_now()
    zone = people([holder.pk], now).zone_of(holder.pk)
    with translation.override(holder.language or translation.get_language()), timezone.override(zone):
        until = later(TOMORROW, now, zone, working_days(now.date()))
        told = _act(link, holder, occurrence, until) if request.method == "POST" and occurrence.is_open else ""
        page = {
            "line": line_of(occurrence),
            "verb": link.verb,
            "until": until,
            "is_done": told,
            "is_over": not occurrence.is_open,
            "open_url": reverse("reminders:open_reminder", args=[occurrence.pk]),
        }
        return render(request, "reminders/link.html", page)


def _act(link: Link, holder: User, occurrence: Occurrence, until: object) -> str:
    if link.verb == FINISH:
        actions.finish_reminder(by=holder, occurrence_id=occurrence.pk)
        return _("It is done.")
    actions.snooze_reminder(by=holder, occurrence_id=occurrence.pk, until=until, reason=_("put off by mail"))  # type: ignore[arg-type]
    return _("You will be reminded again.")
