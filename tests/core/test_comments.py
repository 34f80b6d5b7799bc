"""Talk about a record: who reads it, who may write, whom a mention tells, what an edit and a removal leave."""

from __future__ import annotations

import pytest

from core.comments.actions import LONGEST, edit_comment, follow_record, remove_comment, write_comment
from core.comments.mentions import drawn, named_in
from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent, Comment, CommentReceiver, Follow, Role, User
from tests.cast import person
from tests.factories import make_account, make_contact, make_invoice, make_payment, make_prospect, make_visit

pytestmark = pytest.mark.django_db


def say(by, record, text="Call them", **more):
    kind = record._meta.label_lower
    return write_comment(by=by, record_type=kind, record_id=record.pk, text=text, **more)


def told(comment):
    """Whom a comment is for: name and whether he is mentioned."""
    return sorted(
        CommentReceiver.objects.filter(comment=comment).values_list("user__full_name", "is_mentioned"), key=str
    )


def followers(record):
    rows = Follow.objects.filter(record_type=record._meta.label_lower, record_id=record.pk, is_on=True)
    return sorted(rows.values_list("user__full_name", flat=True))


# ------------------------------------------------------------------ names in a text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Wang Manager look", {"Wang Manager": [1]}),
        ("请@王芳看一下", {"王芳": [2]}),
        ("＠王芳芳：好", {"王芳芳": [3]}),
        ("(@wang manager)", {"Wang Manager": [1]}),
        ("mail me at x@Wang Manager.com", {}),
        ("@Wang Managers are many", {}),
        ("@nobody", {}),
    ],
)
def test_a_name_behind_an_at_is_a_mention(text, found):
    assert named_in(text, [(1, "Wang Manager"), (2, "王芳"), (3, "王芳芳")]) == found


def test_a_comment_is_drawn_escaped_with_safe_links_only():
    html = drawn("<b>x</b> @Li Lei\njavascript:alert(1) https://acme.cn/?a=1&b=2", ["Li Lei"])
    assert html == (
        '&lt;b&gt;x&lt;/b&gt; <span class="mention">@Li Lei</span><br>javascript:alert(1) '
        '<a href="https://acme.cn/?a=1&amp;b=2" rel="nofollow">https://acme.cn/?a=1&amp;b=2</a>'
    )


# ------------------------------------------------------------------ writing


def test_a_mention_tells_a_colleague_and_both_follow(rep, manager):
    prospect = make_prospect(rep, make_account(rep))
    comment = say(rep, prospect, "@Wang Manager, they want 5 %")
    assert told(comment) == [("Wang Manager", True)]
    assert followers(prospect) == ["Li Lei", "Wang Manager"]
    event = AuditEvent.objects.get(code="core.comment_written")
    assert (event.target_type, event.target_id, event.account_id) == (
        "prospects.prospect",
        prospect.pk,
        prospect.account_id,
    )
    assert "5 %" not in str(event.details)


def test_owner_and_followers_are_told_the_author_is_not(rep, manager, collector):
    account = make_account(rep)
    follow_record(by=collector, record_type="accounts.account", record_id=account.pk)
    assert told(say(manager, account)) == [("Li Lei", False), ("Qian Collector", False)]
    follow_record(by=collector, record_type="accounts.account", record_id=account.pk, on=False)
    assert told(say(manager, account)) == [("Li Lei", False)]


def test_who_would_rather_not_follow_is_told_only_when_mentioned(rep, manager):
    account = make_account(rep)
    follow_record(by=manager, record_type="accounts.account", record_id=account.pk, on=False)
    assert told(say(rep, account, "@Wang Manager?")) == [("Wang Manager", True)]
    assert followers(account) == ["Li Lei"]


def test_a_mention_of_somebody_who_may_not_see_it_is_refused_in_words(rep, other_rep):
    with pytest.raises(DomainError, match="Sun Nan may not see this record") as refusal:
        say(rep, make_account(rep), "@Sun Nan look")
    assert (refusal.value.status, refusal.value.field) == (422, "text")
    assert not Comment.objects.exists()


