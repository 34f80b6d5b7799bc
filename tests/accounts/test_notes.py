"""Notes, the last contact, the time line and the totals of the pipeline."""

from datetime import date, timedelta

import pytest

from accounts import actions, queries
from core.errors import DomainError, NotFound
from core.models import AuditEvent
from core.workdays import today
from tests.factories import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(rep):
    return make_account(rep, "Acme")


def test_a_note_about_a_talk_moves_the_last_contact_forward_only(account, rep):
    yesterday, before = today() - timedelta(days=1), today() - timedelta(days=9)
    actions.add_note(by=rep, account_id=account.pk, body="Called Mr Zhao", contacted_on=yesterday)
    actions.add_note(by=rep, account_id=account.pk, body="Older talk", contacted_on=before)
    actions.add_note(by=rep, account_id=account.pk, body="Just a thought")
    account.refresh_from_db()
    assert account.last_contact_on == yesterday
    assert [note.body for note in queries.account_notes(account)] == ["Just a thought", "Older talk", "Called Mr Zhao"]
    assert AuditEvent.objects.filter(code="accounts.note_added").count() == 3


def test_note_refusals(account, rep, other_rep):
    with pytest.raises(NotFound):
        actions.add_note(by=other_rep, account_id=account.pk, body="Hello")
    for values in ({"body": "  "}, {"body": "x" * 10_001}, {"body": "x", "contacted_on": today() + timedelta(days=1)}):
        with pytest.raises(DomainError):
            actions.add_note(by=rep, account_id=account.pk, **values)


def test_finance_and_executives_may_write_notes(account, collector, executive):
    for person in (collector, executive):
        actions.add_note(by=person, account_id=account.pk, body="Seen")


def test_the_time_line_mixes_notes_moves_and_edits(account, rep):
    actions.add_note(by=rep, account_id=account.pk, body="Called Mr Zhao", contacted_on=today())
    actions.edit_account(by=rep, account_id=account.pk, region="South")
    actions.change_development_stage(by=rep, account_id=account.pk, to_stage=2, evidence="Met Ms Wang")
    line = queries.account_time_line(account)
    assert [happening.title for happening in line.happenings] == [
        "Scan → Communicate",
        "The profile of Acme was edited",
        f"Spoke with them on {today():%-d %b %Y}",
    ]
    assert line.older is None


def test_a_long_time_line_comes_in_pages_without_gap_or_repeat(account, rep):
    for number in range(60):
        actions.add_note(by=rep, account_id=account.pk, body=f"Note {number}")
    seen, before = [], None
    while True:
        line = queries.account_time_line(account, before=before)
        seen += [happening.text for happening in line.happenings]
        before = line.older
        if before is None:
            break
    assert seen == [f"Note {number}" for number in reversed(range(60))]


def test_pipeline_totals_leave_the_version_alone(account):
    actions.set_pipeline(account.pk, open_prospects=3, next_step_on=date(2026, 4, 1))
    account.refresh_from_db()
    assert (account.open_prospects, account.next_step_on, account.version) == (3, date(2026, 4, 1), 1)
