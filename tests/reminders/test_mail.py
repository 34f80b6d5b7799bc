"""Reminders by mail, to a real mail server on this machine."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from reminders import actions
from reminders.channels import Outgoing, Refused, mail
from reminders.choices import Channel, Result, State
from reminders.documents import mail_of
from reminders.models import Delivery, Occurrence
from tests.dunning.letters import free_port, mail_server, sends_to
from tests.reminders.desk import put_on_desk

pytestmark = pytest.mark.django_db
LINK = re.compile(r"https?://\S+/reminders/link/[\w:-]+/")


def by_mail(occurrence):
    return Occurrence.objects.siblings_of(occurrence).get(channel=Channel.EMAIL)


def due_now(occurrence):
    row = by_mail(occurrence)
    Occurrence.objects.filter(pk=row.pk).update(free_at=row.created_at - timedelta(days=1), importance=4)
    return by_mail(occurrence)


def test_it_arrives_with_links_that_work(rep, client):
    row = due_now(put_on_desk(rep, "Call Red Star Steel"))
    with mail_server() as server:
        assert actions.send_channel(Channel.EMAIL) == 1
    (letter,) = server.letters
    assert letter["To"] == rep.email and letter["Subject"] == "Call Red Star Steel"
    assert letter["List-Unsubscribe"].endswith("/reminders/settings/>")
    assert letter["Message-ID"].startswith(f"<reminder-{row.pk}.{row.round}@")
    text = letter.get_body(("plain",)).get_content()
    page = letter.get_body(("html",)).get_content()
    assert "You or a colleague asked for this reminder." in text and "Call Red Star Steel" in page
    done, tomorrow = LINK.findall(text)
    assert done in page.replace("&amp;", "&") and tomorrow != done
    client.post(done[done.index("/reminders/") :])
    assert by_mail(row).state == State.DONE


def test_each_reader_gets_his_own_language_and_clock(rep):
    rep.language, rep.time_zone = "zh-hans", "America/New_York"
    rep.save()
    row = put_on_desk(rep, "给红星钢铁打电话")
    letter = mail_of(rep, [row], "reminder-1.0")
    assert 'lang="zh-Hans"' in str(letter.alternatives[0][0])
    assert letter.subject == "给红星钢铁打电话"


def test_a_second_try_is_the_same_mail(rep):
    row = put_on_desk(rep)
    first, second = mail_of(rep, [row], row.message_id), mail_of(rep, [row], row.message_id)
    assert first.message()["Message-ID"] == second.message()["Message-ID"]


def test_a_subject_stays_on_one_line(rep):
    row = put_on_desk(rep, "Call\r\nBcc: everybody@example.com " + "x" * 300)
    letter = mail_of(rep, [row], "reminder-1.0").message()
    assert "\n" not in str(letter["Subject"]).replace("\n ", "") and letter["Bcc"] is None


def test_a_morning_is_one_mail(rep):
    rows = [put_on_desk(rep, f"Call customer {number}") for number in range(3)]
    letter = mail_of(rep, rows, "digest-1")
    assert letter.subject.startswith("3 reminders")
    assert [f"Call customer {number}" in letter.body for number in range(3)] == [True] * 3
    assert len(set(LINK.findall(letter.body))) == 6


def test_a_mailbox_that_does_not_exist_is_given_up(rep):
    row = due_now(put_on_desk(rep))
    with mail_server() as server:
        server.refuses[rep.email] = "550 no such mailbox"
        actions.send_channel(Channel.EMAIL)
    tried = Delivery.objects.get(occurrence=row)
    assert (tried.result, tried.error) == (Result.REFUSED, "550 no such mailbox")
    assert by_mail(row).state == State.PARKED


def test_a_full_mailbox_is_tried_again(rep):
    with mail_server() as server:
        server.refuses[rep.email] = "452 mailbox full"
        with pytest.raises(Exception, match="452") as failure:
            mail.send_mail(Outgoing(rep, [put_on_desk(rep)], "reminder-1.0"))
    assert not isinstance(failure.value, Refused)


def test_a_mail_server_that_is_away_is_tried_again(rep):
    row = due_now(put_on_desk(rep))
    with sends_to(free_port()):
        actions.send_channel(Channel.EMAIL)
    tried = Delivery.objects.get(occurrence=row)
    assert tried.result == Result.FAILED and tried.next_try_at is not None
    assert by_mail(row).state == State.PLANNED


def test_a_test_mail_says_what_went_wrong(as_user, rep):
    with mail_server() as server:
        page = as_user(rep).post("/reminders/settings/mail/test/", follow=True).content.decode()
        assert len(server.letters) == 1 and "on its way to" in page
        server.refuses[rep.email] = "550 no such mailbox"
        page = as_user(rep).post("/reminders/settings/mail/test/", follow=True).content.decode()
    assert "no such mailbox" in page
