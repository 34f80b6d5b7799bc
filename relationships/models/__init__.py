"""People at accounts, what they are there, and when we meet them."""

from relationships.models.campaigns import CampaignTarget, VisitCampaign, VisitCampaignQuerySet
from relationships.models.findings import Finding, Landmine
from relationships.models.people import Contact, ContactChannel, ContactQuerySet, Position, PositionQuerySet
from relationships.models.profiles import PersonalProfile
from relationships.models.settings import RHYTHM, ContactRule
from relationships.models.visits import Visit, VisitAttendee, VisitQuerySet

__all__ = [
    "RHYTHM",
    "CampaignTarget",
    "Contact",
    "ContactChannel",
    "ContactQuerySet",
    "ContactRule",
    "Finding",
    "Landmine",
    "PersonalProfile",
    "Position",
    "PositionQuerySet",
    "Visit",
    "VisitAttendee",
    "VisitCampaign",
    "VisitCampaignQuerySet",
    "VisitQuerySet",
]
