"""What colleagues write reaches whom it is for: once, only while he may see it, no longer once it is removed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone, translation

from accounts.actions import remove_member, transfer_account
from accounts.models import AccountMember
from core.comments.actions import edit_comment, follow_record, remove_comment, write_comment
from core.models import Role, User
from prospects.actions import close_prospect
from reminders import actions
from reminders.choices import EndReason
from reminders.models import Occurrence
from reminders.queries import on_the_desk
from reminders.registry import RULES
from tests.cast import person
from tests.factories import make_account, make_prospect

pytestmark = pytest.mark.django_db
CODES = ("core.mention", "core.comment", "core.followed")


def plan(now: datetime | None = None) -> None:
    actions.plan(now=now, only=CODES)


def tell(now: datetime | None = None) -> None:
    plan(now)
    actions.tell_in_app(now=now)


def desk(user: User) -> list[tuple[str, str]]:
    return [(row.rule, RULES[row.rule].say(row.words)) for row in on_the_desk(user)]


def say(by, record, text):
    return write_comment(by=by, record_type=record._meta.label_lower, record_id=record.pk, text=text)


def test_a_mention_is_told_once_and_leads_to_the_comment(rep: User, manager: User) -> None:
    prospect = make_prospect(rep, make_account(rep), name="Robots")
    comment = say(rep, prospect, "@Wang Manager\nthey want 5 %")
    for _minute in range(3):
        tell()
    assert desk(manager) == [("core.mention", "Li Lei mentions you, Robots: @Wang Manager they want 5 %")]
    assert desk(rep) == []
    (row,) = on_the_desk(manager)
    assert row.url == f"/comments/{comment.pk}/"
    edit_comment(by=rep, comment_id=comment.pk, text="@Wang Manager they want 6 %")
    tell()
    assert len(desk(manager)) == 1
    with translation.override("zh-hans"):
        assert RULES["core.mention"].say(row.words) != ""


def test_a_comment_is_told_to_owner_and_followers_not_to_who_is_mentioned_in_it(rep, manager, collector) -> None:
    account = make_account(rep, name="Acme")
    follow_record(by=collector, record_type="accounts.account", record_id=account.pk)
    say(manager, account, "@Qian Collector call them")
    tell()
    assert desk(rep) == [("core.comment", "Wang Manager writes, Acme: @Qian Collector call them")]
    assert [code for code, _text in desk(collector)] == ["core.mention"]


def test_a_removed_comment_is_told_to_nobody_and_leaves_the_desk(rep, manager) -> None:
    account = make_account(rep)
    first, second = say(rep, account, "@Wang Manager one"), say(rep, account, "@Wang Manager two")
    tell(timezone.now())
    remove_comment(by=rep, comment_id=first.pk)
    third = say(rep, account, "@Wang Manager three")
    plan()
    remove_comment(by=rep, comment_id=third.pk)
    tell()
    assert [row.subject_id for row in on_the_desk(manager)] == [second.pk]


def test_who_lost_the_record_in_between_is_not_told(rep, other_rep, manager) -> None:
    account = make_account(rep)
    member = AccountMember.objects.create(account=account, user=other_rep)
    say(rep, account, "@Sun Nan look")
    plan()
    remove_member(by=rep, account_id=account.pk, member_id=member.pk)
    for _minute in range(2):
        tell()
    assert desk(other_rep) == []
    assert set(
        Occurrence.objects.filter(recipient=other_rep, channel="in_app").values_list("ended_because", flat=True)
    ) == {EndReason.OUT_OF_SIGHT}


def test_main_events_are_told_to_followers_but_not_to_who_did_them(rep, manager, north) -> None:
    colleague = person("Han Meimei", Role.REP, north)
    account = make_account(rep, name="Acme")
    prospect = make_prospect(rep, account, name="Robots")
    AccountMember.objects.create(account=account, user=colleague)
    for user in (rep, manager, colleague):
        follow_record(by=user, record_type="prospects.prospect", record_id=prospect.pk)
    follow_record(by=colleague, record_type="prospects.prospect", record_id=prospect.pk, on=False)
    follow_record(by=rep, record_type="accounts.account", record_id=account.pk)
    close_prospect(by=rep, prospect_id=prospect.pk, outcome="lost", reason="price")
    transfer_account(by=manager, account_id=account.pk, owner=colleague)
    tell()
    assert desk(manager) == [("core.followed", "Robots was lost")]
    assert ("core.followed", "Acme went from Li Lei to Han Meimei") in desk(rep)
    assert "core.followed" not in [code for code, _text in desk(colleague)]


def test_after_a_month_a_comment_is_no_news(rep, manager) -> None:
    say(rep, make_account(rep), "@Wang Manager")
    tell()
    tell(timezone.now() + timedelta(days=31))
    assert desk(manager) == []
