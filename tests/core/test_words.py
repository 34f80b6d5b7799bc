"""Words one after another."""

import pytest
from django.template import engines
from django.utils.translation import override

from core.words import listed


@pytest.mark.parametrize(("language", "said"), [("en", "a, b, 3"), ("zh-hans", "a、b、3")])
def test_each_language_lists_in_its_own_way(language: str, said: str) -> None:
    with override(language):
        assert listed(["a", "b", 3]) == said
        assert listed([]) == ""


def test_a_template_escapes_what_it_lists() -> None:
    written = engines["django"].from_string("{% load core %}{{ words|listed }}").render({"words": ["<b>", "c"]})
    assert written == "&lt;b&gt;, c"
