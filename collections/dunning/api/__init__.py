"""/api/v1/: collection-cases (with the queue), collection-calls, promises, letters, excuses."""

from dunning.api.excuses import ExcuseViewSet
from dunning.api.messages import MessageViewSet
from dunning.api.work import CallViewSet, CaseViewSet, PromiseViewSet

__all__ = ["CallViewSet", "CaseViewSet", "ExcuseViewSet", "MessageViewSet", "PromiseViewSet"]
