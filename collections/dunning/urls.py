"""The addresses of collecting."""

from django.urls import path

from dunning.views import call, changes, ladder, lists, messages, queue, settings, statement

app_name = "dunning"

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("start/", queue.start_calling, name="start_calling"),
    path("assign/", queue.assign_cases, name="assign_cases"),
    path("promises/", lists.list_promises, name="promises"),
    path("promises/<int:promise_id>/letter/", lists.confirmation, name="confirmation"),
    path("calls/", lists.list_calls, name="calls"),
    path("settings/", settings.settings, name="settings"),
    path("ladder/", ladder.ladder, name="ladder"),
    path("ladder/new/", ladder.add_step, name="add_step"),
    path("ladder/preview/", ladder.preview_step, name="preview_step"),
    path("ladder/pdf/", ladder.step_pdf, name="step_pdf"),
    path("ladder/<int:step_id>/", ladder.edit_step, name="edit_step"),
    path("ladder/<int:step_id>/retire/", ladder.retire_step, name="retire_step"),
    path("letters/", messages.messages, name="messages"),
    path("letters/propose/", messages.propose_messages, name="propose_messages"),
    path("letters/approve/", messages.approve_messages, name="approve_messages"),
    path("letters/print/", messages.print_letters, name="print_letters"),
    path("letters/printed.pdf", messages.print_bundle, name="print_bundle"),
    path("letters/posted/", messages.post_letters, name="post_letters"),
    path("letters/<int:message_id>/", messages.message, name="message"),
    path("letters/<int:message_id>/pages/", messages.message_pages, name="message_pages"),
    path("letters/<int:message_id>/letter.pdf", messages.message_pdf, name="message_pdf"),
    path("letters/<int:message_id>/edit/", messages.edit_message, name="edit_message"),
    path("letters/<int:message_id>/skip/", messages.skip_message, name="skip_message"),
    path("letters/<int:message_id>/approve/", messages.approve_message, name="approve_message"),
    path("letters/<int:message_id>/again/", messages.retry_message, name="retry_message"),
    path("letters/<int:message_id>/arrived/", messages.record_arrival, name="record_arrival"),
    path("of-account/<int:account_id>/", lists.account_panel, name="account_panel"),
    path("<int:account_id>/", call.call, name="call"),
    path("<int:account_id>/statement/", statement.statement, name="statement"),
    path("<int:account_id>/statement.pdf", statement.statement_pdf, name="statement_pdf"),
    path("<int:account_id>/supply/", messages.answer_hold, name="answer_hold"),
    path("<int:account_id>/log/", call.log_call, name="log_call"),
    path("<int:account_id>/claim/", queue.claim_case, name="claim_case"),
    path("<int:account_id>/release/", queue.release_case, name="release_case"),
    path("<int:account_id>/next/", queue.next_case, name="next_case"),
    path("<int:account_id>/edit/", changes.edit_case, name="edit_case"),
    path("<int:account_id>/hold/", changes.pause_case, name="pause_case"),
    path("<int:account_id>/go-on/", changes.resume_case, name="resume_case"),
    path("<int:account_id>/papers/", changes.fix_papers, name="fix_papers"),
]
