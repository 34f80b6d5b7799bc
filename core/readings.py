"""How a name reads in Latin letters: pinyin for Chinese, plain letters for the rest.

pypinyin reads phrases rightly (重庆 chong qing, 银行 yin hang) but takes 75 µs a name and 60 MB. Here its dictionaries are
boiled down once, on first use, to one reading a character and the 3,000 phrases that read otherwise.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from operator import add
from pathlib import Path
from typing import Any

LONGEST = 4  # characters of the phrases looked up
FIRST_WIDE = "\u2e80"  # from here on a character is a word or syllable by itself: Chinese, Japanese, Korean
NAME_END = "\x1f"  # stands between the names in a search column; never typed, removed from what is typed

# Surnames that read otherwise than the word does.
SURNAMES = {
    "万俟": "mo qi", "尉迟": "yu chi", "长孙": "zhang sun", "单于": "chan yu", "澹台": "tan tai", "乐正": "yue zheng", "仇": "qiu",
    "单": "shan", "曾": "zeng", "解": "xie", "查": "zha", "朴": "piao", "区": "ou", "盖": "ge", "缪": "miao", "翟": "zhai", "折": "she",
    "乐": "yue", "洗": "xian", "覃": "qin", "黑": "he", "繁": "po", "员": "yun", "贠": "yun", "祭": "zhai", "召": "shao", "句": "gou",
    "种": "chong", "隗": "wei", "郇": "xun", "秘": "bi", "阚": "kan", "佴": "nai", "牟": "mu", "卜": "bu", "薄": "bo",
}  # fmt: skip


def fold(text: str) -> str:
    """One form of what may be written in several: width, case, blanks; control characters go."""
    if not text.isascii() and not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    text = text.casefold()
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(text.split())


def fold_letters(text: str) -> str:
    """Folded text without accents: Müller and muller are the same to a searcher."""
    if text.isascii():
        return text
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def reading(text: str, *, person: bool = False) -> str:
    """A folded text in Latin letters, Chinese syllables set apart by blanks: "华为tech" → "hua wei tech"."""
    if text.isascii():
        return text
    if person and len(text) <= LONGEST:
        for length in (2, 1):
            if surname := SURNAMES.get(text[:length]):
                return f"{surname} {reading(text[length:])}".strip()
    return " ".join(_pieces(text))


def initials(read: str) -> str:
    """The first letters of a reading's words: "hua wei ji shu" → "hwjs"."""
    return "".join([word[0] for word in read.split()])


def _pieces(text: str) -> list[str]:
    """Syllables of Chinese characters, other letters in one piece each run; blanks and signs between them gone."""
    single, phrases, beginnings = _dictionaries()
    if beginnings.isdisjoint(map(add, text, text[1:])):
        try:
            return [single[char] for char in text]
        except KeyError:
            return _mixed_pieces(text, {}, frozenset())
    return _mixed_pieces(text, phrases, beginnings)


def _mixed_pieces(text: str, phrases: dict[str, tuple[str, ...]], beginnings: frozenset[str]) -> list[str]:
    single = _dictionaries()[0]
    pieces: list[str] = []
    run: list[str] = []
    place = 0
    while place < len(text):
        char = text[place]
        if char not in single and char.isalnum():
            run.append(char)
            place += 1
            continue
        if run:
            pieces.append(fold_letters("".join(run)))
            run.clear()
        phrase = _phrase_at(text, place, phrases) if text[place : place + 2] in beginnings else ""
        if phrase:
            pieces += phrases[phrase]
        elif char in single:
            pieces.append(single[char])
        place += len(phrase) or 1
    if run:
        pieces.append(fold_letters("".join(run)))
    return pieces


def _phrase_at(text: str, place: int, phrases: dict[str, tuple[str, ...]]) -> str:
    for length in range(LONGEST, 1, -1):
        if (piece := text[place : place + length]) in phrases:
            return piece
    return ""


@lru_cache(maxsize=1)
def _dictionaries() -> tuple[dict[str, str], dict[str, tuple[str, ...]], frozenset[str]]:
    """(reading of each character, phrases that read otherwise, the two characters each of them begins with)."""
    single = {chr(int(code)): _plain(sounds.partition(",")[0]) for code, sounds in _table("pinyin_dict").items()}
    phrases: dict[str, tuple[str, ...]] = {}
    for phrase, sounds in _table("phrases_dict").items():
        if len(phrase) > LONGEST or len(sounds) != len(phrase):
            continue
        read = tuple(_plain(sound[0]) for sound in sounds)
        if any(single.get(char) != syllable for char, syllable in zip(phrase, read, strict=True)):
            phrases[phrase] = read
    return single, phrases, frozenset(phrase[:2] for phrase in phrases)


def _table(name: str) -> dict[str, Any]:
    """One of the dictionaries that pypinyin carries as JSON, read past the package, so that its memory is given back."""
    spec = find_spec("pypinyin")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("pypinyin")
    content = (Path(spec.submodule_search_locations[0]) / f"{name}.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(content)
    return table


@lru_cache(maxsize=4_000)
def _plain(sound: str) -> str:
    """A syllable without its tone; ü is v, as it is typed."""
    letters = unicodedata.normalize("NFD", sound).replace("u\u0308", "v")
    return sys.intern("".join(char for char in letters if not unicodedata.combining(char)))
