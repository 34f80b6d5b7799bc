"""How a person wants to be told; his own affair, and that of who leads him while he is away."""

from __future__ import annotations

from datetime import date, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict, DomainError, NotAllowed
from core.models import User
from core.people import get_colleague
from core.permissions import allowed, require
from core.users import Actor, as_row
from core.workdays import today
from reminders import events
from reminders.choices import WAITING_STATES, Channel, EndReason, State
from reminders.models import Absence, Occurrence, Preference, Receiver
from reminders.queries import database_now, get_absence, receiver_of
from reminders.registry import RULES

LONGEST_ABSENCE = timedelta(days=366)


@transaction.atomic
def set_quiet_hours(
    *, by: User, quiet_from: time, quiet_to: time, rests_on_days_off: bool, bundles: bool, version: int
) -> Receiver:
    """Set one's own quiet hours and whether small things come bundled. What is planned already keeps its time."""
    require(by, "reminders.use")
    Receiver.objects.get_or_create(user=by)
    row = Receiver.objects.select_for_update(no_key=True).get(user=by)
    wanted = {
        "quiet_from": quiet_from, "quiet_to": quiet_to, "rests_on_days_off": rests_on_days_off, "bundles": bundles,
    }  # fmt: skip
    if row.version != version:
        raise Conflict(_("You changed this elsewhere meanwhile."), current=row, yours=wanted)
    before = {name: getattr(row, name) for name in wanted}
    for name, value in wanted.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    audit.record(events.HOURS_SET, by=by, on=row, before=before, after=wanted)
    return receiver_of(by)


@transaction.atomic
def set_preference(*, by: User, rule: str, channel: Channel, is_on: bool) -> Preference:
    """Be told of one rule by one channel, or no longer. What climbs to the manager stays in the bell whatever is chosen."""
    require(by, "reminders.use")
    declared = RULES.get(rule)
    if declared is None or channel not in declared.offered:
        raise DomainError(_("There is no such reminder."), field="rule")
    if channel == Channel.IN_APP and declared.climbs and not is_on:
        raise DomainError(
            _("This reminder goes up to your manager when you do not act: it stays in the bell."), field="is_on"
        )
    row, _made = Preference.objects.update_or_create(user=by, rule=rule, channel=channel, defaults={"is_on": is_on})
    if not is_on:
        waiting = Occurrence.objects.filter(recipient=by, rule=rule, channel=channel, state__in=WAITING_STATES)
        waiting.update(
            state=State.CANCELLED,
            ended_at=database_now(),
            ended_because=EndReason.SWITCHED_OFF,
            free_at=None,
            lease_token=None,
        )
    audit.record(
        events.PREFERENCE_SET,
        by=by,
        on=row,
        title=declared.title,
        channel=channel.label,
        choice=_("on") if is_on else _("off"),
    )
    return row


@transaction.atomic
def add_absence(*, by: Actor, user_id: int, stand_in_id: int, starts_on: date, until: date) -> Absence:
    """Somebody is away and a colleague stands in: what comes meanwhile goes to him. For oneself, or for one's team."""
    require(by, "reminders.use")
    user, stand_in = get_colleague(by, user_id), get_colleague(by, stand_in_id)
    if user.pk != by.pk and not _leads(by, user):
        raise NotAllowed("reminders.lead")
    if user.pk == stand_in.pk:
        raise DomainError(_("Choose a colleague."), field="stand_in_id")
    if not stand_in.is_active:
        raise DomainError(_("%(name)s no longer works here.") % {"name": stand_in}, field="stand_in_id")
    if until < starts_on:
        raise DomainError(_("The last day lies before the first."), field="until")
    if until < today():
        raise DomainError(_("These days are over."), field="until")
    if until - starts_on > LONGEST_ABSENCE:
        raise DomainError(_("Not longer than a year."), field="until")
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if Absence.objects.filter(user=user, starts_on__lte=until, until__gte=starts_on).exists():
        raise DomainError(_("%(name)s is away on some of these days already.") % {"name": user}, field="starts_on")
    row = Absence.objects.create(user=user, stand_in=stand_in, starts_on=starts_on, until=until, by=as_row(by))
    audit.record(
        events.ABSENCE_ADDED, by=by, on=row, name=str(user), stand_in=str(stand_in), starts_on=starts_on, until=until
    )
    return row


@transaction.atomic
def end_absence(*, by: Actor, absence_id: int) -> None:
    """Back again: from today on the person is told himself. An absence that has not begun is taken out."""
    require(by, "reminders.use")
    row = get_absence(by, absence_id, lock=True)
    if row.user_id != by.pk and not _leads(by, row.user):
        raise NotAllowed("reminders.lead")
    if row.until < today():
        raise Conflict(_("These days are over."), current=row)
    audit.record(events.ABSENCE_ENDED, by=by, on=row, name=str(row.user), before={"until": row.until})
    if row.starts_on >= today():
        row.delete()
    else:
        row.until = today() - timedelta(days=1)
        row.save(update_fields=["until"])


def _leads(by: Actor, user: User) -> bool:
    """Whether the person is in a team he leads, or he runs the house."""
    if by.is_system or allowed(by, "users.manage"):
        return True
    return allowed(by, "reminders.lead") and user.team_id in by.team_ids  # type: ignore[union-attr]
