"""Every change to users, teams and a person's own profile."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, teams, tokens
from core.errors import DomainError
from core.models import ApiToken, CalendarFeed, Role, Team, User
from core.permissions import require
from core.staff import events
from core.staff.queries import get_own_token, get_team, get_user, other_active_administrators
from core.users import Actor

USER_FIELDS = ("full_name", "email", "role", "language", "phone")
PROFILE_FIELDS = ("full_name", "phone", "language", "theme", "time_zone")


@transaction.atomic
def add_user(
    *, by: Actor, email: str, full_name: str, role: str, team: Team | None, language: str = "", phone: str = ""
) -> User:
    """A new person who may sign in as soon as he has chosen a password by his link. The address must be free."""
    require(by, "users.manage")
    _refuse_taken_address(email)
    _refuse_without_team(role, team)
    user = User.objects.create_user(
        email, None, full_name=full_name, role=role, team=team, language=language, phone=phone
    )
    audit.record(events.USER_ADDED, by=by, on=user, name=user.full_name, after={"role": role, "team": str(team or "")})
    return user


@transaction.atomic
def edit_user(*, by: Actor, user_id: int, team: Team | None, **fields: Any) -> User:
    """Change who a person is and where he works. A new team takes along every record he owns (its managers see them)."""
    require(by, "users.manage")
    user = get_user(by, user_id, lock=True)
    role = fields.get("role", user.role)
    _refuse_without_team(role, team)
    if "email" in fields:
        fields["email"] = fields["email"].lower()
        _refuse_taken_address(fields["email"], but=user)
    if user.role == Role.ADMINISTRATOR and role != Role.ADMINISTRATOR:
        _refuse_last_administrator(user)
    before, after = _set(user, {name: fields[name] for name in USER_FIELDS if name in fields})
    if after:
        audit.record(events.USER_EDITED, by=by, on=user, name=user.full_name, before=before, after=after)
    if user.team_id != (team.pk if team else None):
        _move_user(by, user, team)
    return user


@transaction.atomic
def deactivate_user(*, by: Actor, user_id: int) -> User:
    """Shut the door: no signing in, every session and key dead from the next request on. What he owns stays his."""
    require(by, "users.manage")
    user = get_user(by, user_id, lock=True)
    if not user.is_active:
        return user
    if user.pk == by.pk:
        raise DomainError(_("You cannot switch yourself off."))
    if user.role == Role.ADMINISTRATOR:
        _refuse_last_administrator(user)
    user.is_active = False
    user.session_number += 1
    user.save(update_fields=["is_active", "session_number"])
    for token in user.api_tokens.filter(revoked_at=None):
        _revoke(by, token)
    _end_feed(by, user)
    audit.record(events.USER_DEACTIVATED, by=by, on=user, name=user.full_name)
    return user


@transaction.atomic
def activate_user(*, by: Actor, user_id: int) -> User:
    """Open the door again; keys stay revoked."""
    require(by, "users.manage")
    user = get_user(by, user_id, lock=True)
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
        audit.record(events.USER_ACTIVATED, by=by, on=user, name=user.full_name)
    return user


@transaction.atomic
def invite_user(*, by: Actor, user_id: int) -> User:
    """Say that a person is to get a link with which he chooses a password. Making and mailing it is the caller's part."""
    require(by, "users.manage")
    user = get_user(by, user_id, lock=True)
    if not user.is_active:
        raise DomainError(_("Switch the user on first."))
    audit.record(events.USER_INVITED, by=by, on=user, name=user.full_name)
    return user


# ------------------------------------------------------------------ teams


@transaction.atomic
def add_team(*, by: Actor, name: str, parent: Team | None) -> Team:
    """A new team below another, or a new root. Sisters have different names."""
    require(by, "teams.manage")
    _refuse_same_name(name, parent)
    team = teams.add_team(name=name, parent=parent)
    audit.record(events.TEAM_ADDED, by=by, on=team, name=name, after={"parent": str(parent or "")})
    return team


@transaction.atomic
def edit_team(*, by: Actor, team_id: int, name: str, parent: Team | None) -> Team:
    """Rename or move a team. It cannot be moved below itself or one of its own teams."""
    require(by, "teams.manage")
    list(Team.objects.select_for_update(no_key=True).order_by("pk"))  # paths of a whole branch may change
    team = get_team(by, team_id)
    parent = get_team(by, parent.pk) if parent else None
    if parent and parent.path.startswith(team.path):
        raise DomainError(_("A team cannot stand below itself."), field="parent")
    _refuse_same_name(name, parent, but=team)
    if name != team.name:
        old, team.name = team.name, name
        team.save(update_fields=["name"])
        audit.record(events.TEAM_RENAMED, by=by, on=team, from_name=old, name=name)
    if team.parent_id != (parent.pk if parent else None):
        old_parent, team.parent = team.parent, parent
        team.save(update_fields=["parent"])
        teams.move_subtree(team)
        audit.record(
            events.TEAM_MOVED, by=by, on=team, name=team.name, to_parent=str(parent or "–"),
            before={"parent": str(old_parent or "")}, after={"parent": str(parent or "")},
        )  # fmt: skip
    return team


