"""The team tree."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Team(models.Model):
    """One node of the sales organisation (K14). A manager sees the rows of his team and of every team below it.

    `path` lists the ids from the root down to this team, "/1/4/9/", so that a subtree is one prefix look-up.
    It is kept by `core.teams`, never by hand.
    """

    name = models.CharField(_("name"), max_length=100)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent team")
    )
    path = models.CharField(max_length=500, editable=False, default="")

    class Meta:
        ordering: ClassVar = ["path"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["parent", "name"], name="team_name_once_per_parent", nulls_distinct=False),
        ]
        indexes: ClassVar = [models.Index(fields=["path"], name="team_subtree", opclasses=["text_pattern_ops"])]

    def __str__(self) -> str:
        return self.name
