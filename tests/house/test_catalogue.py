"""The Chinese catalogue is complete: every sentence of code and templates, none empty, none a guess, every value named."""

from core import catalogues


def test_the_catalogue_is_up_to_date() -> None:
    old = catalogues.read()
    assert catalogues.catalogue_path().read_bytes() == catalogues.written(catalogues.merged(old)), (
        "run manage.py update_messages, then translate"
    )


def test_every_sentence_has_its_chinese() -> None:
    assert [message.id for message in catalogues.untranslated(catalogues.read())] == []


def test_translations_name_the_same_values() -> None:
    assert [message.id for message in catalogues.wrong_placeholders(catalogues.read())] == []


def test_the_header_is_not_fuzzy() -> None:
    assert "fuzzy" not in catalogues.catalogue_path().read_text().split("\n\n")[0]


def test_collecting_finds_code_and_templates_with_context_and_plural() -> None:
    ids = {message.id for message in catalogues.collect()}
    assert "Spoken agreement" in ids
    assert any(message.context == "account tier" for message in catalogues.collect())
