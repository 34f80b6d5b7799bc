"""/api/v1/contacts/, /positions/ and /visits/: the same queries and actions as the pages."""

from relationships.api.people import ContactViewSet, PositionViewSet
from relationships.api.visits import VisitViewSet

__all__ = ["ContactViewSet", "PositionViewSet", "VisitViewSet"]
