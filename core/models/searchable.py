"""The stored columns search reads."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Searchable(models.Model):
    """A row found by name, code, full pinyin or initials. The four columns are filled by `core.search.search_columns`.

    `search_grams` holds the lower-cased one- and two-character pieces of every name, because trigrams cannot serve
    a two-character Chinese word. `sort_name` orders Chinese by pinyin and Latin without regard to case.
    """

    sort_name = models.CharField(max_length=200, editable=False, default="")
    search_grams = ArrayField(models.CharField(max_length=2), editable=False, default=list)
    search_pinyin = models.CharField(max_length=600, editable=False, default="")
    search_initials = models.CharField(max_length=200, editable=False, default="")

    class Meta:
        abstract = True
        indexes: ClassVar = [
            GinIndex(fields=["search_grams"], name="%(class)s_grams"),
            GinIndex(fields=["search_pinyin"], name="%(class)s_pinyin", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["search_initials"], name="%(class)s_initials", opclasses=["text_pattern_ops"]),
            models.Index(fields=["sort_name", "id"], name="%(class)s_by_name"),
        ]
