"""/api/v1/prospects/, /tallies/ and their reports: the same queries and actions as the pages."""

from prospects.api.board import BoardReport
from prospects.api.numbers import NumbersReport, TallyView
from prospects.api.prospects import ProspectViewSet

__all__ = ["BoardReport", "NumbersReport", "ProspectViewSet", "TallyView"]