def test_of_namesakes_the_one_who_sees_it_is_meant_else_the_chosen_one(rep, north, south):
    account = make_account(rep)
    boss, away = person("Li Na", Role.MANAGER, north), person("Li Na 2", Role.REP, south)
    User.objects.filter(pk=away.pk).update(full_name="Li Na")
    assert told(say(rep, account, "@Li Na")) == [("Li Na", True)]
    second = person("Li Na 3", Role.EXECUTIVE)
    User.objects.filter(pk=second.pk).update(full_name="Li Na")
    with pytest.raises(DomainError, match="Several colleagues are called Li Na"):
        say(rep, account, "@Li Na")
    comment = say(rep, account, "@Li Na", mentions=[second.pk])
    assert list(comment.receivers.filter(is_mentioned=True).values_list("user", flat=True)) == [second.pk]
    assert boss.pk != second.pk


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (LONGEST + 1)])
def test_nothing_and_too_much_are_refused(rep, text):
    with pytest.raises(DomainError) as refusal:
        say(rep, make_account(rep), text)
    assert refusal.value.field == "text"


def test_who_does_not_see_the_record_does_not_write_follow_or_read(rep, other_rep, as_user):
    account = make_account(rep)
    comment = say(rep, account)
    with pytest.raises(NotFound):
        say(other_rep, account)
    with pytest.raises(NotFound):
        follow_record(by=other_rep, record_type="accounts.account", record_id=account.pk)
    for address in (f"/comments/accounts.account/{account.pk}/", f"/comments/{comment.pk}/"):
        assert as_user(other_rep).get(address).status_code == 404
    with pytest.raises(NotFound):
        write_comment(by=rep, record_type="core.user", record_id=rep.pk, text="x")


# ------------------------------------------------------------------ changing and removing


def test_an_edit_says_so_and_tells_who_is_mentioned_only_now(rep, manager, collector):
    comment = say(rep, make_account(rep), "@Wang Manager")
    edited = edit_comment(by=rep, comment_id=comment.pk, text="@Qian Collector", version=1)
    assert edited.edited_at is not None and edited.version == 2
    assert told(comment) == [("Qian Collector", True)]
    assert AuditEvent.objects.filter(code="core.comment_edited").count() == 1


def test_only_the_author_edits_and_not_over_a_newer_edit(rep, manager):
    comment = say(rep, make_account(rep))
    with pytest.raises(NotAllowed):
        edit_comment(by=manager, comment_id=comment.pk, text="mine now")
    edit_comment(by=rep, comment_id=comment.pk, text="second", version=1)
    with pytest.raises(Conflict):
        edit_comment(by=rep, comment_id=comment.pk, text="third", version=1)


def test_a_removed_comment_leaves_a_line_without_words_and_is_for_nobody(rep, manager, colleague):
    account = make_account(rep)
    comment = say(rep, account, "@Wang Manager secret")
    with pytest.raises(NotFound):
        remove_comment(by=colleague, comment_id=comment.pk)
    removed = remove_comment(by=manager, comment_id=comment.pk)
    assert (removed.text, removed.removed_by) == ("", manager)
    assert told(comment) == []
    for act in (
        lambda: edit_comment(by=rep, comment_id=comment.pk, text="x"),
        lambda: remove_comment(by=rep, comment_id=comment.pk),
    ):
        with pytest.raises(Conflict, match="was removed"):
            act()


def test_a_colleague_who_is_no_manager_does_not_remove_it(rep, collector):
    comment = say(rep, make_account(rep))
    with pytest.raises(NotAllowed):
        remove_comment(by=collector, comment_id=comment.pk)


# ------------------------------------------------------------------ the part of a page


def test_the_list_of_colleagues_finds_pinyin_and_leaves_out_who_may_not_see(rep, manager, other_rep, as_user, north):
    account = make_account(rep)
    boss = person("Wangfang", Role.MANAGER, north)
    User.objects.filter(pk=boss.pk).update(full_name="王芳")
    page = as_user(rep).get(f"/comments/accounts.account/{account.pk}/people/?q=wang").content.decode()
    assert 'data-name="王芳"' in page and 'data-name="Wang Manager"' in page and "Sun Nan" not in page
    assert "王芳" in as_user(rep).get(f"/comments/accounts.account/{account.pk}/people/?q=wf").content.decode()


