"""A rep asks his manager on a prospect's page; the manager's bell leads her to the question."""

from __future__ import annotations

from playwright.sync_api import expect

from core.models import Comment
from reminders import actions
from tests.browser import assert_accessible, assert_fits
from tests.factories import make_account, make_prospect


def test_a_rep_mentions_the_manager_whose_bell_opens_the_comment(open_page, rep, manager):
    prospect = make_prospect(rep, make_account(rep), name="Robots")
    page = open_page("prospects:prospect", prospect_id=prospect.pk, as_user=rep, width=390)
    box = page.get_by_label("Write to your colleagues")
    box.press_sequentially("Can we give 5 %? @wm")
    page.get_by_role("option", name="Wang Manager").wait_for()
    page.keyboard.press("Enter")
    expect(box).to_have_value("Can we give 5 %? @Wang Manager ")
    assert_fits(page)
    assert_accessible(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".talk-words")).to_have_text("Can we give 5 %? @Wang Manager")
    actions.plan(only=["core.mention"])
    actions.tell_in_app()

    theirs = open_page("accounts:list_accounts", as_user=manager)
    theirs.locator(".bell").click()
    theirs.locator("#sheet").get_by_role("link", name="Li Lei mentions you, Robots").click()
    comment = Comment.objects.get()
    expect(theirs.locator(f"#comment-{comment.pk}")).to_be_focused()
    expect(theirs.locator(f"#comment-{comment.pk}")).to_be_in_viewport()
    assert_accessible(theirs)
