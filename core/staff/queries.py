"""Everything read about users and teams by those who look after them, and by each person about himself."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from core.errors import NotFound
from core.models import ApiToken, CalendarFeed, Role, Team, User
from core.permissions import require
from core.teams import owned_rows
from core.users import Actor


@dataclass(frozen=True)
class TeamLine:
    """One team in the tree: how deep it stands and how many people are active in it."""

    team: Team
    depth: int
    people: int
    managers: list[User]

    @property
    def steps(self) -> range:
        """One for each team above, for the drawing of the tree."""
        return range(self.depth)


@dataclass(frozen=True)
class Holding:
    """What a person owns of one kind: “23 accounts”."""

    name: str
    count: int


def all_users(by: Actor) -> QuerySet[User]:
    """Every user, for those who look after them."""
    require(by, "users.manage")
    return User.objects.all()


def get_user(by: Actor, user_id: int, *, lock: bool = False) -> User:
    """One user, for his editor. NotFound when there is none."""
    rows = all_users(by)
    rows = rows.select_for_update(no_key=True, of=("self",)) if lock else rows
    user = rows.select_related("team").filter(pk=user_id).first()
    if user is None:
        raise NotFound
    return user


def active_user(user_id: int) -> User | None:
    """A person who may sign in, for jobs; None when he may not (any more)."""
    return User.objects.filter(pk=user_id, is_active=True).first()


def other_active_administrators(user: User) -> int:
    """Administrators who can sign in, this one not counted."""
    return User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=user.pk).count()


def holdings(user: User) -> list[Holding]:
    """What a person owns, kind by kind; kinds of which he has none are left out."""
    counted = [Holding(str(rows.model._meta.verbose_name_plural), rows.count()) for rows in owned_rows(user)]
    return [holding for holding in counted if holding.count]


def team_tree(by: Actor) -> list[TeamLine]:
    """Every team, parents before children, siblings by name; two statements."""
    require(by, "teams.manage")
    teams = list(Team.objects.annotate(active=Count("people", filter=Q(people__is_active=True))).order_by("name", "id"))
    managers: dict[int, list[User]] = {}
    for user in User.objects.filter(role=Role.MANAGER, is_active=True, team__isnull=False):
        managers.setdefault(user.team_id or 0, []).append(user)
    below: dict[int | None, list[Team]] = {}
    for team in teams:
        below.setdefault(team.parent_id, []).append(team)

    def lines(parent_id: int | None, depth: int) -> list[TeamLine]:
        found = []
        for team in below.get(parent_id, []):
            found.append(TeamLine(team, depth, team.active, managers.get(team.pk, [])))  # type: ignore[attr-defined]
            found.extend(lines(team.pk, depth + 1))
        return found

    return lines(None, 0)


def get_team(by: Actor, team_id: int, *, lock: bool = False) -> Team:
    """One team, for its editor."""
    require(by, "teams.manage")
    rows = Team.objects.select_related("parent")
    team = (rows.select_for_update(no_key=True, of=("self",)) if lock else rows).filter(pk=team_id).first()
    if team is None:
        raise NotFound
    return team


def own_tokens(user: User) -> list[ApiToken]:
    """A person's keys, those in use first."""
    return sorted(user.api_tokens.all(), key=lambda token: token.revoked_at is not None)


def get_own_token(user: User, token_id: int) -> ApiToken:
    """One key of the person himself."""
    token = user.api_tokens.filter(pk=token_id).first()
    if token is None:
        raise NotFound
    return token


def own_feed(user: User) -> CalendarFeed | None:
    """The open address of a person's calendar."""
    return user.calendar_feeds.filter(revoked_at=None).first()


def second_factor(user: User) -> bool:
    """Whether a one-time code is asked for when this person signs in."""
    from allauth.mfa.models import Authenticator

    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())
