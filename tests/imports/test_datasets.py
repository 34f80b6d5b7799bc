"""The other sample data sets: what their descriptions state must come out."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from django.db.models import Count, Sum

from accounts.models import Account, AccountNote
from core.search import match
from prospects.models import Closing, Prospect
from relationships.models import Contact, ContactChannel, Position
from tests.imports.conftest import data_file, mapping
from tests.speed import quickest


def test_lost_deals_of_dynamics(bring):
    bring(data_file("d365-lost-opportunities/accounts.csv"), mapping("d365-lost-opportunities", 0))
    job = bring(data_file("d365-lost-opportunities/opportunities.csv"), mapping("d365-lost-opportunities", 1))
    assert job.counts["created"] == 20
    lost = Prospect.objects.filter(outcome="lost")
    assert (lost.count(), lost.aggregate(total=Sum("amount"))["total"]) == (20, Decimal(4_278_200))
    days = lost.order_by("closed_on").values_list("closed_on", flat=True)
    assert (str(days[0]), str(days[19])) == ("2025-05-30", "2025-12-01")
    assert Account.objects.count() == 20
    assert max(len(note) for note in Closing.objects.values_list("note", flat=True)) == 814


def test_contacts_of_atomic_crm(bring):
    path, given = data_file("atomic-crm-contacts/contacts.csv"), mapping("atomic-crm-contacts", 0)
    job = bring(path, given)
    assert (job.counts["created"], job.counts["refused"]) == (500, 0)
    assert (Contact.objects.count(), Account.objects.count(), Position.objects.count()) == (500, 55, 500)
    phones = ContactChannel.objects.filter(kind="phone").values_list("label").annotate(Count("id"))
    assert dict(phones) == {"work": 274, "home": 270, "other": 286}
    assert ContactChannel.objects.filter(kind="email").values("value").distinct().count() == 500
    largest = Account.objects.annotate(people=Count("positions")).order_by("-people", "name")[:2]
    assert [(account.name, account.people) for account in largest] == [("Quigley Inc", 30), ("Schmitt and Sons", 30)]
    same = Contact.objects.filter(full_name="Marlon Schmidt")
    assert len(set(same.values_list("positions__account", flat=True))) == 3
    assert ContactChannel.objects.filter(value__contains=" x").values("contact").distinct().count() == 380
    again = bring(path, given)
    assert (again.counts["created"], again.counts["updated"], again.counts["unchanged"]) == (0, 0, 500)


def test_import_template_of_atomic_crm(bring):
    job = bring(data_file("atomic-crm-contacts/contacts_export.csv"), mapping("atomic-crm-contacts", 1))
    assert job.counts["created"] == 2
    assert Contact.objects.get(full_name="John Doe").tags == ["influencer", "developer"]


@pytest.mark.slow
def test_both_chinese_exchanges(bring):
    shenzhen = bring(data_file("cn-listed-companies/A股列表.xlsx"), mapping("cn-listed-companies", 0))
    shanghai = bring(data_file("cn-listed-companies/GPLIST.xls"), mapping("cn-listed-companies", 1))
    assert (shenzhen.counts["created"], shanghai.counts["created"]) == (2_875, 1_696)
    assert Account.objects.count() == 4_571
    assert Account.objects.filter(code__startswith="0").count() == 1_486
    regions = dict(Account.objects.exclude(region="").values_list("region").annotate(Count("id")))
    assert [regions[name] for name in ("广东", "浙江", "江苏", "北京", "山东")] == [679, 361, 327, 216, 175]
    assert Account.objects.filter(industry="C 制造业").count() == 2_008
    assert Account.objects.exclude(region="").filter(website="").count() == 17
    assert Account.objects.get(code="000002").short_name == "万科A"
    again = bring(data_file("cn-listed-companies/A股列表.xlsx"), mapping("cn-listed-companies", 0))
    assert again.counts["unchanged"] == 2_875


@pytest.mark.slow
def test_gbk_list_leaves_indices_out(bring):
    job = bring(data_file("cn-listed-companies/stock_basic.csv"), mapping("cn-listed-companies", 2))
    assert job.layout["encoding"] == "gb18030"
    assert (job.counts["created"], job.counts["left_out"]) == (4_136, 596)
    for name in ("泽璟制药", "昇兴股份", "昇辉科技"):
        assert Account.objects.filter(name__startswith=name).exists()


def test_taiwan_list_without_header(bring):
    path = data_file("cn-listed-companies/上市公司_20250114.csv")
    job = bring(path, mapping("cn-listed-companies", 3))
    assert (job.counts["created"], job.counts["refused"]) == (1_041, 0)
    none_at_all = path.read_text("utf-8-sig").count("\t00000000,")  # firms from abroad have no tax id
    taxed = Account.objects.filter(credit_code__regex=r"^\d{8}$")
    assert taxed.values("credit_code").distinct().count() == 1_041 - none_at_all
    assert taxed.filter(credit_code__startswith="0").count() == 124 - none_at_all
    assert Account.objects.get(code="1101").name == "臺灣水泥股份有限公司"


def test_template_of_a_chinese_crm(bring):
    path = data_file("cn-crm-import-template/客户导入模板.xlsx")
    bring(path, mapping("cn-crm-import-template", 0))
    job = bring(path, mapping("cn-crm-import-template", 1))
    assert job.counts["created"] == 3
    assert (Account.objects.count(), Position.objects.count(), AccountNote.objects.count()) == (3, 3, 3)
    assert Contact.objects.filter(full_name="李总").exists()
    assert AccountNote.objects.filter(body__contains="㎡").exists()


@pytest.mark.slow
def test_quarter_of_a_million_names(bring):
    path = data_file("cn-company-short-names/Company-Shorter-Form（28W）.txt")
    start = time.perf_counter()
    job = bring(path, mapping("cn-company-short-names", 0))
    spent = time.perf_counter() - start
    assert job.counts["created"] + job.counts["repeated"] + job.counts["refused"] == 267_397
    assert job.counts["created"] >= 267_300
    assert Account.objects.filter(name__startswith="中国").count() == 207
    assert Account.objects.filter(name__contains="华为").count() == 12
    for term in ("hw", "华为"):
        rows = match(Account.objects.all(), term)[:50]
        assert list(rows)
        assert quickest(lambda rows=rows: list(rows.all())) < 0.5
    assert spent < 240
