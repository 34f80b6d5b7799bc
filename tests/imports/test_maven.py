"""The Maven sales sample: every figure its description states must come out, from all three ways to write its dates."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db.models import Count, F, Sum

from accounts.models import Account
from core.models import Role
from prospects.models import Closing, Prospect, StageChange
from tests.cast import person
from tests.imports.conftest import data_file, mapping

MAVEN = "maven-crm-sales"
VARIANTS = ["sales_pipeline.csv", "variant-dmy/sales_pipeline.csv", "variant-mdy/sales_pipeline.csv"]


def test_accounts_come_with_their_parents(bring):
    job = bring(data_file(f"{MAVEN}/accounts.csv"), mapping(MAVEN, 0))
    assert job.counts["created"] == 85
    assert Account.objects.exclude(parent=None).count() == 15
    assert Account.objects.get(name="Acme Corporation").annual_revenue == Decimal("1100040000.00")
    again = bring(data_file(f"{MAVEN}/accounts.csv"), mapping(MAVEN, 0))
    assert (again.counts["created"], again.counts["updated"], again.counts["unchanged"]) == (0, 0, 85)


def deals() -> list[tuple[object, ...]]:
    columns = (
        "code",
        "owner__full_name",
        "product",
        "account__name",
        "stage",
        "outcome",
        "opened_on",
        "closed_on",
        "amount",
        "currency",
    )
    return list(Prospect.objects.order_by("code").values_list(*columns))


@pytest.fixture
def agents(company):
    """The sales agents are colleagues here."""
    lines = data_file(f"{MAVEN}/sales_teams.csv").read_text("ascii").splitlines()[1:]
    return [person(line.split(",")[0].replace("'", ""), Role.REP, company) for line in lines]


@pytest.mark.slow
def test_all_three_ways_to_write_the_dates_give_the_same_records(bring, agents):
    bring(data_file(f"{MAVEN}/accounts.csv"), mapping(MAVEN, 0))
    first = bring(data_file(f"{MAVEN}/{VARIANTS[0]}"), mapping(MAVEN, 1))
    assert first.counts["created"] == 8_800
    assert first.counts["refused"] == 0
    expected = deals()
    for variant in VARIANTS[1:]:
        again = bring(data_file(f"{MAVEN}/{variant}"), mapping(MAVEN, 1))
        assert (again.counts["created"], again.counts["updated"], again.counts["unchanged"]) == (0, 0, 8_800)
        assert deals() == expected


@pytest.mark.slow
@pytest.mark.parametrize("variant", VARIANTS)
def test_the_pipeline_gives_the_stated_figures(bring, agents, variant):
    bring(data_file(f"{MAVEN}/accounts.csv"), mapping(MAVEN, 0))
    job = bring(data_file(f"{MAVEN}/{variant}"), mapping(MAVEN, 1))
    assert job.counts["created"] == 8_800
    won, lost = Prospect.objects.filter(outcome="won"), Prospect.objects.filter(outcome="lost")
    still_open = Prospect.objects.filter(outcome="")
    assert (won.count(), lost.count()) == (4_238, 2_473)
    assert dict(still_open.values_list("stage").annotate(Count("id"))) == {25: 1_589, 0: 500}
    assert won.aggregate(total=Sum("amount"))["total"] == 10_005_534
    assert lost.aggregate(total=Sum("amount"))["total"] == 0
    assert round(100 * won.count() / (won.count() + lost.count()), 2) == 63.15
    assert still_open.filter(account=None).count() == 1_425
    assert still_open.exclude(amount=None).count() == 0
    days = F("closed_on") - F("opened_on")
    assert won.aggregate(total=Sum(days))["total"].days == 219_452
    assert lost.aggregate(total=Sum(days))["total"].days == 102_578
    quarters = won.values_list("closed_on__quarter").annotate(Count("id"), Sum("amount")).order_by("closed_on__quarter")
    assert [(q, n, int(total)) for q, n, total in quarters] == [
        (1, 531, 1_134_672), (2, 1_254, 3_086_111), (3, 1_257, 2_982_255), (4, 1_196, 2_802_496),
    ]  # fmt: skip
    assert list(lost.values_list("closed_on__quarter").annotate(Count("id")).order_by("closed_on__quarter")) == [
        (1, 116), (2, 778), (3, 790), (4, 789),
    ]  # fmt: skip
    largest = won.values_list("account__name").annotate(total=Sum("amount")).order_by("-total")[:5]
    assert [(name, int(total)) for name, total in largest] == [
        ("Kan-code", 341_455), ("Konex", 269_245), ("Condax", 206_410), ("Cheers", 198_020), ("Hottechi", 194_957),
    ]  # fmt: skip
    assert str(Prospect.objects.get(code="1C1I7A6R").closed_on) == "2017-03-01"


@pytest.mark.slow
def test_history_of_migrated_deals_keeps_its_own_days(bring, agents):
    bring(data_file(f"{MAVEN}/{VARIANTS[0]}"), mapping(MAVEN, 1))
    deal = Prospect.objects.get(code="1C1I7A6R")
    changes = list(StageChange.objects.filter(prospect=deal).order_by("at"))
    assert [(c.kind, c.to_stage, str(c.on), c.days_in_from) for c in changes] == [
        ("imported", 0, "2016-10-20", None),
        ("imported", 100, "2017-03-01", 132),
    ]
    assert changes[0].by.full_name == "Moses Frase"
    assert Closing.objects.get(prospect=deal).outcome == "won"
    engaging = Prospect.objects.filter(outcome="", stage=25).first()
    assert StageChange.objects.get(prospect=engaging).missing == ["first_meeting_held", "willing"]
    assert Closing.objects.count() == 4_238 + 2_473


@pytest.mark.slow
def test_results_by_region_and_manager(bring, agents):
    bring(data_file(f"{MAVEN}/{VARIANTS[0]}"), mapping(MAVEN, 1))
    teams = [line.split(",") for line in data_file(f"{MAVEN}/sales_teams.csv").read_text("ascii").splitlines()[1:]]
    for place, expected in (
        (2, {"Central": (1_629, 975, 3_346_293), "East": (1_171, 687, 3_090_594), "West": (1_438, 811, 3_568_647)}),
        (1, {"Cara Losch": (480, 265, 1_130_049), "Celia Rouche": (610, 352, 1_603_897), "Dustin Brinkmann": (747, 439, 1_094_363),
             "Melvin Marxen": (882, 536, 2_251_930), "Rocco Neubert": (691, 422, 1_960_545), "Summer Sewald": (828, 459, 1_964_750)}),
    ):  # fmt: skip
        found = {}
        for group in expected:
            names = [team[0] for team in teams if team[place].strip() == group]
            rows = Prospect.objects.filter(owner__full_name__in=names)
            won = rows.filter(outcome="won")
            total = int(won.aggregate(total=Sum("amount"))["total"])
            found[group] = (won.count(), rows.filter(outcome="lost").count(), total)
        assert found == expected
