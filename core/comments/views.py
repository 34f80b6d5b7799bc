"""The talk about a record: a part of its page, and a page of its own for browsers without scripts."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.answers import attempt, given_version
from core.comments import actions
from core.comments.forms import CommentForm
from core.comments.queries import get_comment, get_follow, get_own_comment, line, mentionable, talk
from core.errors import Conflict
from core.permissions import require
from core.records import Spoken, get_record
from core.requests import StaffRequest


def comments(request: StaffRequest, record_type: str, record_id: int) -> HttpResponse:
    """What colleagues wrote about a record, newest first, and a box to answer."""
    record = get_record(request.user, record_type, record_id)
    if request.method != "POST":
        return _show(request, record, CommentForm())
    form = CommentForm(request.POST)
    given = {"mentions": form.mentions, **(form.cleaned_data if form.is_valid() else {})}
    write = partial(actions.write_comment, by=request.user, record_type=record_type, record_id=record_id, **given)
    if form.errors or not attempt(form, write):
        return _show(request, record, form, status=422)
    if not request.htmx:
        messages.success(request, _("Comment saved."))
        return redirect("core:comments", record_type, record_id)
    return _show(request, record, CommentForm())


def comment(request: StaffRequest, comment_id: int) -> HttpResponse:
    """Where a comment stands: on the page of its record. As a part of that page it is the line alone."""
    found, record = get_comment(request.user, comment_id)
    if request.htmx:
        return _show_line(request, comment_id)
    return redirect(f"{record.url}?comment={found.pk}#comment-{found.pk}")


def followed(request: StaffRequest, follow_id: int) -> HttpResponse:
    """Where news of what one follows lead: to the record."""
    return redirect(get_follow(request.user, follow_id)[1].url)


def edit_comment(request: StaffRequest, comment_id: int) -> HttpResponse:
    """Change one's own words, in their place."""
    require(request.user, "comments.write")
    found, record = get_own_comment(request.user, comment_id)
    form = CommentForm(request.POST or None, initial={"text": found.text})
    version, status = given_version(request), 422
    if request.method == "POST" and form.is_valid():
        try:
            done = attempt(
                form,
                lambda: actions.edit_comment(
                    by=request.user, comment_id=comment_id, version=version, mentions=form.mentions, **form.cleaned_data
                ),
            )
        except Conflict as conflict:
            if conflict.current is None:
                return _show_line(request, comment_id, status=409)
            form.add_error(
                None,
                _("You changed this comment elsewhere in the meantime: “%(text)s”. Saving again writes over that.")
                % {"text": found.text},
            )
            done, version, status = None, found.version, 409
        if done:
            return _show_line(request, comment_id) if request.htmx else redirect(done)
    page: dict[str, Any] = {"line": line(request.user, found), "record": record, "form": form}
    page["version"] = version or found.version
    return render(
        request, f"core/comments/{_part(request, 'edit_comment')}", page, status=status if form.errors else 200
    )


@require_POST
def remove_comment(request: StaffRequest, comment_id: int) -> HttpResponse:
    """Take a comment's words away."""
    removed = actions.remove_comment(by=request.user, comment_id=comment_id, version=given_version(request))
    if request.htmx:
        return _show_line(request, comment_id)
    messages.success(request, _("Comment removed."))
    return redirect("core:comments", removed.record_type, removed.record_id)


@require_POST
def follow_record(request: StaffRequest, record_type: str, record_id: int) -> HttpResponse:
    """Be told of what happens to a record, or no longer."""
    on = request.POST.get("on") != "0"
    actions.follow_record(by=request.user, record_type=record_type, record_id=record_id, on=on)
    if request.htmx:
        return _show(request, get_record(request.user, record_type, record_id), CommentForm())
    messages.success(request, _("You follow this record.") if on else _("You no longer follow this record."))
    return redirect("core:comments", record_type, record_id)


def pick_mention(request: StaffRequest, record_type: str, record_id: int) -> HttpResponse:
    """Colleagues who see the record, by name, pinyin or initials, while one types after an @."""
    record = get_record(request.user, record_type, record_id)
    people = mentionable(request.user, record, request.GET.get("q", "")[:100])
    options = [{"pk": person.pk, "name": person.full_name, "note": person.get_role_display()} for person in people]
    return render(request, "core/_picker_options.html", {"options": options})


def _show(request: StaffRequest, record: Spoken, form: CommentForm, *, status: int = 200) -> HttpResponse:
    page = talk(request.user, record, before=_number(request, "before"), around=_number(request, "comment"))
    context = {"talk": page, "record": record, "form": form, "is_first": not request.GET.get("before")}
    response = render(request, f"core/comments/{_part(request, 'comments')}", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _show_line(request: StaffRequest, comment_id: int, *, status: int = 200) -> HttpResponse:
    found, record = get_comment(request.user, comment_id)
    page = {"line": line(request.user, found), "record": record}
    return render(request, f"core/comments/{_part(request, 'comment')}", page, status=status)


def _part(request: StaffRequest, name: str) -> str:
    return f"_{name}.html" if request.htmx else f"{name}.html"


def _number(request: StaffRequest, word: str) -> int | None:
    text = request.GET.get(word, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
