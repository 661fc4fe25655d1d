"""Subjects and the grammar of languages (nomenclatures 5)."""

from __future__ import annotations

import pytest

from entformats.codes import subject
from entformats.codes.subject import Language


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("030100", Language("01", 0), "allemand"),
        ("030602", Language("06", 2), "espagnol"),
        ("030211", Language("02", 1, by_correspondence=True), "anglais"),
        ("030221", Language("02", 1, outside=True), "anglais"),
        ("031409", Language("14", 9), "russe"),
        ("039901", Language("99", 1), None),
    ],
)
def test_a_language_is_read(code: str, language: Language, name: str | None) -> None:
    """Language, rank, correspondence and outside are read off the digits."""
    found = subject.language(subject.parse(code))
    assert found == language
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("code", ["061300", "030A01", "03A108", "030231", "020700"])
def test_another_subject_is_no_language(code: str) -> None:
    """Other subjects, local codes and unknown tens are not languages."""
    assert subject.language(subject.parse(code)) is None


def test_the_prefix_of_an_academy_does_not_count() -> None:
    """`XX-061300` compares equal to `061300`; a code that is no number keeps its prefix and is refused."""
    assert subject.parse("GR-061300") == subject.parse("061300")
    assert subject.compact("GR-030A01") == "GR-030A01"
