"""Recognise the encoding of a text file.

A wrong decoding that raises no error is still wrong: Big5 bytes decode without complaint as GB18030, and Windows-1252
accepts nearly everything. So every encoding that fits is tried and the text it gives is judged: real text is made of
characters in daily use, a wrong decoding of rare ones.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.imports.problems import UnreadableFile

CHUNK = 1 << 20
SAMPLE = 1 << 18

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

LABELS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 (BOM)",
    "utf-16": "UTF-16 (BOM)",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "utf-32": "UTF-32 (BOM)",
    "utf-32-le": "UTF-32 LE",
    "utf-32-be": "UTF-32 BE",
    "gb18030": "GB18030 / GBK",
    "cp950": "Big5",
    "big5hkscs": "Big5 (HKSCS)",
    "cp1252": "Windows-1252",
    "latin-1": "ISO 8859-1",
}
"""Encodings a person may choose, with the name shown."""

PUNCTUATION = frozenset(
    "　、。，；：？！“”‘’（）《》〈〉【】「」『』〔〕—…·￥％＋－／＊＃＆＠～０１２３４５６７８９㎡№×÷±°℃"
)
WESTERN_SIGNS = frozenset("£€©®°§–—“”‘’…•ª«»¿¡²³½¼¾ ´·¢¥±×ºµ™‰†")


@dataclass(frozen=True)
class Encoding:
    """The encoding found; `damaged` when a few bytes do not fit and are replaced by U+FFFD."""

    name: str
    damaged: bool = False

    @property
    def label(self) -> str:
        """The name shown to a person."""
        return LABELS.get(self.name, self.name)


def detect_encoding(path: Path) -> Encoding:
    """The encoding of the whole file, judged by its bytes alone."""
    with path.open("rb") as file:
        start = file.read(SAMPLE)
    if not start:
        raise UnreadableFile("empty")
    for bom, name in BOMS:
        if start.startswith(bom):
            return Encoding(name, damaged=not _decodes(path, name))
    if b"\0" in start and (wide := _detect_wide(start)):
        return Encoding(wide)
    if _looks_binary(start):
        raise UnreadableFile("not_a_table")
    if _decodes(path, "utf-8"):
        return Encoding("utf-8")
    return _detect_narrow(_sample_of_high_lines(path))


def _decodes(path: Path, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _detect_wide(start: bytes) -> str | None:
    """UTF-16 or UTF-32 without a byte order mark: zero bytes stand in fixed places."""
    start = start[: len(start) // 4 * 4] or start
    zeros = [start[place::4].count(0) / max(len(start[place::4]), 1) for place in range(4)]
    for name, places in (("utf-32-le", (2, 3)), ("utf-32-be", (0, 1))):
        if min(zeros[place] for place in places) > 0.95:
            return name
    scores = {name: _wide_score(start, name) for name in ("utf-16-le", "utf-16-be")}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] > 0.8 else None


def _wide_score(start: bytes, name: str) -> float:
    text = start[: len(start) // 2 * 2].decode(name, errors="replace")
    good = sum(
        1 for char in text if char in "\r\n\t" or " " <= char <= "ÿ" or _is_common_han(char) or char in PUNCTUATION
    )
    return good / max(len(text), 1)


def _looks_binary(start: bytes) -> bool:
    strange = sum(start.count(byte) for byte in (*range(9), *range(14, 27), *range(28, 32)))
    return strange > len(start) * 0.02


def _sample_of_high_lines(path: Path) -> bytes:
    """Up to 256 KB of lines that hold non-ASCII bytes, from anywhere in the file."""
    sample = bytearray()
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(CHUNK), b""):
            for line in (chunk + file.readline()).splitlines(keepends=True):
                if not line.isascii():
                    sample += line
            if len(sample) >= SAMPLE:
                break
    return bytes(sample)


def _detect_narrow(sample: bytes) -> Encoding:
    scores: dict[Encoding, float] = {}
    for name, judge in (
        ("gb18030", _han_score),
        ("cp950", _han_score),
        ("big5hkscs", _han_score),
        ("cp1252", _western_score),
    ):
        try:
            text, damaged = sample.decode(name), False
        except UnicodeDecodeError:
            text, damaged = sample.decode(name, errors="replace"), True
        scores[Encoding(name, damaged)] = judge(text) - (0.01 if name == "big5hkscs" else 0)
    scores[Encoding("utf-8", damaged=True)] = _utf8_score(sample)
    best = max(scores, key=lambda encoding: scores[encoding])
    if scores[best] < 0.3:
        raise UnreadableFile("encoding")
    return best


def _han_score(text: str) -> float:
    """Share of non-ASCII characters that are in daily use, minus a heavy price for impossible ones."""
    counts = Counter(char for char in text if char > "\x7f")
    total = sum(counts.values())
    if not total:
        return 0.0
    points = 0.0
    for char, count in counts.items():
        if _is_common_han(char) or char in PUNCTUATION or "Ａ" <= char <= "ｚ":
            points += count
        elif char == "\ufffd" or unicodedata.category(char) in {"Co", "Cn", "Cc", "Cs"}:
            points -= 4 * count
        elif not ("\u4e00" <= char <= "\u9fff"):
            points -= count * 0.5
    return points / total


def _western_score(text: str) -> float:
    """Accented letters inside words and common signs are right; high bytes side by side are another encoding's."""
    total = points = 0.0
    for place, char in enumerate(text):
        if char <= "\x7f":
            continue
        total += 1
        before = text[place - 1] if place else " "
        after = text[place + 1] if place + 1 < len(text) else " "
        lonely = before <= "\x7f" and after <= "\x7f"
        if char == "\ufffd" or unicodedata.category(char) == "Cc":
            points -= 4
        elif char.isalpha():
            points += 1 if lonely else -0.5
        elif char in WESTERN_SIGNS:
            points += 0.9 if lonely else 0.3
        else:
            points -= 0.5
    return points / total if total else 0.0


def _utf8_score(sample: bytes) -> float:
    """UTF-8 with a few damaged bytes (a cut or two files glued together) scores high, anything else low."""
    text = sample.decode("utf-8", errors="replace")
    high = sum(1 for char in text if char > "\x7f")
    return 1 - 10 * text.count("\ufffd") / high if high else 0.0


@cache
def _common_han() -> frozenset[str]:
    """Characters of GB 2312 level 1 and Big5 level 1: those in daily use, about 6,800."""
    simplified = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    traditional = (bytes((row, cell)) for row in range(0xA4, 0xC7) for cell in (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    common = {pair.decode("gb2312", errors="ignore") for pair in simplified}
    common |= {pair.decode("cp950", errors="ignore") for pair in traditional}
    return frozenset(char for char in common if len(char) == 1 and "\u4e00" <= char <= "\u9fff")


def _is_common_han(char: str) -> bool:
    return char in _common_han()
