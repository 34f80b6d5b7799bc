"""The browsers in which a person is told."""

from __future__ import annotations

import json
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError
from core.models import User
from core.permissions import require
from core.push import Subscription, Unpushed, check_subscription, send_push
from reminders import events
from reminders.choices import Channel
from reminders.models import Browser, Preference
from reminders.queries import browsers_of, database_now, get_browser, own_rules, preferences_of

MOST = 10


def add_browser(*, by: User, subscription: Subscription, label: str) -> Browser:
    """Keep a browser that gave its leave; one known already becomes his. Refused when its keys are none.

    With the first one everything rings there that also comes by mail, unless he chose otherwise before.
    """
    require(by, "reminders.use")
    check_subscription(subscription)  # asks for the name's number: not within a transaction
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        others = [row for row in browsers_of(by) if row.endpoint != subscription.endpoint]
        if len(others) >= MOST:
            raise DomainError(_("Ten browsers are enough. Remove one first."), field="endpoint")
        row, _made = Browser.objects.update_or_create(
            endpoint=subscription.endpoint,
            defaults={
                "user": by,
                "label": label.strip()[:60] or _("Browser"),
                "p256dh": subscription.p256dh,
                "auth": subscription.auth,
                "last_at": None,
                "last_error": "",
            },
        )
        if not others:
            _ring_as_by_mail(by)
        audit.record(events.BROWSER_ADDED, by=by, on=row, label=row.label)
    return row


@transaction.atomic
def remove_browser(*, by: User, browser_id: int) -> None:
    """Forget one of one's browsers. With the last one, nothing is told that way any more."""
    require(by, "reminders.use")
    row = get_browser(by, browser_id)
    audit.record(events.BROWSER_REMOVED, by=by, on=row, label=row.label)
    row.forget()


def try_browser(*, by: User, browser_id: int) -> Browser:
    """Send a word to one of one's browsers and keep what came of it: `last_error` is empty when it was taken."""
    require(by, "reminders.use")
    row = get_browser(by, browser_id)
    words = {
        "title": _("A test from %(company)s") % {"company": settings.COMPANY_NAME},
        "body": _("Reminders for %(name)s will come here.") % {"name": by},
    }
    topic = uuid4().hex
    try:
        send_push(
            Subscription(row.endpoint, row.p256dh, row.auth), json.dumps(words | {"tag": topic}).encode(), topic=topic
        )
        error = ""
    except Unpushed as failure:
        error = failure.reason[:400]
    with transaction.atomic():
        Browser.objects.filter(pk=row.pk).update(last_at=database_now(), last_error=error)
        audit.record(events.BROWSER_TESTED, by=by, on=row, label=row.label, outcome=error or "ok")
    row.refresh_from_db()
    return row


def _ring_as_by_mail(user: User) -> None:
    chosen = preferences_of(user)
    Preference.objects.bulk_create(
        [
            Preference(user=user, rule=rule.code, channel=Channel.PUSH, is_on=True)
            for rule in own_rules()
            if Channel.PUSH in rule.offered and chosen.get((rule.code, Channel.EMAIL), Channel.EMAIL in rule.channels)
        ],
        ignore_conflicts=True,
    )
