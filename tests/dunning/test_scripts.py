"""What to say: in both languages for every grade and cause, firm as the grade allows, and never begging pardon."""

import re

import pytest

from dunning.choices import Language
from dunning.rules.scripts import PRESS, Facts, days_past_due, named, script
from receivables.choices import Cause, Grade

FORBIDDEN = re.compile(r"sorry to (trouble|bother|disturb)|不好意思|打扰|抱歉|麻烦您", re.IGNORECASE)


def words(grade, language):
    facts = Facts(
        person="Wang Fang", caller="Qian", us="Keyline", item=named("F-1", "HT-7", language), amount="¥5,000.00", more=2,
        total="¥9,000.00", due="13 May", days=days_past_due(20, language), pay_by="5 Jun",
    )  # fmt: skip
    return script(grade, facts, language)


@pytest.mark.parametrize("grade", Grade)
@pytest.mark.parametrize("language", Language)
def test_every_grade_and_cause_has_its_words(grade, language):
    found = words(grade, language)
    texts = [found.opening, found.ask, *found.answers.values(), *found.press, *found.close]
    assert set(found.answers) == {"", *Cause.values}
    assert all(texts)
    assert not [text for text in texts if FORBIDDEN.search(text) or "{" in text]
    for exact in ("Wang Fang", "HT-7", "F-1", "¥5,000.00", "¥9,000.00"):
        assert exact in found.opening
    assert ("谢谢" if language == Language.CHINESE else "Thank you") in found.close[0]


@pytest.mark.parametrize("language", Language)
def test_the_other_language_does_not_slip_in(language):
    for grade in Grade:
        found = words(grade, language)
        texts = [found.ask, *found.answers.values(), *found.press]
        has_chinese = [bool(re.search(r"[一-鿿]", text)) for text in texts]
        assert all(has_chinese) if language == Language.CHINESE else not any(has_chinese)


def test_a_worse_grade_presses_harder():
    starts = [PRESS.index(next(text for text in PRESS if text[Language.ENGLISH].startswith(words(grade, Language.ENGLISH).press[0][:20])))
              for grade in Grade]  # fmt: skip
    ends = [words(grade, Language.ENGLISH).press[-1] for grade in Grade]
    assert starts == sorted(starts)
    assert "lawyer" not in ends[0]
    assert "lawyer" in ends[2]


def test_a_single_invoice_is_not_summed():
    facts = Facts("A", "B", "C", "invoice 1", "¥1.00", 0, "¥1.00", "1 May", "1 day", "5 Jun")
    assert "comes to" not in script(Grade.NORMAL, facts, Language.ENGLISH).opening
    assert days_past_due(1, Language.ENGLISH) == "1 day"
    assert named("1", "", Language.CHINESE) == "发票1"
