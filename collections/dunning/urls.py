"""The addresses of collecting."""

from django.urls import path

from dunning.views import call, changes, lists, queue, settings

app_name = "dunning"

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("start/", queue.start_calling, name="start_calling"),
    path("assign/", queue.assign_cases, name="assign_cases"),
    path("promises/", lists.list_promises, name="promises"),
    path("calls/", lists.list_calls, name="calls"),
    path("settings/", settings.settings, name="settings"),
    path("of-account/<int:account_id>/", lists.account_panel, name="account_panel"),
    path("<int:account_id>/", call.call, name="call"),
    path("<int:account_id>/log/", call.log_call, name="log_call"),
    path("<int:account_id>/claim/", queue.claim_case, name="claim_case"),
    path("<int:account_id>/release/", queue.release_case, name="release_case"),
    path("<int:account_id>/next/", queue.next_case, name="next_case"),
    path("<int:account_id>/edit/", changes.edit_case, name="edit_case"),
    path("<int:account_id>/hold/", changes.pause_case, name="pause_case"),
    path("<int:account_id>/go-on/", changes.resume_case, name="resume_case"),
    path("<int:account_id>/papers/", changes.fix_papers, name="fix_papers"),
]
