"""/api/v1/: collection-cases (with the queue), collection-calls, promises."""

from dunning.api.work import CallViewSet, CaseViewSet, PromiseViewSet

__all__ = ["CallViewSet", "CaseViewSet", "PromiseViewSet"]
