"""The pages of accounts: answers, refusals, statements."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accounts import actions
from accounts.models import Account
from tests.factories import make_account, make_contact

pytestmark = pytest.mark.django_db
TABS = ["people", "prospects", "money", "team", "notes", "history"]


@pytest.fixture
def account(rep):
    return make_account(rep, "华为技术有限公司", short_name="华为", tags=["5G"], city="深圳")


def url(name, *args):
    return reverse(f"accounts:{name}", args=args)


def form_of(account, **changes):
    """What a browser sends from the edit form."""
    values = {
        "name": account.name, "tier": account.tier, "short_name": account.short_name, "tags": "", "version": "1",
        "channels-kind": [], "channels-value": [], "channels-label": [],
    }  # fmt: skip
    return {**values, **changes}


# ------------------------------------------------------------------ reading


def test_the_list_shows_what_one_sees(account, as_user, rep, other_rep):
    assertContains(as_user(rep).get(url("list_accounts")), "华为技术有限公司")
    assertNotContains(as_user(other_rep).get(url("list_accounts")), "华为技术有限公司")


@pytest.mark.parametrize("term", ["华为", "huawei", "hw", "HWJS"])
def test_the_list_finds_chinese_names_however_they_are_typed(account, as_user, rep, term):
    make_account(rep, "中兴通讯")
    answer = as_user(rep).get(url("list_accounts"), {"q": term})
    assertContains(answer, "华为技术有限公司")
    assertNotContains(answer, "中兴通讯")


@pytest.mark.parametrize(
    "query",
    [
        {"tier": ["vip"]}, {"kind": "contractor"}, {"stage": ["4"]}, {"industry": "Steel"}, {"region": "North"},
        {"tag": "gold"}, {"ownership": "state"},
    ],
)  # fmt: skip
def test_the_list_is_narrowed(account, as_user, rep, query):
    make_account(
        rep, "Acme", tier="vip", kind="contractor", development_stage=4, industry="Steel", region="North",
        tags=["gold"], ownership="state",
    )  # fmt: skip
    answer = as_user(rep).get(url("list_accounts"), query)
    assertContains(answer, "Acme")
    assertNotContains(answer, "华为技术有限公司")


def test_the_list_is_narrowed_to_owner_and_team_with_the_teams_below(account, as_user, director, other_rep, company):
    make_account(other_rep, "Acme")
    client = as_user(director)
    assertNotContains(client.get(url("list_accounts"), {"owner": other_rep.pk}), "华为技术")
    assertNotContains(client.get(url("list_accounts"), {"team": other_rep.team_id}), "华为技术")
    assertContains(client.get(url("list_accounts"), {"team": company.pk}), "华为技术")


@pytest.mark.parametrize(
    "sort", ["name", "-tier", "development_stage", "-last_contact_on", "next_step_on", "-open_prospects"]
)
def test_the_list_is_sorted_by_each_column(account, as_user, rep, sort):
    assert as_user(rep).get(url("list_accounts"), {"sort": sort}).status_code == 200


@pytest.mark.parametrize("rows", [50, 200])
def test_the_list_costs_the_same_with_50_and_200_rows(as_user, manager, rep, django_assert_max_num_queries, rows):
    for number in range(rows):
        make_account(rep, f"Account {number:03}")
    client = as_user(manager)
    with django_assert_max_num_queries(8):
        client.get(url("list_accounts"), {"size": rows})


@pytest.mark.parametrize("tab", ["", *TABS])
def test_every_tab_opens_and_stays_below_fifteen_statements(account, as_user, rep, tab, django_assert_max_num_queries):
    for number in range(30):
        actions.add_note(by=rep, account_id=account.pk, body=f"Note {number}")
        make_account(rep, f"Branch {number}", parent=account)
    client = as_user(rep)
    address = url("account_tab", account.pk, tab) if tab else account.get_absolute_url()
    with django_assert_max_num_queries(15):
        assertContains(client.get(address), "华为技术有限公司")


@pytest.mark.parametrize("tab", ["", *TABS])
def test_another_teams_account_is_not_found_on_any_tab(account, as_user, other_rep, tab):
    address = url("account_tab", account.pk, tab) if tab else account.get_absolute_url()
    assert as_user(other_rep).get(address).status_code == 404


def test_the_older_part_of_the_time_line_is_fetched(account, as_user, rep, other_rep):
    for number in range(20):
        actions.add_note(by=rep, account_id=account.pk, body=f"Thought {number:02}")
    first = as_user(rep).get(account.get_absolute_url())
    assertContains(first, "Thought 19")
    assertNotContains(first, "Thought 02")
    older = first.context["line"].older.isoformat()
    assertContains(as_user(rep).get(url("account_time_line", account.pk), {"before": older}), "Thought 02")
    assert as_user(other_rep).get(url("account_time_line", account.pk)).status_code == 404


def test_a_picker_offers_what_one_sees(account, as_user, rep, other_rep):
    assertContains(as_user(rep).get(url("pick_account"), {"q": "hua"}), "华为")
    assertContains(as_user(other_rep).get(url("pick_account"), {"q": "hua"}), "Nothing found")


def test_the_warning_links_what_one_sees_and_names_the_owner_of_the_rest(account, as_user, rep, other_rep):
    mine = as_user(rep).get(url("list_similar_accounts"), {"name": "华为"})
    assertContains(mine, account.get_absolute_url())
    theirs = as_user(other_rep).get(url("list_similar_accounts"), {"name": "华为技术有限公司"})
    assertContains(theirs, "Li Lei (North)")
    assertNotContains(theirs, "深圳")
    assertNotContains(theirs, account.get_absolute_url())
    assert as_user(rep).get(url("list_similar_accounts"), {"name": "华为", "but": account.pk}).content.strip() == b""


# ------------------------------------------------------------------ changing


def test_an_account_is_added_in_the_sheet_and_opens(as_user, rep):
    client = as_user(rep)
    sheet = client.get(url("add_account"), headers={"HX-Request": "true"})
    assertContains(sheet, "sheet-title")
    answer = client.post(
        url("add_account"),
        {
            "name": "Acme", "tier": "vip", "development_stage": "1", "tags": "gold, 5G", "channels-kind": ["phone", "email"],
            "channels-value": ["010 6277 1234", "info@acme.example"], "channels-label": ["", "accounts"],
        },
        headers={"HX-Request": "true"},
    )  # fmt: skip
    added = Account.objects.get()
    assert (answer.status_code, answer["HX-Redirect"]) == (204, added.get_absolute_url())
    assert added.tags == ["gold", "5G"]
    assert [channel.label for channel in added.channels.all()] == ["", "accounts"]


def test_a_bad_form_comes_back_with_422_and_its_sentences(as_user, rep):
    answer = as_user(rep).post(
        url("add_account"),
        {"name": "Acme", "tier": "vip", "development_stage": "1", "credit_code": "911101085513850820"},
    )
    assertContains(answer, "its last character does not fit", status_code=422)
    assertContains(as_user(rep).post(url("add_account"), {"name": ""}), "This field is required", status_code=422)
    assert not Account.objects.exists()


@pytest.mark.parametrize("name", ["add_account"])
def test_finance_is_not_given_a_form_to_fill_in_vain(as_user, collector, name):
    assert as_user(collector).get(url(name)).status_code == 403


def test_an_edit_is_saved_and_a_stale_one_shows_both_versions(account, as_user, rep):
    client = as_user(rep)
    assert client.post(url("edit_account", account.pk), form_of(account, region="South")).status_code == 302
    stale = client.post(url("edit_account", account.pk), form_of(account, region="East", name="华为集团"))
    assertContains(stale, "Two versions", status_code=409)
    labels = {row.label: (row.theirs, row.yours) for row in stale.context["differences"]}
    assert labels["Region"] == ("South", "East")
    assert labels["Name"] == ("华为技术有限公司", "华为集团")
    assert "Tier" not in labels
    mine = client.post(
        url("edit_account", account.pk),
        form_of(account, region="East", version=stale.context["conflict"].current.version),
    )
    account.refresh_from_db()
    assert (mine.status_code, account.region, account.version) == (302, "East", 3)


def test_the_payment_profile_is_edited_by_finance_and_a_stale_one_shows_both(account, as_user, collector):
    client = as_user(collector)
    saved = client.post(url("edit_payment_profile", account.pk), {"paying_days": "25, 10", "version": "1"})
    assert saved.status_code == 302
    assertContains(client.get(url("account_tab", account.pk, "money")), "of each month")
    stale = client.post(url("edit_payment_profile", account.pk), {"paying_days": "5", "version": "1"})
    assertContains(stale, "10, 25", status_code=409)
    wrong = client.post(url("edit_payment_profile", account.pk), {"paying_days": "45", "version": "2"})
    assertContains(wrong, "45 is not one", status_code=422)


def test_who_gives_an_account_away_beyond_his_sight_lands_on_the_list(account, as_user, manager, other_rep):
    answer = as_user(manager).post(url("transfer_account", account.pk), {"owner": other_rep.pk, "version": "1"})
    assert (answer.status_code, answer.url) == (302, url("list_accounts"))


def test_team_pages(account, as_user, rep, colleague):
    client = as_user(rep)
    client.post(url("add_member", account.pk), {"user": colleague.pk, "role": "technical"})
    member = account.members.get(user=colleague)
    assertContains(client.get(url("account_tab", account.pk, "team")), "Han Meimei")
    client.post(url("change_member_role", account.pk, member.pk), {"role": "service"})
    member.refresh_from_db()
    assert member.role == "service"
    again = client.post(url("add_member", account.pk), {"user": colleague.pk, "role": "technical"})
    assert again.status_code == 422
    client.post(url("remove_member", account.pk, member.pk))
    assert account.members.count() == 1


def test_stage_pages(account, as_user, rep, executive):
    client = as_user(rep)
    assertContains(client.get(account.get_absolute_url()), "Find out who they are and what they buy")
    ticked = client.post(url("tick_stage_work", account.pk, "scan.find"), {"done": "1"}, headers={"HX-Request": "true"})
    assert ticked.status_code == 204
    assertContains(
        client.post(url("change_stage", account.pk), {"to_stage": "2", "evidence": "x"}), "who, when?", status_code=422
    )
    moved = client.post(url("change_stage", account.pk), {"to_stage": "2", "evidence": "Met Ms Wang", "version": "1"})
    assert moved.status_code == 302
    assert as_user(executive).get(url("change_stage", account.pk)).status_code == 403


def test_a_note_is_written_on_its_tab(account, as_user, rep):
    answer = as_user(rep).post(url("add_note", account.pk), {"body": "They plan a second line"})
    assert answer.url == url("account_tab", account.pk, "notes")
    assertContains(as_user(rep).get(answer.url), "They plan a second line")


CHANGES = ["edit_account", "edit_payment_profile", "transfer_account", "add_member", "change_stage", "add_note"]


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_change_of_another_teams_account_is_not_found(account, as_user, other_manager, name, method):
    assert getattr(as_user(other_manager), method)(url(name, account.pk)).status_code == 404


@pytest.mark.parametrize("name", CHANGES)
def test_every_form_opens_in_the_sheet_and_on_a_page(account, as_user, manager, name):
    client = as_user(manager)
    assertContains(client.get(url(name, account.pk)), "<html")
    assertNotContains(client.get(url(name, account.pk), headers={"HX-Request": "true"}), "<html")


def test_chinese_is_spoken(account, as_user, rep):
    rep.language = "zh-hans"
    rep.save()
    assert as_user(rep).get(account.get_absolute_url()).status_code == 200


def test_people_of_the_account_are_served_by_their_own_app(account, as_user, rep, other_rep):
    make_contact(rep, account, "Wang Fang")
    address = reverse("relationships:account_panel", args=[account.pk])
    assertContains(as_user(rep).get(address), "Wang Fang")
    assert as_user(other_rep).get(address).status_code == 404
