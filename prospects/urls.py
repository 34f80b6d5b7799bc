"""Addresses of the board and its prospects."""

from django.urls import path

from prospects.views import board, changes, dashboard, lists, numbers, prospect, review, settings, visits

app_name = "prospects"
urlpatterns = [
    path("", lists.list_prospects, name="list_prospects"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/reviews/", dashboard.discipline, name="discipline"),
    path("board/", board.board, name="board"),
    path("board/<str:letter>/", board.column, name="column"),
    path("review/", review.review, name="review"),
    path("review/<int:prospect_id>/", review.review_prospect, name="review_prospect"),
    path("settings/", settings.settings, name="settings"),
    path("settings/norms/", settings.set_norms, name="set_norms"),
    path("settings/criteria/", settings.set_criteria, name="set_criteria"),
    path("settings/clocks/", settings.set_board_rule, name="set_board_rule"),
    path("numbers/", numbers.numbers, name="numbers"),
    path("numbers/today/", numbers.counters, name="counters"),
    path("numbers/<str:counter>/tap/", numbers.tap_counter, name="tap_counter"),
    path("numbers/<str:counter>/take-back/", numbers.take_back_tap, name="take_back_tap"),
    path("new/", changes.add_prospect, name="add_prospect"),
    path("visits/record/", visits.record_visit, name="record_visit"),
    path("visits/plan/", visits.plan_visit, name="plan_visit"),
    path("visits/<int:visit_id>/record/", visits.record_planned_visit, name="record_planned_visit"),
    path("visits/<int:visit_id>/prospects/", visits.visit_prospects, name="visit_prospects"),
    path("of-account/<int:account_id>/", prospect.account_panel, name="account_panel"),
    path("<int:prospect_id>/", prospect.prospect, name="prospect"),
    path("<int:prospect_id>/follow-up/", visits.follow_up, name="follow_up"),
    path("<int:prospect_id>/edit/", changes.edit_prospect, name="edit_prospect"),
    path("<int:prospect_id>/plan/", changes.plan_next_step, name="plan_next_step"),
    path("<int:prospect_id>/move/", changes.move_prospect, name="move_prospect"),
    path("<int:prospect_id>/close/", changes.close_prospect, name="close_prospect"),
    path("<int:prospect_id>/reopen/", changes.reopen_prospect, name="reopen_prospect"),
    path("<int:prospect_id>/transfer/", changes.transfer_prospect, name="transfer_prospect"),
    path("<int:prospect_id>/criteria/<str:criterion>/", changes.tick_criterion, name="tick_criterion"),
    path("<int:prospect_id>/criteria/<str:criterion>/withdraw/", changes.withdraw_criterion, name="withdraw_criterion"),
]
