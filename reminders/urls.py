"""Addresses of reminders."""

from django.urls import path

from reminders.views import bell, inbox, ledger, links, own, rules

app_name = "reminders"
urlpatterns = [
    path("", inbox.list_reminders, name="list_reminders"),
    path("bell/", bell.bell, name="bell"),
    path("bell/count/", bell.count_unread, name="count_unread"),
    path("link/<str:token>/", links.follow_link, name="follow_link"),
    path("<int:occurrence_id>/", bell.reminder, name="reminder"),
    path("<int:occurrence_id>/open/", bell.open_reminder, name="open_reminder"),
    path("<int:occurrence_id>/finish/", bell.finish_reminder, name="finish_reminder"),
    path("<int:occurrence_id>/acknowledge/", bell.acknowledge_reminder, name="acknowledge_reminder"),
    path("<int:occurrence_id>/snooze/", bell.snooze_reminder, name="snooze_reminder"),
    path("<int:occurrence_id>/hand-over/", bell.hand_over_reminder, name="hand_over_reminder"),
    path("<int:occurrence_id>/take-back/", bell.take_back, name="take_back"),
    path("settings/", own.preferences, name="preferences"),
    path("settings/hours/", own.set_quiet_hours, name="set_quiet_hours"),
    path("settings/rules/", own.set_preferences, name="set_preferences"),
    path("settings/absences/new/", own.add_absence, name="add_absence"),
    path("settings/absences/<int:absence_id>/end/", own.end_absence, name="end_absence"),
    path("settings/chats/new/", own.add_chat_address, name="add_chat_address"),
    path("settings/chats/<int:address_id>/test/", own.try_chat_address, name="try_chat_address"),
    path("settings/chats/<int:address_id>/remove/", own.remove_chat_address, name="remove_chat_address"),
    path("settings/browsers/new/", own.add_browser, name="add_browser"),
    path("settings/browsers/<int:browser_id>/test/", own.try_browser, name="try_browser"),
    path("settings/browsers/<int:browser_id>/remove/", own.remove_browser, name="remove_browser"),
    path("settings/mail/test/", own.try_mail, name="try_mail"),
    path("rules/", rules.list_rules, name="list_rules"),
    path("rules/<str:rule>/", rules.set_rule, name="set_rule"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/<int:occurrence_id>/", ledger.trace, name="trace"),
    path("ledger/<int:occurrence_id>/retry/", ledger.retry_occurrence, name="retry_occurrence"),
]
