"""What imports leave on the trail."""

from django.utils.translation import gettext_lazy as _

from core.audit import event_type

RECORD_CREATED = event_type(
    "imports.record_created", _("{name} came with the import of {file}, row {row}"), icon="file-import"
)
RECORD_UPDATED = event_type(
    "imports.record_updated", _("{name} was updated by the import of {file}, row {row}"), icon="file-import"
)
IMPORT_DONE = event_type(
    "imports.done",
    _("imported {file}: {created} created, {updated} updated, {unchanged} unchanged, {refused} refused"),
    icon="file-import",
)
