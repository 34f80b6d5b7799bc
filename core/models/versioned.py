"""Noticing a newer edit."""

from django.db import models


class Versioned(models.Model):
    """A row that people edit. `version` grows by one with every edit, so that an edit over someone's newer one is noticed."""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
