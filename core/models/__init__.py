"""The tables of core, one file each."""

from core.models.api_token import ApiToken
from core.models.attachment import Attachment
from core.models.audit_event import AuditEvent
from core.models.calendar_feed import CalendarFeed
from core.models.channel import Channel, ChannelKind
from core.models.comment import Comment, CommentReceiver, Follow, OfRecord
from core.models.day import WorkDay
from core.models.idempotency_key import IdempotencyKey
from core.models.import_job import ImportJob, ImportMapping, ImportState
from core.models.job_run import JobRun, JobState
from core.models.searchable import Searchable
from core.models.team import Team
from core.models.user import Role, User
from core.models.versioned import Versioned

__all__ = [
    "ApiToken",
    "Attachment",
    "AuditEvent",
    "CalendarFeed",
    "Channel",
    "ChannelKind",
    "Comment",
    "CommentReceiver",
    "Follow",
    "IdempotencyKey",
    "ImportJob",
    "ImportMapping",
    "ImportState",
    "JobRun",
    "JobState",
    "OfRecord",
    "Role",
    "Searchable",
    "Team",
    "User",
    "Versioned",
    "WorkDay",
]
