"""Addresses of accounts."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from accounts.views import changes, lists, record


class TabConverter(StringConverter):
    """A tab of the record page."""

    regex = "|".join(record.TABS[1:])


register_converter(TabConverter, "account_tab")

app_name = "accounts"
urlpatterns = [
    path("", lists.list_accounts, name="list_accounts"),
    path("new/", changes.add_account, name="add_account"),
    path("similar/", lists.list_similar_accounts, name="list_similar_accounts"),
    path("pick/", lists.pick_account, name="pick_account"),
    path("<int:account_id>/", record.account, name="account"),
    path("<int:account_id>/<account_tab:tab>/", record.account, name="account_tab"),
    path("<int:account_id>/time-line/", record.account_time_line_page, name="account_time_line"),
    path("<int:account_id>/edit/", changes.edit_account, name="edit_account"),
    path("<int:account_id>/payment/", changes.edit_payment_profile, name="edit_payment_profile"),
    path("<int:account_id>/owner/", changes.transfer_account, name="transfer_account"),
    path("<int:account_id>/members/new/", changes.add_member, name="add_member"),
    path("<int:account_id>/members/<int:member_id>/", changes.change_member_role, name="change_member_role"),
    path("<int:account_id>/members/<int:member_id>/remove/", changes.remove_member, name="remove_member"),
    path("<int:account_id>/stage/", changes.change_stage, name="change_stage"),
    path("<int:account_id>/stage/<str:work>/", changes.tick_stage_work, name="tick_stage_work"),
    path("<int:account_id>/notes/new/", changes.add_note, name="add_note"),
]
