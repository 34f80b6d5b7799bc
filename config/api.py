"""/api/v1/: every app's resources, one line each, and their description."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

import core.api.schema  # noqa: F401  describes signing in and refusals
from accounts.api import AccountViewSet
from core.api.errors import unknown_address
from core.api.people import TeamViewSet, UserViewSet
from core.api.reference import OnceGenerator
from core.api.views import api_reference, api_resource, try_operation
from core.comments.api import CommentViewSet, FollowViewSet
from core.files.api import FileViewSet
from core.imports.api import ImportViewSet
from desk.api import BriefPdfView, BriefView
from dunning.api import CallViewSet, CaseViewSet, ExcuseViewSet, MessageViewSet, PromiseViewSet
from prospects.api import BoardReport, NumbersReport, ProspectViewSet, TallyView
from receivables.api import (
    AgeingReport,
    AllocationViewSet,
    CauseViewSet,
    ContractViewSet,
    CreditNoteViewSet,
    DisputeViewSet,
    InvoiceViewSet,
    PaymentViewSet,
    ReceivablesReport,
    StatementReport,
    SupplyHoldViewSet,
    WriteOffViewSet,
)
from relationships.api import CampaignViewSet, ContactViewSet, PositionViewSet, VisitViewSet
from reminders.api import ReminderPreferenceViewSet, ReminderViewSet

router = SimpleRouter()
router.register("users", UserViewSet, basename="user")
router.register("teams", TeamViewSet, basename="team")
router.register("accounts", AccountViewSet, basename="account")
router.register("contacts", ContactViewSet, basename="contact")
router.register("positions", PositionViewSet, basename="position")
router.register("visits", VisitViewSet, basename="visit")
router.register("campaigns", CampaignViewSet, basename="campaign")
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
router.register("collection-cases", CaseViewSet, basename="collection-case")
router.register("collection-calls", CallViewSet, basename="collection-call")
router.register("promises", PromiseViewSet, basename="promise")
router.register("letters", MessageViewSet, basename="letter")
router.register("excuses", ExcuseViewSet, basename="excuse")
router.register("reminders", ReminderViewSet, basename="reminder")
router.register("reminder-preferences", ReminderPreferenceViewSet, basename="reminder-preference")
router.register("comments", CommentViewSet, basename="comment")
router.register("files", FileViewSet, basename="file")
router.register("follows", FollowViewSet, basename="follow")
router.register("imports", ImportViewSet, basename="import")

urlpatterns = [
    path("v1/reports/board/", BoardReport.as_view(), name="board-report"),
    path("v1/reports/numbers/", NumbersReport.as_view(), name="numbers-report"),
    path("v1/tallies/", TallyView.as_view(), name="tallies"),
    path("v1/reports/ageing/", AgeingReport.as_view(), name="ageing-report"),
    path("v1/reports/receivables/", ReceivablesReport.as_view(), name="receivables-report"),
    path("v1/reports/statement/", StatementReport.as_view(), name="statement-report"),
    path("v1/visits/<int:pk>/brief/", BriefView.as_view(), name="visit-brief"),
    path("v1/visits/<int:pk>/brief.pdf", BriefPdfView.as_view(), name="visit-brief-pdf"),
    path("v1/", include((router.urls, "api"))),
    path("schema/", SpectacularAPIView.as_view(generator_class=OnceGenerator), name="api-schema"),
    path("docs/", api_reference, name="api-docs"),
    path("docs/try/<str:operation>/", try_operation, name="api-try"),
    path("docs/<slug:resource>/", api_resource, name="api-resource"),
    re_path("", unknown_address),
]
