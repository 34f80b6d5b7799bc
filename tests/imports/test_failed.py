"""A file that could not be read: why, in the language of whoever looks."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.errors import DomainError
from core.imports import actions
from core.models import ImportJob, User

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(40)


def test_why_it_failed_is_said_in_the_readers_language(rep: User, as_user: Any) -> None:
    job = actions.bring_file(by=rep, name="firms.csv", chunks=[PICTURE])
    with pytest.raises(DomainError):
        actions.read_import(by=rep, job_id=job.pk)
    for language, sentence in (("en", "This is a picture."), ("zh-hans", "这是图片")):
        assert sentence in _page(as_user, rep, job, language)


def test_an_older_failure_keeps_the_sentence_it_was_given(rep: User, as_user: Any) -> None:
    job = actions.bring_file(by=rep, name="firms.csv", chunks=[PICTURE])
    ImportJob.objects.filter(pk=job.pk).update(state="failed", problem="It was said like this.")
    assert "It was said like this." in _page(as_user, rep, job, "zh-hans")


def _page(as_user: Any, user: User, job: ImportJob, language: str) -> str:
    User.objects.filter(pk=user.pk).update(language=language)
    user.refresh_from_db()
    client: Client = as_user(user)
    return client.get(reverse("core:import", args=[job.pk])).content.decode()
