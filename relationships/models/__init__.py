"""People at accounts, what they are there, and when we meet them."""

from relationships.models.people import Contact, ContactChannel, ContactQuerySet, Position, PositionQuerySet
from relationships.models.settings import ContactRule
from relationships.models.visits import Visit, VisitAttendee, VisitQuerySet

__all__ = [
    "Contact",
    "ContactChannel",
    "ContactQuerySet",
    "ContactRule",
    "Position",
    "PositionQuerySet",
    "Visit",
    "VisitAttendee",
    "VisitQuerySet",
]
