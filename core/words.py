"""Words one after another, as each language writes them."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def listed(words: Iterable[object]) -> str:
    """a, b, c; in Chinese 甲、乙、丙."""
    return pgettext("between things in a list", ", ").join(map(str, words))


def parted(sentences: Iterable[object]) -> str:
    """What holds commas itself: a, b; c; in Chinese 甲、乙；丙."""
    return pgettext("between things that hold commas", "; ").join(map(str, sentences))
