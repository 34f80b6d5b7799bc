"""A person acts from the bell, and chooses what reaches him."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from reminders.choices import Channel, State
from reminders.models import Occurrence, Preference
from tests.browser import assert_accessible, assert_fits
from tests.reminders.desk import put_on_desk


def test_done_put_off_and_undone_from_the_bell_on_a_phone(open_page, rep):
    put_on_desk(rep, "Call Red Star Steel")
    put_on_desk(rep, "Confirm Tuesday’s visit")
    page = open_page("accounts:list_accounts", as_user=rep, width=390)
    expect(page.locator(".bell-count")).to_have_text("2")
    page.locator(".bell").click()
    panel = page.locator("#sheet")
    expect(panel.get_by_text("Call Red Star Steel")).to_be_visible()
    expect(page.locator(".bell-count")).to_have_text("")
    assert_fits(page)
    assert_accessible(page)
    panel.get_by_role("button", name="Done").last.click()
    expect(panel.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel.get_by_role("button", name="Done")).to_have_count(2)
    panel.get_by_role("button", name="Later").first.click()
    panel.get_by_role("button", name=re.compile("Tomorrow|Next working day")).click()
    expect(panel.get_by_text("Put off until")).to_be_visible()
    states = Occurrence.objects.filter(channel=Channel.IN_APP).values_list("state", flat=True)
    assert sorted(states) == [State.SENT, State.SNOOZED]


def test_a_reminder_is_taken_out_of_the_mail(open_page, rep):
    page = open_page("reminders:preferences", as_user=rep)
    box = page.get_by_role("checkbox", name="Import finished – In Keyline")
    box.uncheck()
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(box).not_to_be_checked()
    assert_accessible(page)
    assert list(Preference.objects.values_list("rule", "channel", "is_on")) == [
        ("core.import_finished", Channel.IN_APP, False)
    ]
