"""What happens to files, in words."""

from django.utils.translation import gettext_lazy as _

from core.audit import event_type

FILE_ADDED = event_type("core.file_added", _("{file} was added to {name}"), icon="paperclip")
FILE_REMOVED = event_type("core.file_removed", _("{file} was removed from {name}"), icon="trash")