@transaction.atomic
def remove_team(*, by: Actor, team_id: int) -> None:
    """Remove a team in which nobody works, that has no teams below and to which no record belongs."""
    require(by, "teams.manage")
    team = get_team(by, team_id, lock=True)
    if team.people.exists() or team.children.exists():
        raise DomainError(_("People or teams still belong to this team: move them first."))
    audit.record(events.TEAM_REMOVED, by=by, on=team, name=team.name)
    try:
        team.delete()
    except ProtectedError as error:
        raise DomainError(_("Records still belong to this team: it cannot be removed.")) from error


# ------------------------------------------------------------------ one's own


@transaction.atomic
def edit_profile(*, by: User, **fields: Any) -> User:
    """Change one's own name, phone, language, theme, time zone. It is everyone's right, so none is asked for."""
    user = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    before, after = _set(user, {name: fields[name] for name in PROFILE_FIELDS if name in fields})
    if after:
        audit.record(events.PROFILE_EDITED, by=by, on=user, name=user.full_name, before=before, after=after)
    return user


@transaction.atomic
def add_token(*, by: User, name: str) -> tuple[ApiToken, str]:
    """A new API token; the key itself is returned once and never kept."""
    token, key = tokens.make_token(by, name)
    audit.record(events.TOKEN_ADDED, by=by, on=token, token=name)
    return token, key


@transaction.atomic
def revoke_token(*, by: User, token_id: int) -> ApiToken:
    """End one of one's own tokens, at once and for good."""
    token = get_own_token(by, token_id)
    if token.revoked_at is None:
        _revoke(by, token)
    return token


@transaction.atomic
def make_calendar_feed(*, by: User) -> tuple[CalendarFeed, str]:
    """A new secret address of one's calendar; the one before stops at once. Its key is returned once and never kept."""
    user = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    _end_feed(by, user)
    feed, key = tokens.make_feed(user)
    audit.record(events.CALENDAR_FEED_MADE, by=by, on=feed, name=user.full_name)
    return feed, key


@transaction.atomic
def revoke_calendar_feed(*, by: User) -> None:
    """End the address of one's calendar, at once and for good; there may be none."""
    user = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    _end_feed(by, user)


@transaction.atomic
def end_other_sessions(*, by: User) -> User:
    """Sign out everywhere; the caller keeps its own session alive by renewing its proof."""
    user = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    user.session_number += 1
    user.save(update_fields=["session_number"])
    audit.record(events.SIGNED_OUT_ELSEWHERE, by=by, on=user, name=user.full_name)
    return user


# ------------------------------------------------------------------ parts


def _move_user(by: Actor, user: User, team: Team | None) -> None:
    old, user.team = user.team, team
    user.save(update_fields=["team"])
    moved = teams.follow_owner(user)
    audit.record(
        events.USER_MOVED, by=by, on=user, name=user.full_name, from_team=str(old or "–"), to_team=str(team or "–"),
        rows=moved,
    )  # fmt: skip


def _revoke(by: Actor, token: ApiToken) -> None:
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    audit.record(events.TOKEN_REVOKED, by=by, on=token, token=token.name)


def _end_feed(by: Actor, user: User) -> None:
    for feed in user.calendar_feeds.filter(revoked_at=None):
        feed.revoked_at = timezone.now()
        feed.save(update_fields=["revoked_at"])
        audit.record(events.CALENDAR_FEED_REVOKED, by=by, on=feed, name=user.full_name)


def _set(user: User, values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    changed = {name: value for name, value in values.items() if getattr(user, name) != value}
    before = {name: getattr(user, name) for name in changed}
    for name, value in changed.items():
        setattr(user, name, value)
    if changed:
        user.save(update_fields=list(changed))
    return before, changed


def _refuse_taken_address(email: str, but: User | None = None) -> None:
    others = User.objects.exclude(pk=but.pk) if but else User.objects.all()
    if others.filter(email__iexact=email).exists():
        raise DomainError(_("Another user has this address already."), field="email", code="taken")


def _refuse_without_team(role: str, team: Team | None) -> None:
    if team is None and role in {Role.REP, Role.MANAGER}:
        raise DomainError(_("A sales rep and a manager belong to a team."), field="team")


def _refuse_same_name(name: str, parent: Team | None, but: Team | None = None) -> None:
    others = Team.objects.exclude(pk=but.pk) if but else Team.objects.all()
    if others.filter(parent=parent, name__iexact=name).exists():
        raise DomainError(_("There is a team of this name beside it already."), field="name", code="taken")


def _refuse_last_administrator(user: User) -> None:
    # Both administrators leaving at the same moment: the second waits here and sees the first one gone.
    list(User.objects.select_for_update(no_key=True).filter(role=Role.ADMINISTRATOR).order_by("pk"))
    if other_active_administrators(user) == 0:
        raise DomainError(_("The last administrator cannot be removed: name another one first."), field="role")
