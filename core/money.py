"""Amounts: Decimal with a currency beside it, two places, rounded half up. Currencies are never added together."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import get_format, number_format
from django.utils.translation import get_language

CENT = Decimal("0.01")
CURRENCIES = {
    "CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "TWD": "NT$", "JPY": "JP¥", "AUD": "A$", "SGD": "S$",
    "KRW": "₩", "CHF": "CHF ", "CAD": "C$", "INR": "₹", "THB": "฿", "VND": "₫", "MYR": "RM ", "IDR": "Rp ", "AED": "AED ",
}  # fmt: skip
CURRENCY_CHOICES = [(code, code) for code in CURRENCIES]


def round_money(amount: Decimal) -> Decimal:
    """The amount to the cent, half up (never banker's rounding)."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def format_money(amount: Decimal | None, currency: str, *, cents: bool = True) -> str:
    """An amount for people: ¥1,234.50; a minus stands before the sign; an unknown amount is a dash."""
    return money_writer(cents=cents)(amount, currency)


def money_writer(*, cents: bool = True) -> Callable[[Decimal | None, str], str]:
    """`format_money` for many amounts: the reader's separators are looked up once. All our languages group by three."""
    signs = str.maketrans({".": get_format("DECIMAL_SEPARATOR"), ",": get_format("THOUSAND_SEPARATOR")})

    def write(amount: Decimal | None, currency: str) -> str:
        if amount is None:
            return "–"
        shown = round_money(Decimal(amount)) if cents else Decimal(amount).quantize(Decimal(1), ROUND_HALF_UP)
        text = f"{abs(shown):,}".translate(signs)
        return f"{'−' if shown < 0 else ''}{CURRENCIES.get(currency, currency + ' ')}{text}"

    return write


# From this size on, amounts are counted in this unit: (size, unit, word).
ENGLISH_UNITS = ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"), (Decimal(10) ** 3, "k"))
CHINESE_UNITS = ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))


def compact_money(amount: Decimal | None, currency: str) -> str:
    """An amount where room is short, in the reader's own units: ¥12.4m, ¥1,240万. Below 10,000 to the unit."""
    if amount is None:
        return "–"
    units = CHINESE_UNITS if (get_language() or "").startswith("zh") else ENGLISH_UNITS
    size, unit, places = abs(Decimal(amount)), "", 0
    for step, word in units if size >= 10_000 else ():
        if size >= step:
            size, unit = size / step, word
            places = 1 if size < 100 else 0
            break
    text = number_format(
        size.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP),
        decimal_pos=places,
        use_l10n=True,
        force_grouping=True,
    )
    return f"{'−' if amount < 0 else ''}{CURRENCIES.get(currency, currency + ' ')}{text}{unit}"
