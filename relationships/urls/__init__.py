"""Addresses of people at accounts."""

from django.urls import path

from relationships.views import changes, lists, profiles, record

app_name = "relationships"
urlpatterns = [
    path("", lists.list_contacts, name="list_contacts"),
    path("new/", changes.add_contact, name="add_contact"),
    path("birthdays/", profiles.list_birthdays, name="list_birthdays"),
    path("similar/", lists.list_similar_contacts, name="list_similar_contacts"),
    path("at/<int:account_id>/", lists.account_panel, name="account_panel"),
    path("<int:contact_id>/", record.contact, name="contact"),
    path("<int:contact_id>/time-line/", record.contact_time_line_page, name="contact_time_line"),
    path("<int:contact_id>/edit/", changes.edit_contact, name="edit_contact"),
    path("<int:contact_id>/birthday/", profiles.note_birthday, name="note_birthday"),
    path("<int:contact_id>/birthday/erase/", profiles.erase_profile, name="erase_profile"),
    path("<int:contact_id>/positions/new/", changes.add_position, name="add_position"),
    path("positions/<int:position_id>/", changes.edit_position, name="edit_position"),
    path("positions/<int:position_id>/delete/", changes.delete_position, name="delete_position"),
    path("positions/<int:position_id>/end/", changes.end_position, name="end_position"),
]
