"""Addresses of visits. Planning and recording one stand with the prospects it may be about (`prospects.urls`)."""

from django.urls import path

from relationships.views import visits

app_name = "visits"
urlpatterns = [
    path("", visits.list_visits, name="list_visits"),
    path("at/<int:account_id>/", visits.account_visits_panel, name="account_panel"),
    path("<int:visit_id>/", visits.visit, name="visit"),
    path("<int:visit_id>/edit/", visits.edit_visit, name="edit_visit"),
    path("<int:visit_id>/move/", visits.move_visit, name="move_visit"),
    path("<int:visit_id>/cancel/", visits.cancel_visit, name="cancel_visit"),
    path("<int:visit_id>/settle/", visits.settle_next_step, name="settle_next_step"),
]
