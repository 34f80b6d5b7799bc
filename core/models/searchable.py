"""Columns that let a name be found by any part of it, in characters, pinyin or initials."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Searchable(models.Model):
    """A row found by name, code, full pinyin or initials. The columns are filled by `core.search.search_columns`.

    `search_grams` holds the one- and two-character pieces of what is written in Chinese, because trigrams cannot serve
    a two-character word; `search_pinyin` how everything reads, in Latin letters, for trigrams; `search_text` the names
    themselves, folded, to look again at what the pieces found and to rank it. `sort_name` orders Chinese by pinyin and
    Latin without regard to case; its byte order is the same on every server, so that prefixes use its index.
    """

    sort_name = models.CharField(max_length=200, editable=False, default="", db_collation="C")
    search_grams = ArrayField(models.CharField(max_length=2), editable=False, default=list)
    search_pinyin = models.TextField(editable=False, default="")
    search_initials = models.CharField(max_length=200, editable=False, default="", db_collation="C")
    search_text = models.TextField(editable=False, default="")

    class Meta:
        abstract = True
        indexes: ClassVar = [
            GinIndex(fields=["search_grams"], name="%(class)s_grams"),
            GinIndex(fields=["search_pinyin"], name="%(class)s_pinyin", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["search_initials"], name="%(class)s_initials"),
            models.Index(fields=["sort_name", "id"], name="%(class)s_by_name"),
        ]
