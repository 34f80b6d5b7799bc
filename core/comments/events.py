"""What happens to comments, in words. Their own words stay out of the trail, which nobody can take anything back from."""

from django.utils.translation import gettext_lazy as _

from core.audit import event_type

COMMENT_WRITTEN = event_type("core.comment_written", _("A comment about {name} was written"), icon="message")
COMMENT_EDITED = event_type("core.comment_edited", _("A comment about {name} was changed"), icon="message")
COMMENT_REMOVED = event_type(
    "core.comment_removed", _("A comment of {author} about {name} was removed"), icon="message-off"
)
