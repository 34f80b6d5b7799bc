"""Ways to reach somebody."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class ChannelKind(models.TextChoices):
    """What sort of address a channel is."""

    PHONE = "phone", _("Phone")
    MOBILE = "mobile", _("Mobile")
    EMAIL = "email", _("Email")
    WECHAT = "wechat", _("WeChat")
    WECOM = "wecom", _("WeCom")
    DINGTALK = "dingtalk", _("DingTalk")
    FEISHU = "feishu", _("Feishu")
    LINKEDIN = "linkedin", _("LinkedIn")
    FAX = "fax", _("Fax")
    WEBSITE = "website", _("Web site")
    OTHER = "other", _("Other")


class Channel(models.Model):
    """One way to reach an account or a person: a number, an address, a handle."""

    kind = models.CharField(_("kind"), max_length=10, choices=ChannelKind.choices)
    label = models.CharField(_("label"), max_length=30, blank=True, help_text=_("Work, home, reception …"))
    value = models.CharField(_("value"), max_length=254)
    # What two spellings of one number or address have in common: no blanks, hyphens, brackets, plus; lower case.
    compact = models.GeneratedField(
        expression=Lower(
            Func(F("value"), Value(r"[\s\-+().]"), Value(""), Value("g"), function="regexp_replace"),
        ),
        output_field=models.CharField(max_length=254),
        db_persist=True,
    )

    class Meta:
        abstract = True
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.value
