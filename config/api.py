"""/api/v1/: every app's resources, one line each, and their description."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

import core.api.schema  # noqa: F401  describes signing in and refusals
from accounts.api import AccountViewSet
from core.api.errors import unknown_address
from core.api.people import TeamViewSet, UserViewSet
from core.imports.api import ImportViewSet
from prospects.api import BoardReport, ProspectViewSet
from receivables.api import (
    AllocationViewSet,
    CauseViewSet,
    ContractViewSet,
    CreditNoteViewSet,
    DisputeViewSet,
    InvoiceViewSet,
    PaymentViewSet,
    SupplyHoldViewSet,
    WriteOffViewSet,
)
from relationships.api import ContactViewSet, PositionViewSet

router = SimpleRouter()
router.register("users", UserViewSet, basename="user")
router.register("teams", TeamViewSet, basename="team")
router.register("accounts", AccountViewSet, basename="account")
router.register("contacts", ContactViewSet, basename="contact")
router.register("positions", PositionViewSet, basename="position")
router.register("prospects", ProspectViewSet, basename="prospect")
router.register("contracts", ContractViewSet, basename="contract")
router.register("invoices", InvoiceViewSet, basename="invoice")
router.register("payments", PaymentViewSet, basename="payment")
router.register("credit-notes", CreditNoteViewSet, basename="credit-note")
router.register("allocations", AllocationViewSet, basename="allocation")
router.register("write-offs", WriteOffViewSet, basename="write-off")
router.register("disputes", DisputeViewSet, basename="dispute")
router.register("causes", CauseViewSet, basename="cause")
router.register("supply-holds", SupplyHoldViewSet, basename="supply-hold")
router.register("imports", ImportViewSet, basename="import")

urlpatterns = [
    path("v1/reports/board/", BoardReport.as_view(), name="board-report"),
    path("v1/", include((router.urls, "api"))),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api-schema", template_name="core/api_docs.html"),
        name="api-docs",
    ),
    re_path("", unknown_address),
]
