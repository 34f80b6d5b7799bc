"""Every address of the product, one line an app."""

from django.conf import settings
from django.urls import include, path

from core.health import healthz
from core.metrics import metrics

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    path("", include("desk.urls")),
    path("auth/", include("allauth.urls")),
    path("accounts/", include("accounts.urls")),
    path("contacts/", include("relationships.urls")),
    path("visits/", include("relationships.urls.visits")),
    path("prospects/", include("prospects.urls")),
    path("receivables/", include("receivables.urls")),
    path("collections/", include("dunning.urls")),
    path("reminders/", include("reminders.urls")),
    path("api/", include("config.api")),
    path("", include("core.urls")),
]

handler400 = "core.views.bad_request"
handler403 = "core.views.forbidden"
handler404 = "core.views.not_found"
handler500 = "core.views.server_error"

if settings.DEBUG:
    urlpatterns += [path("gallery/", include("core.gallery"))]
