"""What a visit's brief says. Each fact comes from its own app's reading, in the scope of who reads it.

Who makes a visit at an account he does not see (any more) learns when and where, and nothing of the account. Of personal
profiles a birthday near the visit stands on it, for readers on the account's team (L1); never in the mail of the day before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Account
from core.errors import DomainError
from core.models import User
from core.money import format_money
from core.words import listed, parted
from core.workdays import today
from desk.brief.birthdays import birthday_lines
from desk.brief.evidence import evidence_lines
from desk.brief.rules import TITLES, Line, Part, PartKey, fit, questions
from dunning.choices import PromiseState
from dunning.queries.cases import visible_promises
from prospects.choices import Criterion, Stage
from prospects.models import CriterionTick, FollowUp, Prospect
from prospects.queries import board_settings, visible_prospects
from prospects.rules import criteria
from prospects.templatetags.prospects import day_month, when
from receivables.queries import SalesWarning, sales_warning
from relationships.choices import ContactRole, FindingKind
from relationships.models import Contact, ContactChannel, Finding, Landmine, Position, Visit
from relationships.queries import VisitPeople, get_visit, people_at, visible_visits, visit_people

READ = 12
"""Rows of a kind that are read; a page never holds more."""
CONTACTS = 5
"""Of the last contacts nobody reads more on the way."""
STALE = timedelta(days=180)
"""What was heard longer ago is no news (K7)."""
HEARD = {
    PartKey.COMPLAINTS: (FindingKind.COMPLAINT, "bad"),
    PartKey.NEEDS: (FindingKind.NEED, ""),
    PartKey.OBJECTIONS: (FindingKind.OBJECTION, "warn"),
    PartKey.COMPETITORS: (FindingKind.COMPETITOR, ""),
}


@dataclass(frozen=True)
class Brief:
    """One page for one visit, as its reader may see it. `goal_from` names what a goal was taken from that nobody has typed."""

    visit: Visit
    on: date
    goal: str
    goal_from: str
    ours: Sequence[User]
    parts: Sequence[Part]
    has_people: bool
    """Whether somebody of theirs is named; else the part about people tells who counts there."""

    @property
    def account(self) -> Account:
        return self.visit.account

    def part(self, key: str) -> Part | None:
        """The part of this kind, if there is anything to say."""
        return next((part for part in self.parts if part.key == key), None)


def visit_brief(by: User, visit_id: int, on: date | None = None) -> Brief:
    """Everything there is to say, not yet cut to a page (`fitted`). NotFound; 422 for a visit that is not to come."""
    visit = get_visit(by, visit_id)
    if not visit.is_planned:
        raise DomainError(_("A brief is made for a visit that is still to come."), code="not_planned")
    on = on or today()
    taking_part = visit_people([visit]).get(visit.pk, VisitPeople())
    positions = people_at(by, visit.account_id)
    prospects = _prospects(by, visit)
    missing = _missing(prospects, on)
    about = [prospect for prospect in prospects if prospect.is_about] or prospects[:1]  # type: ignore[attr-defined]
    goal, goal_from = _goal(visit, about)
    heard = _heard(by, visit.account_id, on)
    known = {role for position in positions for role in position.roles}
    warning = sales_warning(by, visit.account_id, on=on)
    objections = [line.text for line in heard[PartKey.OBJECTIONS].lines]
    parts = [
        _landmines(by, visit.account_id),
        _people(visit, taking_part.contacts, positions),
        _part(PartKey.BIRTHDAYS, birthday_lines(by, visit, taking_part.contacts, positions)),
        _money(by, visit.account, warning, on),
        heard[PartKey.COMPLAINTS],
        _promises(by, visit, on),
        _prospect_lines(visit, prospects, missing),
        _part(PartKey.QUESTIONS, questions([(one.name, missing.get(one.pk, ())) for one in about], known)),
        _contacts(by, visit),
        heard[PartKey.NEEDS],
        heard[PartKey.OBJECTIONS],
        _part(PartKey.EVIDENCE, evidence_lines(by, visit, objections) if warning.sees_account else []),
        heard[PartKey.COMPETITORS],
    ]
    return Brief(
        visit=visit,
        on=on,
        goal=goal,
        goal_from=goal_from,
        ours=[visit.owner, *taking_part.colleagues],
        parts=[part for part in parts if part.lines],
        has_people=bool(taking_part.contacts),
    )


def fitted(brief: Brief, room: int | None = None) -> Brief:
    """The brief cut to one page."""
    return replace(brief, parts=fit(brief.parts) if room is None else fit(brief.parts, room))


# ------------------------------------------------------------------ whom, and what to be careful about


def _landmines(by: User, account_id: int) -> Part:
    rows = Landmine.objects.visible_to(by).filter(account=account_id, cleared_at=None).select_related("by")[: READ + 1]
    lines = [Line(row.text, _signed(row.by, row.at), "bad") for row in rows]
    return _part(PartKey.LANDMINES, lines, url=reverse("accounts:account", args=[account_id]))


def _people(visit: Visit, contacts: Sequence[Contact], positions: Sequence[Position]) -> Part:
    """Who is met; where nobody is named, those whose word counts."""
    at_hand = {position.contact_id: position for position in positions}
    if contacts:
        lines = [_person(contact, at_hand.get(contact.pk)) for contact in contacts]
        title = ""
    else:
        weighty = sorted((position for position in positions if position.roles), key=_weight)
        lines = [_person(position.contact, position) for position in weighty]
        title = _("Nobody is named yet; those who count")
    return _part(PartKey.PEOPLE, lines[: READ + 1], title=title, url=visit.account.get_absolute_url())


WEIGHTY = (
    ContactRole.DECIDER, ContactRole.PROPRIETOR, ContactRole.GENERAL_MANAGER, ContactRole.COACH, ContactRole.MONEY_APPROVER,
    ContactRole.SPECIFIER, ContactRole.NEGOTIATOR, ContactRole.OPPONENT,
)  # fmt: skip


def _weight(position: Position) -> tuple[int, str]:
    places = [WEIGHTY.index(ContactRole(role)) for role in position.roles if role in WEIGHTY]
    return min(places, default=len(WEIGHTY)), position.contact.sort_name


def _person(contact: Contact, position: Position | None) -> Line:
    """Name and how to address them; title, department and roles (R2) where the reader sees the account."""
    name = " · ".join(filter(None, (contact.full_name, contact.english_name, contact.salutation)))
    if position is None:
        return Line(name)
    roles = [str(ContactRole(role).label) for role in position.roles if role in ContactRole.values]
    note = " · ".join(filter(None, (position.title, position.department, listed(roles))))
    tone = "bad" if ContactRole.OPPONENT in position.roles else "good" if ContactRole.COACH in position.roles else ""
    return Line(name, note, tone, contact.get_absolute_url(), _phone(position.contact.channels.all()))


def _phone(channels: Iterable[ContactChannel]) -> str:
    numbers = {channel.kind: channel.value for channel in reversed(list(channels))}
    return numbers.get("mobile") or numbers.get("phone") or ""


# ------------------------------------------------------------------ what was promised, and the money


def _promises(by: User, visit: Visit, on: date) -> Part:
    """Our own word: next steps of visits nobody has taken yet (R8), the longest overdue first."""
    rows = visible_visits(by).with_open_step().filter(account=visit.account_id).select_related("owner")
    lines = [
        Line(
            row.next_step,
            f"{row.owner} · {when(row.next_step_on)}",
            "bad" if row.next_step_on and row.next_step_on < on else "",
            row.get_absolute_url(),
        )
        for row in rows.order_by("next_step_on", "id")[: READ + 1]
    ]
    return _part(PartKey.PROMISES, lines, url=_visits_url(visit.account_id))


def _money(by: User, account: Account, warning: SalesWarning, on: date) -> Part:
    """A hold, what is overdue and what they promised to pay; amounts for whoever sees the account only."""
    lines = []
    if warning.hold:
        since = _("since %(day)s") % {"day": day_month(warning.hold.on)}
        reason = warning.hold.reason if warning.sees_account else ""
        lines.append(Line(_("No supply to them"), " · ".join(filter(None, (since, reason))), "bad"))
    for standing in warning.overdue:
        amount = _("%(amount)s overdue") % {"amount": format_money(standing.overdue, standing.currency)}
        count = standing.overdue_invoices
        invoices = ngettext("%(count)d invoice", "%(count)d invoices", count) % {"count": count}
        late = standing.days_late(on)
        days = ngettext("the oldest %(count)d day late", "the oldest %(count)d days late", late) % {"count": late}
        lines.append(Line(amount, f"{invoices} · {days}", "bad"))
    if warning.sees_account:
        promised = visible_promises(by).filter(account=account, state=PromiseState.OPEN).order_by("last_due_on", "id")
        lines += [
            Line(
                _("%(amount)s promised by %(day)s")
                % {"amount": format_money(row.amount - row.arrived, row.currency), "day": day_month(row.last_due_on)},
                row.said_by,
            )
            for row in promised.defer("quote")[: READ + 1]
        ]
    return _part(PartKey.MONEY, lines, url=account.get_absolute_url())


# ------------------------------------------------------------------ what it is about


def _prospects(by: User, visit: Visit) -> list[Prospect]:
    """The account's open prospects, those the visit is about first; each says whether it is (`is_about`)."""
    about = FollowUp.objects.filter(visit=visit, prospect=OuterRef("pk"))
    rows = visible_prospects(by).still_open().filter(account=visit.account_id).annotate(is_about=Exists(about))
    return list(rows.order_by("-is_about", "-stage", F("next_step_on").asc(nulls_last=True), "id")[: READ + 1])


