"""/api/v1/: collection-cases (with the queue), collection-calls, promises, letters."""

from dunning.api.messages import MessageViewSet
from dunning.api.work import CallViewSet, CaseViewSet, PromiseViewSet

__all__ = ["CallViewSet", "CaseViewSet", "MessageViewSet", "PromiseViewSet"]
