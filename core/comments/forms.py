"""What is typed into a comment."""

from __future__ import annotations

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _


class CommentForm(forms.Form):
    """The words, and who is meant where colleagues share a name."""

    text = forms.CharField(
        label=_("Comment"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 2})
    )  # whether there are any, and how many, the action says

    @property
    def mentions(self) -> list[int]:
        """Ids as the list of colleagues left them."""
        given = self.data.getlist("mentions") if isinstance(self.data, MultiValueDict) else []
        return [int(pk) for pk in given[:100] if pk.isascii() and pk.isdigit() and len(pk) < 19]
