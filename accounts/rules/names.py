"""What of a firm's name tells it apart, for finding the same firm twice."""

import re
import unicodedata

LEGAL_FORMS = re.compile(
    r"(股份有限公司|有限责任公司|集团有限公司|有限公司|集团公司|公司|集团|"
    r"\b(co\.?,?\s*ltd|limited|ltd|inc|incorporated|corp|corporation|gmbh|ag|s\.?a|plc|llc|company|group|holdings?)\b\.?)",
    re.IGNORECASE,
)
MARKS = re.compile(r"[\s()（）,，.。·・&'’\"“”\-–—_/]+")


def plain(name: str) -> str:
    """The name in one spelling: half-width, lower case, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", name).lower().split())


def core_of(name: str) -> str:
    """The name without legal form and marks: 华为技术有限公司 → 华为技术, “Acme Co., Ltd.” → acme."""
    name = plain(name)
    core = MARKS.sub(" ", LEGAL_FORMS.sub(" ", name)).strip()
    return core or name


def beginnings(name: str) -> list[str]:
    """Shorter names the same firm may already stand under: 华为技术 → 华为, 华为技. Two characters and more."""
    core = core_of(name)
    if core.isascii():
        words = core.split()
        return [" ".join(words[:n]) for n in range(1, len(words) + 1)]
    return [core[:n] for n in range(2, min(len(core), 20) + 1)]
