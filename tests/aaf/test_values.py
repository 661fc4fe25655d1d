"""The `$` composites, the code lists and the conversion of texts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats.aaf import (
    ClassDate,
    ClassRef,
    ClassSubject,
    Coded,
    DeclaredClass,
    DeclaredGroup,
    Function,
    LabelFirst,
    Link,
    MefTaught,
    Relation,
    Responsibility,
    SubjectTaught,
)
from entformats.aaf.convert import empty, read_values, render, strict
from entformats.aaf.scalars import parse_bool, parse_date
from entformats.aaf.table import Attribute, Type, Values
from entformats.aaf.values import Composite
from entformats.codes.jointure import Jointure
from entformats.errors import InvalidValue

KEYS = st.from_regex(r"[0-9A-Z]{1,5}", fullmatch=True).map(Jointure)
NAMES = st.text("ABC 6é_-", min_size=1, max_size=8)
LABELS = st.text("ABC 6é'_-", max_size=8)
FLAGS = st.booleans()
COMPOSITES: dict[Type, st.SearchStrategy[Composite]] = {
    Type.CLASS: st.builds(ClassRef, KEYS, NAMES),
    Type.CLASS_SUBJECT: st.builds(ClassSubject, KEYS, NAMES, st.none() | KEYS),
    Type.CLASS_DATE: st.builds(ClassDate, KEYS, st.dates(), NAMES),
    Type.MEF_TAUGHT: st.builds(MefTaught, KEYS, KEYS, LABELS),
    Type.SUBJECT_TAUGHT: st.builds(SubjectTaught, KEYS, NAMES),
    Type.FUNCTION: st.builds(Function, KEYS, LABELS, LABELS, LABELS, LABELS),
    Type.RELATION: st.builds(Relation, KEYS, LABELS, FLAGS, st.integers(0, 9), FLAGS, FLAGS),
    Type.CODED: st.builds(Coded, LABELS, LABELS),
    Type.LABEL_FIRST: st.builds(LabelFirst, LABELS, LABELS),
    Type.DECLARED_CLASS: st.builds(DeclaredClass, NAMES, LABELS, st.lists(KEYS).map(tuple)),
    Type.DECLARED_GROUP: st.builds(DeclaredGroup, NAMES, LABELS, st.lists(NAMES).map(tuple)),
}


@pytest.mark.parametrize("kind", COMPOSITES, ids=lambda kind: str(kind.name))
def test_composites_are_read_as_they_are_written(kind: Type) -> None:
    """Every composite value gives itself back from its text."""

    @given(COMPOSITES[kind])
    def check(value: Composite) -> None:
        assert type(value).parse(value.text) == value

    check()


@given(text=st.text("61$A O", max_size=12), kind=st.sampled_from(list(Type)))
def test_tolerant_reading_never_raises_and_agrees_with_the_strict_one(text: str, kind: Type) -> None:
    """What is read strictly is read tolerantly, without a finding; anything else has one, or is blank."""
    attribute = Attribute("x", "x", Values.ONE, kind, "I")
    reading = read_values(attribute, (text,))
    try:
        value = strict(kind)(text)
    except InvalidValue:
        assert reading.findings or not text.strip() or kind in {Type.TEXT, Type.LINES} or text[0] == " "
    else:
        assert (reading.value, reading.findings, reading.exact) == (value, (), True)


@given(
    values=st.sampled_from(list(Values)),
    kind=st.sampled_from(list(Type)),
    texts=st.lists(st.text("61$A O", max_size=8), max_size=4).map(tuple),
)
def test_an_exact_reading_is_written_back(values: Values, kind: Type, texts: tuple[str, ...]) -> None:
    """A reading said to be exact gives back the texts delivered, blanks and escapes apart."""
    attribute = Attribute("x", "x", values, kind, "I")
    reading = read_values(attribute, texts)
    if reading.exact:
        assert render(attribute, reading.value) == (texts if any(text.strip() for text in texts) else ())


def test_links_of_both_generations() -> None:
    """Father and mother changed places between the two codings."""
    codes = {
        "1": "FATHER",
        "20": "FATHER",
        "2": "MOTHER",
        "10": "MOTHER",
        "7": "SELF",
        "70": "SELF",
        "43": "CHILD_MINDER",
    }
    found = {code: link.name for code in codes if (link := Link.of(code))}
    assert found == codes
    assert Link.of("99") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3$1$1$1$0$0", Responsibility.LEGAL),
        ("3$2$0$2$0$0", Responsibility.SECOND_LEGAL),
        ("3$20$0$2$0$0", Responsibility.IN_CHARGE),
        ("3$20$0$0$1$0", Responsibility.NONE),
        ("3$20$0$9$1$0", Responsibility.NONE),
    ],
)
def test_the_meaning_of_two_depends_on_the_coding(text: str, expected: Responsibility) -> None:
    """Code 2 is the second parent of the old coding, a person in charge in the new one."""
    assert Relation.parse(text).responsibility is expected
    assert Relation.parse(text).kind is not None


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (parse_date, "1/02/2012"),
        (parse_date, "2012-02-01"),
        (parse_date, "30/02/2012"),
        (parse_date, "٠١/02/2012"),
        (parse_bool, "o"),
        (ClassRef.parse, "61001"),
        (ClassRef.parse, "$5 C"),
        (Relation.parse, "3$1$1$12$0$0"),
        (DeclaredClass.parse, "5 C"),
    ],
)
def test_strict_reading_refuses(parse: Callable[[str], object], text: str) -> None:
    """What is not exactly of the grammar raises `InvalidValue`."""
    with pytest.raises(InvalidValue):
        parse(text)


def test_empty_values() -> None:
    """An absent text is empty, an absent list is the empty tuple, anything else absent is None."""
    cases = [(Values.ONE, Type.TEXT), (Values.MANY, Type.TEXT), (Values.ONE, Type.LINES), (Values.ONE, Type.DATE)]
    found = [empty(Attribute("x", "x", values, kind, "I")) for values, kind in cases]
    assert found == ["", (), (), None]


def test_function_kinds() -> None:
    """`ENS` and `DOC` teach, `-` and nothing are no function."""

    def of(code: str) -> Function:
        return Function(Jointure("61001"), code)

    assert [of(code).is_teaching for code in ("ENS", "DOC", "DIR", "-")] == [True, True, False, False]
    assert [of(code).is_none for code in ("ENS", "", "-")] == [False, True, True]


def test_dates_keep_their_shape() -> None:
    """A date is written as it is read, whatever the century."""
    assert ClassDate(Jointure("1"), date(987, 1, 2), "A").text == "1$02/01/0987$A"
