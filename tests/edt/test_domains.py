"""Masks against the comments that decode them (edt 3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from entformats import edt
from entformats.edt.index.writer import Layout, write_index
from entformats.errors import LimitExceeded
from entformats.limits import Limits
from entformats.testing.strategies.timetables import timetables

if TYPE_CHECKING:
    from entformats.timetable import Timetable

FEW = settings(max_examples=settings().max_examples // 5)
LESSON = b"""<Cours>
<Professeur Ident="1" Semaines="14"><!--Domaine : [1..3]--></Professeur>
<Eleve Ident="1" SemainesInclusion='2'>
  <!-- Domaine : [1] --></Eleve>
<Salle Ident="4" Semaines="14"><!--Domaine : [1..3]--></Salle></Cours>"""


@FEW
@given(timetables())
def test_what_is_written_agrees(timetable: Timetable) -> None:
    """The comments of the writer decode its masks; a file without comments has nothing to say."""
    for domains in (True, False):
        [(_, chunks)] = write_index(timetable, layout=Layout(domains=domains))
        assert edt.check_domains(b"".join(chunks)).counts == {}


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (b'"1" Semaines="14"', b'"1" Semaines="30"', 2),
        (b"[1..3]--></Prof", b"[1..4]--></Prof", 2),
        (b"[1..3]--></Prof", b"[3..1]--></Prof", 2),
        (b"'2'", b"'6'", 3),
        (b'"4" Semaines="14"', b'"4" Semaines="99999999999999999999"', 5),
    ],
)
def test_what_differs_is_told_at_its_line(old: bytes, new: bytes, line: int) -> None:
    """The mask or the comment changed, one of them unreadable."""
    assert edt.check_domains(LESSON).problems == ()
    [found] = edt.check_domains(LESSON.replace(old, new)).problems
    assert (found.slug, found.where.line) == ("weeks_comment_differs", line)


def test_bit_zero_does_not_count() -> None:
    """It is never a week, and is reported elsewhere."""
    assert edt.check_domains(LESSON.replace(b'"14"', b'"15"')).problems == ()


def test_the_size_is_bounded() -> None:
    """A file is held in memory up to the limit of a record."""
    with pytest.raises(LimitExceeded):
        edt.check_domains(LESSON, limits=Limits(record_bytes=20))
