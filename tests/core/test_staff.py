"""Users, teams and everyone's own pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core import mail
from django.test import Client

from core.errors import DomainError, NotAllowed, NotFound
from core.models import ApiToken, AuditEvent, Role, Team, User
from core.staff import actions
from core.teams import add_team
from tests.factories import make_account, make_prospect

AsUser = Callable[[User], Client]
NEW = {"full_name": "Tian Tian", "email": "Tian@Example.com", "role": Role.REP, "phone": "", "language": "zh-hans"}


def add(by: User, team: Team | None, **changes: object) -> User:
    return actions.add_user(by=by, team=team, **{**NEW, **changes})  # type: ignore[arg-type]


# ------------------------------------------------------------------ users


def test_an_administrator_adds_a_user_who_then_chooses_a_password(
    administrator: User, north: Team, as_user: AsUser, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    browser = as_user(administrator)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        answer = browser.post("/settings/users/new/", {**NEW, "team": north.pk}, follow=True)
    user = User.objects.get(email="tian@example.com")
    link = answer.context["password_link"]
    assert not user.has_usable_password()
    assert "http://testserver/auth/password/reset/key/" in mail.outbox[0].body
    assert mail.outbox[0].to == ["tian@example.com"]
    assert browser.get(f"/settings/users/{user.pk}/").context["password_link"] is None  # shown once

    stranger = Client()
    page = stranger.get(link.removeprefix("http://testserver"), follow=True)
    stranger.post(page.request["PATH_INFO"], {"password1": "correct horse 9", "password2": "correct horse 9"})
    user.refresh_from_db()
    assert user.check_password("correct horse 9")
    again = Client().get(link.removeprefix("http://testserver"), follow=True)
    assert b"password1" not in again.content


def test_an_address_is_used_once_in_any_case(administrator: User, north: Team) -> None:
    add(administrator, north)
    with pytest.raises(DomainError) as refusal:
        add(administrator, north, email="TIAN@example.COM")
    assert refusal.value.field == "email"


def test_a_rep_needs_a_team_and_finance_does_not(administrator: User) -> None:
    with pytest.raises(DomainError) as refusal:
        add(administrator, None)
    assert refusal.value.field == "team"
    assert add(administrator, None, role=Role.FINANCE).team is None


def test_only_an_administrator_looks_after_users(manager: User, rep: User, north: Team) -> None:
    with pytest.raises(NotAllowed):
        add(manager, north)
    with pytest.raises(NotAllowed):
        actions.deactivate_user(by=manager, user_id=rep.pk)


def test_an_unknown_user_is_not_found(administrator: User) -> None:
    with pytest.raises(NotFound):
        actions.deactivate_user(by=administrator, user_id=999_999)


def test_a_user_who_changes_team_takes_his_records_along(
    administrator: User, rep: User, colleague: User, south: Team, other_manager: User
) -> None:
    account, theirs = make_account(rep), make_account(colleague)
    prospect = make_prospect(rep, account)
    closed = make_prospect(rep, account, outcome="lost", closed_on=date(2026, 3, 9))
    actions.edit_user(by=administrator, user_id=rep.pk, team=south)
    for row in (account, prospect):
        row.refresh_from_db()
        assert row.team == south
    theirs.refresh_from_db()
    assert theirs.team == colleague.team
    closed.refresh_from_db()
    assert closed.team != south  # it stays where it was closed
    assert type(account).objects.visible_to(other_manager).filter(pk=account.pk).exists()
    event = AuditEvent.objects.get(code="core.user_moved")
    assert event.details["rows"] == 2


def test_the_same_team_moves_nothing(administrator: User, rep: User) -> None:
    actions.edit_user(by=administrator, user_id=rep.pk, team=rep.team)
    assert not AuditEvent.objects.exists()


def test_the_last_administrator_stays(administrator: User, company: Team) -> None:
    with pytest.raises(DomainError):
        actions.edit_user(by=administrator, user_id=administrator.pk, team=company, role=Role.FINANCE)
    second = add(administrator, company, role=Role.ADMINISTRATOR)
    actions.edit_user(by=second, user_id=administrator.pk, team=company, role=Role.FINANCE)
    with pytest.raises(DomainError):
        actions.deactivate_user(by=second, user_id=second.pk)


def test_a_switched_off_user_is_out_by_the_next_request(administrator: User, rep: User, as_user: AsUser) -> None:
    browser = as_user(rep)
    _token, key = actions.add_token(by=rep, name="script")
    assert browser.get("/settings/profile/").status_code == 200
    actions.deactivate_user(by=administrator, user_id=rep.pk)
    assert browser.get("/settings/profile/").status_code == 302
    assert Client().get("/settings/profile/", headers={"authorization": f"Token {key}"}).status_code == 302
    assert ApiToken.objects.get().revoked_at is not None
    actions.activate_user(by=administrator, user_id=rep.pk)
    assert browser.get("/settings/profile/").status_code == 302  # an old session stays dead


def test_nobody_switches_himself_off(administrator: User) -> None:
    with pytest.raises(DomainError):
        actions.deactivate_user(by=administrator, user_id=administrator.pk)


def test_a_new_role_counts_from_the_next_request(administrator: User, manager: User, as_user: AsUser) -> None:
    browser = as_user(manager)
    assert browser.get("/settings/users/").status_code == 403
    actions.edit_user(by=administrator, user_id=manager.pk, team=manager.team, role=Role.ADMINISTRATOR)
    assert browser.get("/settings/users/").status_code == 200


# ------------------------------------------------------------------ teams


def test_moving_a_team_moves_the_branch(administrator: User, north: Team, south: Team) -> None:
    below = add_team(name="Hebei", parent=north)
    actions.edit_team(by=administrator, team_id=north.pk, name="North China", parent=south)
    below.refresh_from_db()
    north.refresh_from_db()
    assert north.path == f"{south.path}{north.pk}/"
    assert below.path == f"{north.path}{below.pk}/"
    assert set(AuditEvent.objects.values_list("code", flat=True)) == {"core.team_renamed", "core.team_moved"}


def test_a_team_never_stands_below_itself(administrator: User, company: Team, north: Team) -> None:
    for parent in (north, add_team(name="Hebei", parent=north)):
        with pytest.raises(DomainError) as refusal:
            actions.edit_team(by=administrator, team_id=north.pk, name="North", parent=parent)
        assert refusal.value.field == "parent"


def test_sisters_have_different_names(administrator: User, company: Team, north: Team, south: Team) -> None:
    with pytest.raises(DomainError):
        actions.add_team(by=administrator, name="north", parent=company)
    assert actions.add_team(by=administrator, name="North", parent=south).parent == south


def test_only_an_empty_team_is_removed(administrator: User, rep: User, north: Team, south: Team) -> None:
    with pytest.raises(DomainError):
        actions.remove_team(by=administrator, team_id=north.pk)
    actions.remove_team(by=administrator, team_id=south.pk)
    assert not Team.objects.filter(pk=south.pk).exists()


def test_teams_are_not_for_managers(manager: User, north: Team) -> None:
    with pytest.raises(NotAllowed):
        actions.add_team(by=manager, name="Mine", parent=north)


def test_the_tree_costs_the_same_for_many_teams(
    administrator: User, company: Team, as_user: AsUser, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(20):
        add_team(name=f"Team {number}", parent=company)
    browser = as_user(administrator)
    with django_assert_max_num_queries(6):  # type: ignore[attr-defined]
        assert browser.get("/settings/teams/").status_code == 200


# ------------------------------------------------------------------ one's own


def test_everyone_edits_the_own_profile(rep: User, as_user: AsUser) -> None:
    answer = as_user(rep).post(
        "/settings/profile/",
        {"full_name": "李雷", "phone": "1", "language": "zh-hans", "theme": "dark", "time_zone": "Europe/Berlin"},
        follow=True,
    )
    rep.refresh_from_db()
    assert (rep.full_name, rep.language, rep.theme, rep.time_zone) == ("李雷", "zh-hans", "dark", "Europe/Berlin")
    assert answer.context["form"].initial["time_zone"] == "Europe/Berlin"
    assert AuditEvent.objects.get().code == "core.profile_edited"


def test_a_profile_with_an_unknown_zone_is_refused(rep: User, as_user: AsUser) -> None:
    answer = as_user(rep).post("/settings/profile/", {"full_name": "X", "theme": "dark", "time_zone": "Moon/Base"})
    assert answer.status_code == 422


def test_role_and_team_cannot_be_slipped_into_the_profile(rep: User, as_user: AsUser, south: Team) -> None:
    as_user(rep).post(
        "/settings/profile/",
        {"full_name": "X", "theme": "dark", "role": "administrator", "team": south.pk, "email": "x@example.com"},
    )
    rep.refresh_from_db()
    assert (rep.role, rep.team == south, rep.email) == (Role.REP, False, "li.lei@example.com")


def test_ending_other_sessions_keeps_this_one(rep: User, as_user: AsUser) -> None:
    here, there = as_user(rep), as_user(rep)
    here.post("/settings/security/end-other-sessions/")
    assert here.get("/settings/security/").status_code == 200
    assert there.get("/settings/security/").status_code == 302


def test_a_token_is_shown_once_and_dies_when_revoked(rep: User, as_user: AsUser) -> None:
    browser = as_user(rep)
    key = browser.post("/settings/tokens/", {"name": "script"}, follow=True).context["new_key"]
    assert len(key) > 30
    assert key.encode() not in browser.get("/settings/tokens/").content
    token = ApiToken.objects.get()
    assert key not in (token.digest, token.prefix)
    browser.post(f"/settings/tokens/{token.pk}/revoke/")
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_another_persons_token_is_not_found(rep: User, colleague: User, as_user: AsUser) -> None:
    token, _key = actions.add_token(by=colleague, name="theirs")
    assert as_user(rep).post(f"/settings/tokens/{token.pk}/revoke/").status_code == 404
