"""The unified social credit code 统一社会信用代码 of a Chinese organisation (GB 32100-2015), or its Taiwanese counterpart."""

import unicodedata

from django.utils.translation import gettext as _

from core.errors import DomainError

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z: they look like figures
LENGTH = 18
WEIGHTS = [pow(3, place, 31) for place in range(LENGTH - 1)]

TAIWAN_WEIGHTS = (1, 2, 1, 2, 1, 2, 4, 1)


def normal(code: str) -> str:
    """The code as the register writes it: no blanks or hyphens, capitals, no full-width signs."""
    code = unicodedata.normalize("NFKC", code)
    return "".join(sign for sign in code if not sign.isspace() and sign not in "-–—·").upper()


def check_character(first_seventeen: str) -> str:
    """The eighteenth character that belongs to the first seventeen (modulo 31, weights are powers of three)."""
    total = sum(ALPHABET.index(sign) * weight for sign, weight in zip(first_seventeen, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def require_valid(code: str) -> str:
    """The normal form of a code; raises DomainError with the reason when it cannot be one. Empty stays empty."""
    code = normal(code)
    if code and (reason := _mistake(code)):
        raise DomainError(reason, field="credit_code", code="credit_code")
    return code


def _is_taiwanese(code: str) -> bool:
    """統一編號 of a firm in Taiwan: eight figures whose weighted digit sum divides by five (rule of 2023)."""
    if len(code) != 8 or not (code.isascii() and code.isdigit()):
        return False
    total = sum(sum(divmod(int(sign) * weight, 10)) for sign, weight in zip(code, TAIWAN_WEIGHTS, strict=True))
    return total % 5 == 0 or (code[6] == "7" and (total + 1) % 5 == 0)


def _mistake(code: str) -> str:
    if _is_taiwanese(code):
        return ""
    if len(code) != LENGTH:
        return _("A credit code has 18 characters; this one has %(count)s.") % {"count": len(code)}
    strange = [sign for sign in code if sign not in ALPHABET]
    if strange:
        return _("“%(sign)s” never occurs in a credit code. Letters I, O, S, V and Z are left out.") % {
            "sign": strange[0]
        }
    if code[-1] != check_character(code[:-1]):
        return _("This credit code is mistyped: its last character does not fit the first seventeen.")
    return ""
