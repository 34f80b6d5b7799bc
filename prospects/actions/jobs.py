"""What the clock does: mark slipping cards, let them fall back (P3), take the weekly snapshot. Safe to run twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import connection, transaction
from django.utils import timezone

from core import audit
from core.errors import DomainError
from core.permissions import require
from core.users import SYSTEM, Actor
from prospects import events
from prospects.actions.common import NOT_SLIPPING, slipping_fields, stage_change, tell_slipping
from prospects.choices import ChangeKind, Criterion, SlipReason, Stage
from prospects.models import CriterionTick, Prospect, WeeklySnapshot
from prospects.queries.prospects import waived_criteria
from prospects.queries.settings import BoardSettings, board_settings

CHUNK = 500


def slip_prospects(*, on: date, by: Actor = SYSTEM) -> dict[str, int]:
    """Bring slipping up to date for the day `on` and let fall back what has slipped long enough (P3).

    Looks at the open prospects above E, a chunk a transaction; a second run on the same day finds nothing to do.
    Returns how many were marked, cleared and fell back.
    """
    require(by, "settings.manage")
    settings, done = board_settings(), {"marked": 0, "cleared": 0, "fell_back": 0}
    last = 0
    while True:
        with transaction.atomic():
            chunk = list(
                Prospect.objects.still_open()
                .filter(pk__gt=last, stage__gt=Stage.E)
                .select_for_update(no_key=True)
                .order_by("pk")[:CHUNK]
            )
            if not chunk:
                return done
            last = chunk[-1].pk
            for name, count in _slip_chunk(chunk, by, settings, on).items():
                done[name] += count


def _slip_chunk(chunk: Sequence[Prospect], by: Actor, settings: BoardSettings, on: date) -> dict[str, int]:
    ticks = _ticks([prospect.pk for prospect in chunk])
    waived = waived_criteria([prospect.pk for prospect in chunk])
    done, changed = {"marked": 0, "cleared": 0, "fell_back": 0}, []
    for prospect in chunk:
        had = prospect.slipping_since
        new = slipping_fields(
            prospect, ticks.get(prospect.pk, set()), waived.get(prospect.pk, set()), settings.hard, on
        )
        differs = any(getattr(prospect, name) != value for name, value in new.items())
        for name, value in new.items():
            setattr(prospect, name, value)
        if prospect.slipping_since and prospect.slipping_since + _patience(settings) <= on:
            _fall_back(prospect, ticks.get(prospect.pk, set()), by, settings, on)
            done["fell_back"] += 1
        elif differs:
            changed.append(prospect)
            if had is None:
                done["marked"] += 1
                tell_slipping(by, prospect, settings)
            done["cleared"] += prospect.slipping_since is None
    Prospect.objects.bulk_update(changed, list(NOT_SLIPPING))
    return done


def _patience(settings: BoardSettings) -> timedelta:
    return timedelta(days=settings.rule.fall_back_after_days)


def _fall_back(prospect: Prospect, ticked: set[Criterion], by: Actor, settings: BoardSettings, on: date) -> None:
    """The card goes to the class proposed, by itself; recorded like any other class change."""
    to, reason = Stage(prospect.falls_back_to or Stage.E), SlipReason(prospect.slip_reason)
    from_class = Stage(prospect.stage)
    stage_change(by, prospect, to, ChangeKind.FELL_BACK, on=on, reason=reason.value)
    prospect.stage, prospect.entered_stage_on = int(to), on
    for name, value in NOT_SLIPPING.items():
        setattr(prospect, name, value)
    for name, value in slipping_fields(prospect, ticked, set(), settings.hard, on).items():
        setattr(prospect, name, value)
    prospect.version += 1
    prospect.save(update_fields=["stage", "entered_stage_on", "version", "updated_at", *NOT_SLIPPING])
    audit.record(
        events.FELL_BACK,
        by=by,
        on=prospect,
        account_id=prospect.account_id,
        name=prospect.name,
        from_class=from_class.letter,
        to_class=to.letter,
        reason=reason.value,
        before={"stage": int(from_class)},
        after={"stage": int(to)},
    )


def _ticks(ids: Sequence[int]) -> dict[int, set[Criterion]]:
    ticks: dict[int, set[Criterion]] = {}
    rows = CriterionTick.objects.filter(prospect__in=ids, withdrawn_at=None)
    for prospect_id, criterion in rows.values_list("prospect_id", "criterion"):
        ticks.setdefault(prospect_id, set()).add(Criterion(criterion))
    return ticks


@transaction.atomic
def take_snapshot(*, week: date, by: Actor = SYSTEM) -> WeeklySnapshot:
    """Keep every open prospect as it stands now, as the snapshot of the week that begins on Monday `week`.

    Once taken it never changes: a second call gives back the first one's. Raises DomainError for a day that is no Monday.
    """
    require(by, "settings.manage")
    if week.weekday():
        raise DomainError("A week begins on Monday.", field="week")
    taken = WeeklySnapshot.objects.filter(week=week).first()
    if taken:
        return taken
    with connection.cursor() as cursor:
        # Two clocks at once: the second waits here until the first has written its row.
        cursor.execute("select pg_advisory_xact_lock(hashtext('prospects.snapshot'))")
    taken = WeeklySnapshot.objects.filter(week=week).first()
    if taken:
        return taken
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into prospects_prospectsnapshot"
            " (week, prospect_id, owner_id, team_id, account_id, stage, amount, currency, expected_close_on, next_step_on)"
            " select %s, id, owner_id, team_id, account_id, stage, amount, currency, expected_close_on, next_step_on"
            " from prospects_prospect where closed_on is null on conflict (week, prospect_id) do nothing",
            [week],
        )
        taken = WeeklySnapshot.objects.create(week=week, taken_at=timezone.now(), prospects=cursor.rowcount)
    audit.record(events.SNAPSHOT_TAKEN, by=by, on=taken, week=week, prospects=taken.prospects)
    return taken


def align_teams(*, by: Actor = SYSTEM) -> int:
    """Open prospects follow their owner when he changes team; closed ones stay where they were closed. Returns how many."""
    require(by, "settings.manage")
    with connection.cursor() as cursor:
        cursor.execute(
            "update prospects_prospect p set team_id = u.team_id from core_user u"
            " where u.id = p.owner_id and p.closed_on is null and p.team_id is distinct from u.team_id"
        )
        return int(cursor.rowcount)
