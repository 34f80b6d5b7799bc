"""华为, huawei and hw find the same; the best comes first; whatever is typed is answered at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.models import Account
from core import search
from core.models import User
from core.readings import fold, reading
from core.search import search_columns
from relationships.models import Contact
from tests.factories import make_account, make_contact
from tests.speed import quickest

Find = Callable[[str], list[str]]


@pytest.fixture
def find(rep: User) -> Find:
    return lambda term: [account.name for account in search.best(Account.objects.all(), term, 20)]


@pytest.fixture
def market(rep: User) -> None:
    for name, short in (
        ("华为技术有限公司", "华为"),
        ("深圳华为云计算", ""),
        ("中华为民基金会", ""),
        ("中国银行股份有限公司", "中行"),
        ("重庆长安汽车", "长安汽车"),
        ("Microsoft (China) Co., Ltd.", "微软"),
        ("Müller Maschinenbau GmbH", ""),
        ("ＡＢＣ电子", ""),
        ("西安铂力特", ""),
        ("绿地集团", ""),
        ("7-ELEVEn", ""),
    ):
        make_account(rep, name, short_name=short)


@pytest.mark.parametrize(
    ("term", "first"),
    [
        ("华为", "华为技术有限公司"),
        ("hw", "华为技术有限公司"),
        ("huawei", "华为技术有限公司"),
        ("HuaWei", "华为技术有限公司"),
        ("hua wei", "华为技术有限公司"),
        ("云计算", "深圳华为云计算"),
        ("yunjisuan", "深圳华为云计算"),
        ("szhw", "深圳华为云计算"),
        ("银行", "中国银行股份有限公司"),
        ("zhongguoyinhang", "中国银行股份有限公司"),
        ("zgyh", "中国银行股份有限公司"),
        ("chongqing", "重庆长安汽车"),
        ("重", "重庆长安汽车"),
        ("microsoft", "Microsoft (China) Co., Ltd."),
        ("China Micro", "Microsoft (China) Co., Ltd."),
        ("muller", "Müller Maschinenbau GmbH"),
        ("MÜLLER", "Müller Maschinenbau GmbH"),
        ("ABC", "ＡＢＣ电子"),
        ("ａｂｃ", "ＡＢＣ电子"),
        ("abc电", "ＡＢＣ电子"),
        ("xian", "西安铂力特"),
        ("lvdi", "绿地集团"),
        ("7-eleven", "7-ELEVEn"),
        ("微软", "Microsoft (China) Co., Ltd."),
        ("电子 ABC", "ＡＢＣ电子"),
    ],
)
def test_a_name_is_found(term: str, first: str, market: None, find: Find) -> None:
    assert find(term)[:1] == [first]


@pytest.mark.parametrize("term", ["为华", "技华", "公司技术", "huaweiX", "zz", "华为 微软", "%", "_", "电abc"])
def test_what_is_not_there_is_not_found(term: str, market: None, find: Find) -> None:
    assert find(term) == []


def test_the_name_itself_comes_before_what_begins_so_before_what_contains_it(rep: User, find: Find) -> None:
    for name in ("上海绿地", "绿地集团", "绿地", "绿地控股集团有限公司"):
        make_account(rep, name)
    assert find("绿地") == ["绿地", "绿地集团", "绿地控股集团有限公司", "上海绿地"]
    assert find("lvdi") == ["绿地", "绿地集团", "绿地控股集团有限公司", "上海绿地"]


def test_one_or_two_letters_find_beginnings_only(market: None, find: Find) -> None:
    assert find("m") == ["Müller Maschinenbau GmbH", "Microsoft (China) Co., Ltd."], "short names first"
    assert "中国银行股份有限公司" not in find("yh")


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("单雄信", "shan xiong xin"),
        ("曾国藩", "zeng guo fan"),
        ("仇和", "qiu he"),
        ("尉迟恭", "yu chi gong"),
        ("解晓东", "xie xiao dong"),
        ("朴树", "piao shu"),
        ("王伟", "wang wei"),
        ("区志航", "ou zhi hang"),
        ("Anna Berg", "anna berg"),
    ],
)
def test_surnames_read_as_surnames(name: str, read: str) -> None:
    assert reading(fold(name), person=True) == read


def test_a_person_is_found_by_either_reading(rep: User) -> None:
    contact = make_contact(rep, full_name="单雄信")
    Contact.objects.filter(pk=contact.pk).update(**search_columns("单雄信", person=True))
    for term in ("shanxiongxin", "danxiongxin", "单雄", "sxx"):
        assert list(search.match(Contact.objects.all(), term)) == [contact], term


def test_scope_stands_inside_and_the_limit_holds(rep: User, other_rep: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        make_account(other_rep, f"华为 {number}")
    own = make_account(rep, "华为")
    assert list(search.match(Account.objects.visible_to(rep), "华为")) == [own]
    assert search.match(Account.objects.all(), "华为", limit=3).count() == 3


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ｈｕａｗｅｉ　 Tech", "huawei tech"),
        ("a\x00b\x1fc", "a b c"),
        ("ＡＢＣ", "abc"),
        ("\ufeff华为\u200b", "华为"),
        ("Straße", "strasse"),
    ],
)
def test_what_may_be_written_in_several_ways_is_one(text: str, folded: str) -> None:
    assert fold(text) == folded


NASTY = [
    "a" * 100_000,
    "华" * 50_000,
    "%" * 1_000,
    "_" * 1_000,
    "\\" * 1_000,
    "' or 1=1 --",
    "\x00" * 100,
    "(a+)+$",
    "[[[[",
    "a b c d e f g h i j k",
    "\u202e\u200b" * 200,
    "😀" * 500,
    "ﷺ" * 500,
    "e\u0301" * 5_000,
    "\ud83d",
    "ａ" * 5_000,
    "．" * 500,
    "- - - -",
    "🇨🇳",
    "\u0000华",
    "0" * 500,
    "｀",
    "Ⅷ",
    "①②③",
    "㍿",
    "ﬁ",
]


@pytest.mark.parametrize("term", NASTY, ids=range(len(NASTY)))
def test_nasty_input_is_answered_within_200_ms(term: str, market: None, find: Find) -> None:
    find("warm")
    assert quickest(lambda: find(term)) < 0.2


def test_columns_come_fast_enough_for_imports() -> None:
    names = [f"{a}{b}科技有限公司" for a in "华宏中联鼎瑞新东海金恒天信德" for b in "为达通源丰业利邦兴图拓腾力诚"]
    spent = quickest(lambda: [search_columns(name) for name in names])
    assert len(names) / spent > 5_000, "30,000 a second on a quiet machine"