def test_a_refused_comment_keeps_what_was_typed(rep, other_rep, as_user):
    account = make_account(rep)
    answer = as_user(rep).post(
        f"/comments/accounts.account/{account.pk}/", {"text": "Long story @Sun Nan"}, HTTP_HX_REQUEST="true"
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Long story @Sun Nan</textarea>" in page and "may not see this record" in page


def test_a_second_window_is_told_of_the_newer_edit(rep, as_user):
    comment = say(rep, make_account(rep), "first")
    edit_comment(by=rep, comment_id=comment.pk, text="second")
    answer = as_user(rep).post(f"/comments/{comment.pk}/edit/", {"text": "third", "version": 1}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 409
    assert "“second”" in answer.content.decode() and 'value="2"' in answer.content.decode()


def test_without_scripts_writing_leads_to_the_page_of_comments(rep, as_user):
    account = make_account(rep, name="Acme")
    answer = as_user(rep).post(f"/comments/accounts.account/{account.pk}/", {"text": "Hello"}, follow=True)
    assert answer.status_code == 200
    assert "Comments: Acme" in answer.content.decode() and "Hello" in answer.content.decode()


@pytest.mark.parametrize("kind", ["account", "contact", "prospect", "visit", "invoice", "payment"])
def test_every_record_page_has_its_comments(rep, collector, as_user, kind):
    account = make_account(rep)
    made = {
        "account": lambda: account, "contact": lambda: make_contact(rep, account),
        "prospect": lambda: make_prospect(rep, account), "visit": lambda: make_visit(rep, account),
        "invoice": lambda: make_invoice(account), "payment": lambda: make_payment(account),
    }[kind]()  # fmt: skip
    say(collector, made, "From finance")
    page = as_user(rep).get(made.get_absolute_url()).content.decode()
    place = f"/comments/{made._meta.label_lower}/{made.pk}/"
    assert f'hx-get="{place}"' in page
    assert "From finance" in as_user(rep).get(place, HTTP_HX_REQUEST="true").content.decode()


def test_comments_cost_the_same_however_many(rep, manager, as_user, django_assert_max_num_queries):
    account = make_account(rep)
    browser = as_user(rep)
    place = f"/comments/accounts.account/{account.pk}/"
    for number in range(12):
        say(manager, account, f"{number} @Li Lei")
    browser.get(place)
    with django_assert_max_num_queries(9) as asked:
        browser.get(place, HTTP_HX_REQUEST="true")
    few = len(asked)
    Comment.objects.filter(pk__in=Comment.objects.order_by("id")[:10].values("pk")).delete()
    with django_assert_max_num_queries(few):
        browser.get(place, HTTP_HX_REQUEST="true")


# ------------------------------------------------------------------ API


def test_the_api_writes_lists_edits_and_removes(rep, manager, other_rep, as_user):
    account = make_account(rep)
    browser = as_user(rep)
    about = {"record_type": "accounts.account", "record_id": account.pk}
    made = browser.post("/api/v1/comments/", {**about, "text": "@Wang Manager"}, content_type="application/json")
    assert made.status_code == 201, made.content
    address = f"/api/v1/comments/{made.json()['id']}/"
    listed = browser.get("/api/v1/comments/", about).json()["results"]
    assert [row["text"] for row in listed] == ["@Wang Manager"]
    edited = browser.patch(address, {"text": "x"}, content_type="application/json", HTTP_IF_MATCH=made["ETag"])
    assert (edited.status_code, edited.json()["version"]) == (200, 2)
    stale = browser.patch(address, {"text": "y"}, content_type="application/json", HTTP_IF_MATCH=made["ETag"])
    assert stale.status_code == 412
    assert as_user(other_rep).get("/api/v1/comments/", about).status_code == 404
    assert as_user(other_rep).get(address).status_code == 404
    assert browser.get("/api/v1/comments/").status_code == 400
    assert browser.delete(address).status_code == 204
    assert browser.get(address).json()["text"] == ""


def test_the_api_follows_and_no_longer(manager, rep, as_user):
    account = make_account(rep)
    browser = as_user(manager)
    about = {"record_type": "accounts.account", "record_id": account.pk}
    made = browser.post("/api/v1/follows/", about, content_type="application/json")
    assert made.status_code == 201
    assert len(browser.get("/api/v1/follows/").json()["results"]) == 1
    assert as_user(rep).get(f"/api/v1/follows/{made.json()['id']}/").status_code == 404
    assert browser.delete(f"/api/v1/follows/{made.json()['id']}/").status_code == 204
    assert browser.get("/api/v1/follows/").json()["results"] == []
