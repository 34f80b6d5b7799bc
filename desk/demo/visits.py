"""The visits of the half year: what each prospect was followed up with, what else was talked about, and what is planned."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from accounts.choices import MemberRole
from accounts.models import Account, AccountMember
from core.models import User
from desk.demo import visit_words as words
from desk.demo.board import Life
from desk.demo.days import HISTORY_DAYS, Days
from desk.demo.firms import Firm
from desk.demo.history import Chronicle
from desk.demo.people import TIDY, Staff
from prospects.models import FollowUp, Prospect
from relationships import events
from relationships.choices import Meeting, VisitKind
from relationships.models import Visit, VisitAttendee

KINDS = {
    VisitKind.CALL: 34, VisitKind.VISIT: 30, VisitKind.REMOTE: 10, VisitKind.CHAT: 8, VisitKind.TECHNICAL: 7,
    VisitKind.DEMO: 4, VisitKind.TOUR: 2, VisitKind.MEAL: 3, VisitKind.SEMINAR: 1, VisitKind.GIFT: 1,
}  # fmt: skip
PLANNED_AHEAD = 12  # days in which visits are planned


@dataclass
class Story:
    """What is being written: visits with their people and prospects."""

    days: Days
    random: Random
    visits: list[Visit] = field(default_factory=list)
    people: list[VisitAttendee] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)

    def contact(self, firm: Firm, owner: User, on: date) -> Visit:
        """One contact of that day, written up soon after, now and then too late."""
        kind = self.random.choices(list(KINDS), list(KINDS.values()))[0]
        language = 0 if firm.at_home else 1
        at = self.days.moment(on, self.random)
        late = timedelta(hours=self.random.choices([1, 6, 20, 50, 120], [50, 25, 15, 7, 3])[0])
        visit = Visit(
            account=firm.account, owner=owner, created_by=owner, kind=kind, at=at,
            minutes=self.random.choice([15, 30]) if kind in {VisitKind.CALL, VisitKind.CHAT} else self.random.choice([60, 90, 120]),
            purpose=self.random.choice(words.PURPOSES)[language], outcome=self.random.choice(words.OUTCOMES)[language],
            next_step=self.random.choice(words.NEXT_STEPS)[language], recorded_at=min(at + late, self.days.now),
            next_step_on=on + timedelta(days=self.random.randint(5, 18)),
        )  # fmt: skip
        self._add(visit, firm)
        return visit

    def plan(self, firm: Firm, owner: User, day: date, hour: int) -> Visit:
        """A visit to come."""
        at = timezone.make_aware(datetime.combine(day, time(hour, self.random.choice([0, 30]))))
        purpose = self.random.choice(words.PURPOSES)[0 if firm.at_home else 1]
        kind = self.random.choice([VisitKind.VISIT, VisitKind.VISIT, VisitKind.CALL, VisitKind.TECHNICAL])
        visit = Visit(
            account=firm.account, owner=owner, created_by=owner, kind=kind, at=at, planned_at=at, purpose=purpose
        )
        self._add(visit, firm)
        return visit

    def _add(self, visit: Visit, firm: Firm) -> None:
        self.visits.append(visit)
        for contact in self.random.sample(firm.contacts, min(len(firm.contacts), self.random.choice([1, 1, 2]))):
            self.people.append(VisitAttendee(visit=visit, contact=contact))


def write(lives: list[Life], firms: list[Firm], staff: Staff, days: Days, random: Random, chronicle: Chronicle) -> None:
    """Save the visits and tell of them; prospects and accounts know of their last contact."""
    story = Story(days, random)
    for life in lives:
        _follow(story, life)
    for firm in firms:
        _keep_in_touch(story, firm)
    _plan(story, lives, staff[TIDY])
    _settle(story)
    _tidy(story, staff[TIDY])
    _forget(story, staff[TIDY])
    _bring_along(story, staff[TIDY])
    Visit.objects.bulk_create(story.visits, batch_size=1_000)
    VisitAttendee.objects.bulk_create(story.people, batch_size=2_000)
    FollowUp.objects.bulk_create(story.follow_ups, batch_size=2_000)
    Prospect.objects.bulk_update(
        [life.prospect for life in lives], ["contacts_made", "last_contact_on"], batch_size=500
    )
    _date_accounts(story, firms)
    for visit in story.visits:
        _tell(visit, chronicle)


def _follow(story: Story, life: Life) -> None:
    """The contacts of one prospect: two to three weeks apart if all goes well."""
    prospect, number = life.prospect, 0
    last = life.closed_on or story.days.today
    on = prospect.opened_on + timedelta(days=story.random.randint(0, 5))
    while on < last:
        day = story.days.before(on)
        if day >= prospect.opened_on:
            number += 1
            visit = story.contact(life.firm, life.owner, day)
            story.follow_ups.append(FollowUp(visit=visit, prospect=prospect, number=number))
            prospect.contacts_made, prospect.last_contact_on = number, day
            if prospect.next_step and prospect.next_step_on and not life.closed_on:
                visit.next_step = prospect.next_step
        on += timedelta(days=story.random.choice([4, 9, 12, 15, 17, 20, 26]))


def _keep_in_touch(story: Story, firm: Firm) -> None:
    """Contacts that are about no prospect, up to the day the account was last spoken with."""
    spoken = firm.account.last_contact_on
    if spoken is None:
        return
    earliest = story.days.today - timedelta(days=HISTORY_DAYS)
    on = spoken
    while on > earliest:
        story.contact(firm, firm.account.owner, story.days.before(on))
        on -= timedelta(days=story.random.randint(20, 70))


def _plan(story: Story, lives: list[Life], tidy: User) -> None:
    """Each seller has some visits ahead, most of them two today, the tidy one a day apart."""
    ahead: dict[int, int] = {}
    for life in lives:
        owner = life.owner
        count = ahead.get(owner.pk, 0)
        if life.closed_on or count >= PLANNED_AHEAD or not life.firm.contacts:
            continue
        ahead[owner.pk] = count + 1
        day = story.days.workday(count) if owner == tidy else story.days.ahead(count * 5 // 4)
        visit = story.plan(life.firm, owner, day, 9 + count % 8)
        story.follow_ups.append(FollowUp(visit=visit, prospect=life.prospect))


def _settle(story: Story) -> None:
    """A step is owed only since the latest visit at the account, and not where a prospect goes on with it."""
    carried = {id(row.visit) for row in story.follow_ups}
    latest: dict[int, Visit] = {}
    met: set[int] = set()
    for visit in sorted((visit for visit in story.visits if visit.recorded_at), key=lambda visit: visit.at):
        before = latest.get(visit.account_id)
        if before is not None and before.next_step_settled_at is None:
            before.next_step_settled_at = visit.recorded_at
        latest[visit.account_id] = visit
        if id(visit) in carried:
            visit.next_step_settled_at = visit.recorded_at
        if VisitKind(visit.kind).is_meeting:
            visit.meeting = Meeting.FOLLOW_UP if visit.account_id in met else Meeting.FIRST
            met.add(visit.account_id)


def _tidy(story: Story, tidy: User) -> None:
    """She has taken the steps she owed on their day; one is for the first working day from today on."""
    owed = [
        visit for visit in story.visits if visit.owner == tidy and visit.recorded_at and not visit.next_step_settled_at
    ]
    first = story.days.workday(0)
    for number, visit in enumerate(sorted(owed, key=lambda visit: visit.at, reverse=True)):
        if number == 0:
            visit.next_step_on = first
        elif visit.next_step_on and visit.next_step_on < story.days.today:
            day = timezone.make_aware(datetime.combine(visit.next_step_on, time(17)))
            visit.next_step_settled_at = max(visit.recorded_at or day, day)
        else:
            visit.next_step_on = story.days.workday(number)


def _forget(story: Story, tidy: User) -> None:
    """A colleague of hers let the step of a visit lie, until their manager heard of it."""
    agreed_for = story.days.let_lie().agreed_for
    owed = [
        visit for visit in story.visits
        if visit.owner.team_id == tidy.team_id and visit.owner != tidy
        and visit.recorded_at and not visit.next_step_settled_at and timezone.localdate(visit.at) < agreed_for
    ]  # fmt: skip
    max(owed, key=lambda visit: visit.at).next_step_on = agreed_for


def _bring_along(story: Story, tidy: User) -> None:
    """Who is on an account's team beside its owner comes along to the next visit there; the tidy one to a colleague's, too."""
    planned = (visit for visit in story.visits if visit.recorded_at is None and VisitKind(visit.kind).is_meeting)
    ahead = sorted(planned, key=lambda visit: visit.at)
    tomorrow = timezone.make_aware(datetime.combine(story.days.workday(1), time()))
    for visit in ahead:
        if visit.at >= tomorrow and visit.owner.team_id == tidy.team_id and visit.owner != tidy:
            AccountMember.objects.get_or_create(
                account=visit.account, user=tidy, defaults={"role": MemberRole.TECHNICAL}
            )
            break
    team = AccountMember.objects.filter(role__in=[MemberRole.TECHNICAL, MemberRole.SERVICE]).select_related("user")
    companions = {member.account_id: member.user for member in team.order_by("id")}
    for visit in ahead:
        companion = companions.pop(visit.account_id, None)
        if companion is not None and companion != visit.owner:
            story.people.append(VisitAttendee(visit=visit, colleague=companion))


def _date_accounts(story: Story, firms: list[Firm]) -> None:
    newest: dict[int, date] = {}
    for visit in story.visits:
        if visit.recorded_at:
            day = timezone.localdate(visit.at)
            newest[visit.account_id] = max(newest.get(visit.account_id, day), day)
    changed = []
    for firm in firms:
        latest = newest.get(firm.account.pk)
        if latest is not None and (firm.account.last_contact_on or date.min) < latest:
            firm.account.last_contact_on = latest
            changed.append(firm.account)
    Account.objects.bulk_update(changed, ["last_contact_on"], batch_size=500)


def _tell(visit: Visit, chronicle: Chronicle) -> None:
    shared: dict[str, Any] = {"kind": str(VisitKind(visit.kind).label), "day": timezone.localdate(visit.at).isoformat()}
    if visit.recorded_at is None:
        told = visit.at - timedelta(days=3)
        chronicle.tell(
            events.VISIT_PLANNED, visit.owner, visit, visit.account_id, min(told, timezone.now()),
            purpose=visit.purpose, **shared,
        )  # fmt: skip
        return
    chronicle.tell(
        events.VISIT_RECORDED, visit.owner, visit, visit.account_id, visit.recorded_at, outcome=visit.outcome,
        next_step=visit.next_step, next_step_on=visit.next_step_on.isoformat() if visit.next_step_on else "", **shared,
    )  # fmt: skip
