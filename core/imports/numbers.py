"""Numbers as people write them: marks of thousands and decimals, currency signs, brackets for negatives, 万 and 亿."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Literal

Mark = Literal[".", ","]

SIGNS = {
    "$": "USD", "US$": "USD", "USD": "USD", "€": "EUR", "EUR": "EUR", "£": "GBP", "GBP": "GBP", "¥": "CNY", "CNY": "CNY",
    "RMB": "CNY", "元": "CNY", "人民币": "CNY", "HK$": "HKD", "HKD": "HKD", "NT$": "TWD", "TWD": "TWD", "JPY": "JPY", "円": "JPY",
    "AUD": "AUD", "A$": "AUD", "CHF": "CHF", "SGD": "SGD", "S$": "SGD", "₩": "KRW", "KRW": "KRW", "₹": "INR", "INR": "INR",
}  # fmt: skip
UNITS = {
    "万": 10_000,
    "萬": 10_000,
    "亿": 100_000_000,
    "億": 100_000_000,
    "千": 1_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "": 1,
}

SHAPE = re.compile(
    r"^(?P<open>[(（])?\s*(?P<sign1>[-+−–])?\s*(?P<before>[A-Za-z$€£¥₩₹人民币]{1,4})?\s*(?P<sign2>[-+−–])?\s*"
    r"(?P<number>\d[\d.,'\s]*(?:[eE][-+]?\d+)?|[.,]\d+)\s*(?P<unit>百万|千万|万|萬|亿|億|千)?\s*"
    r"(?P<after>[A-Za-z$€£¥₩₹元円人民币]{1,4})?\s*(?P<percent>%)?\s*(?P<close>[)）])?\s*(?P<sign3>-)?$"
)
PLAIN = re.compile(r"^-?\d{1,15}(\.\d+)?$")
GROUPED = re.compile(r"^-?[0-9]{1,3}(?:,[0-9]{3}){1,4}(\.[0-9]+)?$")


class NumberError(ValueError):
    """One cell is no number: `code` is not_a_number or decimal_mark."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def looks_numeric(text: str) -> bool:
    """Whether it is a number in some way of writing."""
    return bool(PLAIN.match(text) or SHAPE.match(unicodedata.normalize("NFKC", text).strip()))


def mark_shown_by(text: str) -> tuple[Mark | None, Mark | None]:
    """(decimal mark this number proves, mark it only may have): `1,234.56` proves a point, `1,234` proves nothing."""
    number = _digits(text)
    if number is None:
        return None, None
    points, commas = number.count("."), number.count(",")
    if points and commas:
        return ("." if number.rfind(".") > number.rfind(",") else ","), None
    if points > 1:
        return ",", None
    if commas > 1:
        return ".", None
    for mark, count, other in ((".", points, ","), (",", commas, ".")):
        if count:
            whole, _, part = number.partition(mark)
            if len(part) == 3 and 1 <= len(whole) <= 3 and whole not in {"0", ""} and not whole.startswith("0"):
                return None, other  # type: ignore[return-value]  # as thousands; the mark's own meaning is open
            return mark, None  # type: ignore[return-value]
    return None, None


def _digits(text: str) -> str | None:
    if PLAIN.match(text):
        return text
    found = SHAPE.match(unicodedata.normalize("NFKC", text).strip())
    return re.sub(r"[\s']", "", found["number"]) if found else None


def currency_shown_by(text: str) -> str | None:
    """The currency a sign beside the number names; None when there is none."""
    if PLAIN.match(text):
        return None
    found = SHAPE.match(unicodedata.normalize("NFKC", text).strip())
    if not found:
        return None
    return SIGNS.get((found["before"] or "").upper()) or SIGNS.get((found["after"] or "").upper())


def to_decimal(text: str, mark: Mark) -> Decimal:
    """The exact number, given the column's decimal mark."""
    if mark == "." and PLAIN.match(text):
        return Decimal(text)
    if mark == "." and GROUPED.match(text):
        return Decimal(text.replace(",", ""))
    found = SHAPE.match(unicodedata.normalize("NFKC", text).strip())
    if not found or bool(found["open"]) != bool(found["close"]):
        raise NumberError("not_a_number")
    if len(_signs(found)) > 1:
        raise NumberError("not_a_number")
    for sign in (found["before"], found["after"]):
        if sign and sign.upper() not in SIGNS:
            raise NumberError("not_a_number")
    number = re.sub(r"[\s']", "", found["number"])
    other = "," if mark == "." else "."
    if not _well_grouped(number, mark, other):
        raise NumberError("decimal_mark")
    try:
        value = Decimal(number.replace(other, "").replace(mark, ".")) * UNITS[found["unit"] or ""]
    except InvalidOperation:
        raise NumberError("not_a_number") from None
    negative = bool(found["open"]) != ("-" in _signs(found))
    return -value if negative else value


def _signs(found: re.Match[str]) -> str:
    text = "".join(found[name] or "" for name in ("sign1", "sign2", "sign3"))
    return text.replace("−", "-").replace("–", "-")


def _well_grouped(number: str, mark: str, other: str) -> bool:
    """Marks of thousands stand every three digits (or four: 1,0000) and only before the decimal mark."""
    whole, _, part = re.split(r"[eE]", number)[0].partition(mark)
    if other in part or mark in part:
        return False
    groups = whole.split(other)
    return len(groups) == 1 or (
        1 <= len(groups[0]) <= 4 and all(len(group) in {2, 3, 4} for group in groups[1:]) and len(groups[-1]) >= 3
    )
