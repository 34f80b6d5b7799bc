"""Amounts: Decimal with a currency beside it, two places, rounded half up. Currencies are never added together."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format

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
    if amount is None:
        return "–"
    text = number_format(
        abs(round_money(Decimal(amount))), decimal_pos=2 if cents else 0, use_l10n=True, force_grouping=True
    )
    return f"{'−' if amount < 0 else ''}{CURRENCIES.get(currency, currency + ' ')}{text}"
