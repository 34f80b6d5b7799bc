"""GB 32100-2015: eighteen characters, the last one computed modulo 31."""

import pytest

from accounts.rules import credit_code
from core.errors import DomainError

GENUINE = [
    "914403001922038216",  # 华为技术有限公司
    "9144030071526726XG",  # 深圳市腾讯计算机系统有限公司
    "91110108551385082Q",  # 小米科技有限责任公司
    "91440300192317458F",  # 比亚迪股份有限公司
    "91440400192548256N",  # 珠海格力电器股份有限公司
    "91350100M000100Y43",  # the example printed in the standard
]


@pytest.mark.parametrize("code", GENUINE)
def test_genuine_codes_are_accepted(code):
    assert credit_code.require_valid(code) == code


@pytest.mark.parametrize("code", GENUINE)
def test_every_single_wrong_character_is_noticed(code):
    for place in range(18):
        for sign in credit_code.ALPHABET:
            if sign != code[place]:
                with pytest.raises(DomainError):
                    credit_code.require_valid(code[:place] + sign + code[place + 1 :])


@pytest.mark.parametrize("code", GENUINE)
def test_neighbours_that_changed_places_are_noticed(code):
    for place in range(17):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        if swapped != code:
            with pytest.raises(DomainError):
                credit_code.require_valid(swapped)


def test_a_code_may_be_typed_with_blanks_small_letters_and_full_width_signs():
    assert credit_code.require_valid(" 91110108 5513-85082q ") == "91110108551385082Q"
    assert credit_code.require_valid("９１１１０１０８５５１３８５０８２Ｑ") == "91110108551385082Q"


def test_no_code_is_no_mistake():
    assert credit_code.require_valid("  ") == ""


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("9111010855138508", "A credit code has 18 characters; this one has 16."),
        ("9111010855138508IQ", "“I” never occurs in a credit code. Letters I, O, S, V and Z are left out."),
        ("911101085513850820", "This credit code is mistyped: its last character does not fit the first seventeen."),
    ],
)
def test_the_refusal_says_what_is_wrong(code, sentence):
    with pytest.raises(DomainError) as refusal:
        credit_code.require_valid(code)
    assert refusal.value.message == sentence
    assert refusal.value.field == "credit_code"
