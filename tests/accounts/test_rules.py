"""Paying days, names and the eight stages, without a database."""

from datetime import date

import pytest

from accounts.choices import DevelopmentStage
from accounts.rules import names, paying_days, stages
from core.channels import compact, spellings
from core.errors import DomainError


@pytest.mark.parametrize(
    ("text", "days"),
    [("25, 10", [10, 25]), ("每月10日、25日", [10, 25]), ("", []), ("5 5 5", [5]), ("31", [31])],
)
def test_paying_days_are_read_from_what_people_write(text, days):
    assert paying_days.read(text) == days


@pytest.mark.parametrize("text", ["0", "32", "10, 45"])
def test_a_day_no_month_has_is_refused(text):
    with pytest.raises(DomainError) as refusal:
        paying_days.read(text)
    assert refusal.value.field == "paying_days"


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("华为技术有限公司", "华为技术"),
        ("中国建筑股份有限公司", "中国建筑"),
        ("Acme Co., Ltd.", "acme"),
        ("Müller GmbH", "müller"),
        ("ＡＢＣ（上海）有限公司", "abc 上海"),
        ("有限公司", "有限公司"),
    ],
)
def test_the_legal_form_does_not_tell_firms_apart(name, core):
    assert names.core_of(name) == core


def test_a_longer_name_knows_its_beginnings():
    assert names.beginnings("华为技术有限公司") == ["华为", "华为技", "华为技术"]
    assert names.beginnings("Acme Steel Inc") == ["acme", "acme steel"]


def test_numbers_are_compared_without_marks_and_with_or_without_86():
    assert compact("+86 (138) 0013-8000") == "8613800138000"
    assert set(spellings("138 0013 8000")) & set(spellings("+86-13800138000"))
    assert compact("Sales@Acme.COM") == "sales@acmecom"


def test_every_stage_has_work_evidence_and_its_own_codes():
    assert list(stages.CARDS) == list(DevelopmentStage.values)
    codes = [work.code for card in stages.CARDS.values() for work in card.work]
    assert len(codes) == len(set(codes))
    assert all(card.entry and len(card.work) >= 3 for card in stages.CARDS.values())


def test_a_stage_is_entered_from_the_one_below_with_evidence():
    assert stages.require_move(1, 2, " Met Ms Wang on 3 March ") == "Met Ms Wang on 3 March"


def test_a_stage_is_not_skipped():
    with pytest.raises(DomainError) as refusal:
        stages.require_move(1, 4, "They signed at once, contract 2026-17")
    assert refusal.value.message == "Each stage has its own entry evidence: next is “Communicate”."


def test_an_account_falls_back_any_number_of_stages_with_a_reason():
    assert stages.require_move(6, 2, "They chose another supplier")
    with pytest.raises(DomainError) as refusal:
        stages.require_move(6, 2, "")
    assert refusal.value.field == "evidence"


@pytest.mark.parametrize(("to_stage", "evidence"), [(2, "ok"), (1, "Met Ms Wang"), (9, "Met Ms Wang")])
def test_a_move_without_evidence_or_without_a_stage_is_refused(to_stage, evidence):
    with pytest.raises(DomainError):
        stages.require_move(1, to_stage, evidence)


def test_time_per_stage_runs_until_today():
    stays = stages.stays([(1, date(2026, 1, 5)), (2, date(2026, 2, 4))], date(2026, 3, 1))
    assert [(stay.stage, stay.days, stay.left_on) for stay in stays] == [
        (DevelopmentStage.SCAN, 30, date(2026, 2, 4)),
        (DevelopmentStage.COMMUNICATE, 25, None),
    ]