def _missing(prospects: Sequence[Prospect], on: date) -> dict[int, list[Criterion]]:
    """Per prospect the criteria of its next class that do not hold (P2)."""
    ticked: dict[int, set[Criterion]] = {}
    rows = CriterionTick.objects.filter(prospect__in=prospects, withdrawn_at=None)
    for prospect_id, code in rows.values_list("prospect_id", "criterion"):
        ticked.setdefault(prospect_id, set()).add(Criterion(code))
    hard = board_settings().hard if prospects else ()
    found = {}
    for prospect in prospects:
        following = Stage(prospect.stage).next_up
        if following is not None and following != Stage.S:
            checks = criteria.missing(following, prospect, ticked.get(prospect.pk, set()), hard, on)
            found[prospect.pk] = [check.criterion for check in checks]
    return found


def _prospect_lines(visit: Visit, prospects: Sequence[Prospect], missing: dict[int, list[Criterion]]) -> Part:
    lines = []
    for prospect in prospects:
        amount = format_money(prospect.amount, prospect.currency, cents=False) if prospect.amount is not None else ""
        text = " · ".join(filter(None, (f"{Stage(prospect.stage).letter} {prospect.name}", amount)))
        following, lacking = Stage(prospect.stage).next_up, missing.get(prospect.pk, [])
        note = ""
        if lacking and following is not None:
            names = parted(criterion.label for criterion in lacking)
            note = _("For %(stage)s: %(missing)s") % {"stage": following.letter, "missing": names}
        tone = "warn" if prospect.slipping_since else ""
        lines.append(Line(text, note, tone, prospect.get_absolute_url()))
    return _part(PartKey.PROSPECTS, lines, url=visit.account.get_absolute_url())


