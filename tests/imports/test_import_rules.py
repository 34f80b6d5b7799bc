"""What an import may do: rights, scope, repeats, refusals, replays."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, AccountMember
from core.errors import DomainError, NotAllowed, NotFound
from core.imports import actions, queries
from core.models import AuditEvent, ImportJob, ImportState
from prospects.models import Prospect, StageChange
from relationships.models import Contact, Position
from tests.factories import make_account, make_prospect


def test_another_teams_account_is_neither_changed_nor_doubled(bring, rep, other_rep):
    make_account(other_rep, "Acme", city="Rome")
    job = bring("a.csv", content=b"name,city\nAcme,Paris\nNew,Oslo\n", by=rep)
    assert (job.counts["created"], job.counts["refused"]) == (1, 1)
    assert Account.objects.get(name="Acme").city == "Rome"
    assert "not among those you may change" in refused(job)[0][-1]


def test_a_deal_with_another_teams_account_is_refused(bring, rep, other_rep):
    make_account(other_rep, "Acme")
    job = bring("deals.csv", content=b"opportunity,customer,stage\nOne,Acme,E\n", by=rep, target="prospects")
    assert (job.counts["created"], job.counts["refused"]) == (0, 1)


def test_a_rep_hands_nothing_over_by_import(bring, rep, colleague):
    job = bring("a.csv", content=f"name,owner\nAcme,{colleague.email}\n".encode(), by=rep)
    assert Account.objects.get().owner == rep
    assert {note["code"] for note in job.report["notes"]} == {"owners_not_taken"}


def test_a_manager_may_name_owners(bring, manager, colleague):
    bring("a.csv", content=f"name,owner\nAcme,{colleague.full_name}\n".encode(), by=manager)
    account = Account.objects.get()
    assert (account.owner, account.team) == (colleague, colleague.team)
    assert AccountMember.objects.get(account=account).role == "owner"


def test_who_may_not_add_accounts_may_not_import_them(bring, collector, executive):
    with pytest.raises(NotAllowed):
        bring("a.csv", {"target": "accounts"}, content=b"name\nAcme\n", by=collector)
    with pytest.raises(NotAllowed):
        bring("a.csv", content=b"name\nAcme\n", by=executive)


def test_somebody_elses_import_does_not_exist(bring, rep, other_rep):
    job = bring("a.csv", content=b"name,city\nAcme,Rome\n", by=rep, run=False)
    with pytest.raises(NotFound):
        queries.get_import(other_rep, job.pk)
    with pytest.raises(NotFound):
        actions.request_run(by=other_rep, job_id=job.pk)


def test_the_same_record_twice_in_a_file(bring):
    job = bring("a.csv", content=b"code,name\n1,Acme\n1,Acme\n1,Other\n2,Beta\n")
    assert (job.counts["created"], job.counts["repeated"], job.counts["refused"]) == (2, 1, 1)
    assert "stands in row 2 already" in refused(job)[0][-1]


def test_refused_rows_keep_their_shape_and_are_harmless(bring):
    job = bring("a.csv", content=b"code;name;employees\n=1+1;Acme;many\n2;Beta;5\n")
    assert job.counts["refused"] == 1
    text = (Path(settings.MEDIA_ROOT) / job.refused_file).read_text("utf-8-sig")
    assert text.splitlines()[0] == "code;name;employees;Refused because"
    assert text.splitlines()[1].startswith("'=1+1;Acme;many;")
    mended = bring("mended.csv", content=text.replace("many", "7").encode())
    assert mended.counts["created"] == 1
    assert Account.objects.get(code="=1+1").employees == 7


def test_ragged_and_unreadable_rows_are_reported_by_number(bring):
    job = bring("a.csv", content=b"code,name,city\n1,Acme,Rome\n2,Beta\n3,Gamma,Oslo,x\n4,Delta,Bonn\n")
    assert (job.counts["created"], job.counts["refused"]) == (2, 2)
    assert [row[-1].split(":")[0] for row in refused(job)] == ["Row 3", "Row 4"]


def test_a_replay_changes_nothing(bring):
    text = "名称,城市,电话,备注\n华为,深圳,0755-1,好\n中兴,深圳,,\n".encode()
    bring("a.csv", content=text)
    before = list(Account.objects.values().order_by("id"))
    job = bring("a.csv", content=text)
    assert (job.counts["created"], job.counts["updated"], job.counts["unchanged"]) == (0, 0, 2)
    assert list(Account.objects.values().order_by("id")) == before


def test_blank_cells_erase_nothing(bring):
    bring("a.csv", content=b"name,city\nAcme,Rome\n")
    job = bring("a.csv", content=b"name,city\nAcme,\n")
    assert job.counts["unchanged"] == 1
    assert Account.objects.get().city == "Rome"


def test_ambiguous_dates_are_refused_until_the_order_is_set(bring):
    content = b"opportunity,customer,stage,close date\nOne,Acme,Won,03/04/2026\n"
    job = bring("d.csv", content=content, target="prospects", run=False)
    assert job.counts["refused"] == 1
    assert job.report["reasons"][0]["code"] == "date_ambiguous"
    job = bring("d.csv", content=content, target="prospects", date_order="dmy")
    assert str(Prospect.objects.get().closed_on) == "2026-04-03"


def test_the_boards_own_class_is_kept(bring, rep):
    prospect = make_prospect(rep, name="One", code="P1")
    job = bring("d.csv", content=b"id,opportunity,stage,amount\nP1,One,B,500\n", by=rep, target="prospects")
    prospect.refresh_from_db()
    assert (prospect.stage, prospect.amount, job.counts["updated"]) == (0, 500, 1)
    assert {note["code"] for note in job.report["notes"]} == {"classes_kept"}


def test_an_open_prospect_may_be_closed_by_import(bring, rep):
    prospect = make_prospect(rep, name="One", code="P1")
    day = prospect.opened_on.isoformat()
    bring("d.csv", content=f"id,stage,close date\nP1,Won,{day}\n".encode(), by=rep, target="prospects")
    prospect.refresh_from_db()
    assert (prospect.stage, prospect.outcome, prospect.closings.count()) == (100, "won", 1)
    assert StageChange.objects.filter(prospect=prospect, kind="imported", to_stage=100).count() == 1


def test_a_contact_gets_its_position_and_its_account(bring, rep):
    content = "姓,名,公司,职务,手机\n王,小明,华为,采购经理,13800138000\n".encode()
    bring("c.csv", content=content, by=rep, target="contacts")
    contact = Contact.objects.get()
    assert contact.full_name == "王小明"
    assert Position.objects.get(contact=contact).title == "采购经理"
    account = Account.objects.get()
    assert (account.name, account.owner, account.search_initials) == ("华为", rep, "hw")


def test_a_run_leaves_its_trail(bring, rep):
    job = bring("a.csv", content=b"name,city\nAcme,Rome\n", by=rep)
    event = AuditEvent.objects.get(code="imports.done")
    assert (event.actor, event.target_id, event.details["created"]) == (rep, job.pk, 1)
    assert AuditEvent.objects.get(code="imports.record_created").target_id == Account.objects.get().pk


def test_work_given_to_two_workers_is_done_once(rep, django_capture_on_commit_callbacks):
    job = actions.bring_file(by=rep, name="a.csv", chunks=[b"name,city\nAcme,Rome\n"])
    actions.read_import(by=rep, job_id=job.pk)
    actions.request_run(by=rep, job_id=job.pk)
    assert actions.work_on_import(job.pk) == ImportState.DONE
    assert actions.work_on_import(job.pk) == ImportState.DONE
    assert Account.objects.count() == 1
    assert AuditEvent.objects.filter(code="imports.done").count() == 1
    with pytest.raises(DomainError):
        actions.request_run(by=rep, job_id=job.pk)


def test_statements_do_not_grow_with_the_rows(bring):
    def statements(rows: int) -> int:
        content = "name,city,owner\n" + "".join(f"{rows}-{number},Rome,nobody\n" for number in range(rows))
        with CaptureQueriesContext(connection) as captured:
            bring("a.csv", content=content.encode())
        return len(captured)

    assert statements(400) <= statements(4) + 2  # two more tell the planner


def test_a_file_that_is_too_large_is_not_kept(rep, monkeypatch):
    monkeypatch.setattr(actions, "MAX_BYTES", 10)
    with pytest.raises(DomainError, match="larger than"):
        actions.bring_file(by=rep, name="a.csv", chunks=[b"x" * 11])
    assert ImportJob.objects.count() == 0


def refused(job: ImportJob) -> list[list[str]]:
    """The rows of the refused file, without its header."""
    path: Any = Path(settings.MEDIA_ROOT) / job.refused_file
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=job.layout["delimiter"]))[1:]
