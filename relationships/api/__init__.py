"""/api/v1/contacts/, /positions/, /visits/ and /campaigns/: the same queries and actions as the pages."""

from relationships.api.campaigns import CampaignViewSet
from relationships.api.people import ContactViewSet, PositionViewSet
from relationships.api.visits import VisitViewSet

__all__ = ["CampaignViewSet", "ContactViewSet", "PositionViewSet", "VisitViewSet"]