def _goal(visit: Visit, about: Sequence[Prospect]) -> tuple[str, str]:
    """What the visit is for; while nobody has said so, the next step of the prospect it is about."""
    if visit.purpose:
        return visit.purpose, ""
    return next(((prospect.next_step, prospect.name) for prospect in about if prospect.next_step), ("", ""))


# ------------------------------------------------------------------ what was said


def _contacts(by: User, visit: Visit) -> Part:
    rows = visible_visits(by).recorded().filter(account=visit.account_id).select_related("owner")
    lines = [
        Line(
            f"{day_month(timezone.localdate(row.at))} · {row.outcome}",
            f"{row.get_kind_display()} · {row.owner}",
            url=row.get_absolute_url(),
        )
        for row in rows.order_by("-at", "-id")[: CONTACTS + 1]
    ]
    return _part(PartKey.CONTACTS, lines, read=CONTACTS, url=_visits_url(visit.account_id))


def _heard(by: User, account_id: int, on: date) -> dict[PartKey, Part]:
    """What was heard there in the last half year, by kind; one statement."""
    since = datetime.combine(on - STALE, time.min, tzinfo=timezone.get_current_timezone())
    rows = Finding.objects.visible_to(by).filter(account=account_id, at__gte=since).select_related("by")
    lines: dict[str, list[Line]] = {}
    tones = dict(HEARD.values())
    for row in rows[: READ * len(HEARD)]:
        lines.setdefault(row.kind, []).append(Line(row.text, _signed(row.by, row.at), tones[FindingKind(row.kind)]))
    url = reverse("accounts:account", args=[account_id])
    return {key: _part(key, lines.get(kind, []), url=url) for key, (kind, _tone) in HEARD.items()}


# ------------------------------------------------------------------ words


def _part(key: PartKey, lines: Sequence[Line], *, title: str = "", read: int = READ, url: str = "") -> Part:
    """One more than `read` were asked for, to know whether there are others."""
    return Part(key, title or str(TITLES[key]), lines[:read], is_endless=len(lines) > read, url=url)


def _signed(by: User | None, at: datetime) -> str:
    return " · ".join(filter(None, (str(by or ""), day_month(timezone.localdate(at)))))


def _visits_url(account_id: int) -> str:
    return f"{reverse('visits:list_visits')}?account={account_id}"
