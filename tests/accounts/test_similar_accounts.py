"""The same firm twice: what the warning finds and what it keeps to itself."""

import pytest

from accounts.models import AccountChannel
from accounts.queries import similar_accounts
from tests.factories import make_account

pytestmark = pytest.mark.django_db


def names(similar):
    return [account.name for account in similar.known]


@pytest.mark.parametrize("typed", ["华为", "华为技术", "华为技术有限公司", "华为技术有限公司深圳分公司"])
def test_a_near_name_is_shown(rep, typed):
    make_account(rep, "华为技术")
    make_account(rep, "中兴通讯")
    assert names(similar_accounts(rep, name=typed)) == ["华为技术"]


def test_the_very_same_comes_first(rep):
    make_account(rep, "Acme Aachen")
    make_account(rep, "Acme")
    assert names(similar_accounts(rep, name="ACME Co., Ltd."))[0] == "Acme"


def test_code_phone_and_email_find_an_account_too(rep):
    account = make_account(rep, "小米", credit_code="91110108551385082Q")
    AccountChannel.objects.create(account=account, kind="phone", value="+86 10-6060 6666")
    AccountChannel.objects.create(account=account, kind="email", value="Info@mi.com")
    assert similar_accounts(rep, credit_code="9111 0108 5513 85082q")
    assert names(similar_accounts(rep, channels=["", "(010) 60606666"])) == ["小米"]
    assert names(similar_accounts(rep, channels=["0086 10 60606666"])) == ["小米"]
    assert names(similar_accounts(rep, channels=["info@MI.com"])) == ["小米"]


def test_out_of_sight_only_the_owner_of_the_same_is_told(rep, other_rep):
    make_account(other_rep, "小米", credit_code="91110108551385082Q")
    for similar in (similar_accounts(rep, name="小米"), similar_accounts(rep, credit_code="91110108551385082Q")):
        assert similar.known == []
        assert [(one.owner, one.team) for one in similar.elsewhere] == [("Sun Nan", "South")]


def test_out_of_sight_a_near_name_is_nobodys_business(rep, other_rep):
    make_account(other_rep, "小米科技")
    assert not similar_accounts(rep, name="小米")


def test_an_account_is_not_similar_to_itself(rep):
    account = make_account(rep, "Acme")
    assert not similar_accounts(rep, name="Acme", but=account.pk)


def test_nothing_typed_finds_nothing_and_asks_little(rep, django_assert_max_num_queries):
    make_account(rep, "Acme")
    with django_assert_max_num_queries(1):
        assert not similar_accounts(rep)


def test_the_warning_asks_a_constant_number_of_statements(rep, django_assert_max_num_queries):
    for number in range(30):
        make_account(rep, f"Acme {number}")
    with django_assert_max_num_queries(5):
        assert (
            len(similar_accounts(rep, name="Acme", credit_code="91110108551385082Q", channels=["12345678"]).known) == 6
        )
