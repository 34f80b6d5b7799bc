"""Addresses of comments: those of a record, and one by itself."""

from django.urls import URLPattern, path

from core.comments import views

urlpatterns: list[URLPattern] = [
    path("<int:comment_id>/", views.comment, name="comment"),
    path("followed/<int:follow_id>/", views.followed, name="followed"),
    path("<int:comment_id>/edit/", views.edit_comment, name="edit_comment"),
    path("<int:comment_id>/remove/", views.remove_comment, name="remove_comment"),
    path("<str:record_type>/<int:record_id>/", views.comments, name="comments"),
    path("<str:record_type>/<int:record_id>/people/", views.pick_mention, name="pick_mention"),
    path("<str:record_type>/<int:record_id>/follow/", views.follow_record, name="follow_record"),
]
