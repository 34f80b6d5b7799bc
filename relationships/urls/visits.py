"""Addresses of visits. Planning and recording one stand with the prospects it may be about (`prospects.urls`)."""

from django.urls import path

from relationships.views import cadence, calendar, campaign_accounts, campaigns, findings, visits, week

app_name = "visits"
urlpatterns = [
    path("", visits.list_visits, name="list_visits"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/visits/", calendar.calendar_visits_of, name="calendar_visits"),
    path("week/", week.week, name="week"),
    path("week/plan/", week.plan_candidate, name="plan_candidate"),
    path("campaigns/", campaigns.list_campaigns, name="list_campaigns"),
    path("campaigns/new/", campaigns.add_campaign, name="add_campaign"),
    path("campaigns/choose/", campaign_accounts.choose_campaign, name="choose_campaign"),
    path("campaigns/<int:campaign_id>/", campaigns.campaign, name="campaign"),
    path("campaigns/<int:campaign_id>/edit/", campaigns.edit_campaign, name="edit_campaign"),
    path("campaigns/<int:campaign_id>/accounts/", campaigns.add_targets, name="add_targets"),
    path("campaigns/<int:campaign_id>/accounts/<int:account_id>/", campaigns.assign_target, name="assign_target"),
    path(
        "campaigns/<int:campaign_id>/accounts/<int:account_id>/remove/", campaigns.remove_target, name="remove_target"
    ),
    path("campaigns/<int:campaign_id>/close/", campaigns.close_campaign, name="close_campaign"),
    path("neglected/", cadence.list_neglected, name="list_neglected"),
    path("settings/", cadence.settings, name="settings"),
    path("at/<int:account_id>/year/", cadence.account_year, name="account_year"),
    path("at/<int:account_id>/", visits.account_visits_panel, name="account_panel"),
    path("at/<int:account_id>/landmines/", findings.landmines, name="landmines"),
    path("at/<int:account_id>/landmines/new/", findings.lay_landmine, name="lay_landmine"),
    path("landmines/<int:landmine_id>/clear/", findings.clear_landmine, name="clear_landmine"),
    path("<int:visit_id>/", visits.visit, name="visit"),
    path("<int:visit_id>/edit/", visits.edit_visit, name="edit_visit"),
    path("<int:visit_id>/move/", visits.move_visit, name="move_visit"),
    path("<int:visit_id>/hand-over/", visits.hand_over_visit, name="hand_over_visit"),
    path("<int:visit_id>/cancel/", visits.cancel_visit, name="cancel_visit"),
    path("<int:visit_id>/settle/", visits.settle_next_step, name="settle_next_step"),
    path("<int:visit_id>/reopen-step/", visits.reopen_next_step, name="reopen_next_step"),
]
