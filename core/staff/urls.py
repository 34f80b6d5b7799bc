"""Addresses of the settings about people."""

from django.urls import URLPattern, path

from core.staff.views import own, teams, users

urlpatterns: list[URLPattern] = [
    path("", own.settings, name="settings"),
    path("profile/", own.profile, name="profile"),
    path("security/", own.security, name="security"),
    path("security/end-other-sessions/", own.end_other_sessions, name="end_other_sessions"),
    path("tokens/", own.list_tokens, name="list_tokens"),
    path("tokens/<int:token_id>/revoke/", own.revoke_token, name="revoke_token"),
    path("calendar-feed/", own.calendar_feed, name="calendar_feed"),
    path("calendar-feed/revoke/", own.revoke_calendar_feed, name="revoke_calendar_feed"),
    path("users/", users.list_users, name="list_users"),
    path("users/new/", users.add_user, name="add_user"),
    path("users/<int:user_id>/", users.user, name="user"),
    path("users/<int:user_id>/invite/", users.invite_user, name="invite_user"),
    path("users/<int:user_id>/deactivate/", users.deactivate_user, name="deactivate_user"),
    path("users/<int:user_id>/activate/", users.activate_user, name="activate_user"),
    path("teams/", teams.list_teams, name="list_teams"),
    path("teams/new/", teams.add_team, name="add_team"),
    path("teams/<int:team_id>/", teams.edit_team, name="edit_team"),
    path("teams/<int:team_id>/remove/", teams.remove_team, name="remove_team"),
]
