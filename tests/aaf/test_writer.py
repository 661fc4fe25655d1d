"""Writing complete deliveries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeAlias

import attrs
import pytest

from entformats.aaf import (
    ClassRef,
    Directory,
    Guardian,
    LabelFirst,
    Mef,
    Pupil,
    Record,
    Relation,
    School,
    Staff,
    Subject,
    read,
    write,
)
from entformats.codes.jointure import Jointure
from entformats.errors import UsageError
from entformats.frozen import FrozenMap

Texts: TypeAlias = Callable[..., str]
Files: TypeAlias = Callable[..., bytes]


def written(directory: Directory, **options: object) -> dict[str, bytes]:
    """Write a directory into memory."""
    return {name: b"".join(content) for name, content in write(directory, **options)}  # type: ignore[arg-type]  # options


def text_of(record: Record) -> str:
    """Write one record."""
    (content,) = written(Directory.of([record])).values()
    return content.decode()


PEOPLE: tuple[Record, ...] = (
    Pupil(
        Jointure("1"),
        birth_date=date(2012, 2, 29),
        family="D'ÉTÉ & <FILS>",
        given="Zoë \r\n\t😀",
        other_given=("Zoë", "Anaïs"),
        grant_holder=False,
        address=("1 RUE FICTIVE", "", "", ""),
        school=Jointure("61001"),
        relations=(Relation(Jointure("34"), "20", financial=True, legal=1),),
        father=Jointure("34"),
        classes=(ClassRef(Jointure("61001"), "5 C"),),
        subject_labels=("ANGLAIS", "", "LATIN"),
        subject_codes=(Jointure("030201"), Jointure("1"), Jointure("2")),
    ),
    Guardian(Jointure("34"), family="D'ÉTÉ", given="A", mobiles=("+33 6 00 00 00 00", "x")),
    Staff(Jointure("27"), family="B", given="C", post_discipline=LabelFirst("SANS OBJET"), is_teacher=True),
    School(Jointure("61001"), name="CLG$A$B", type_label="COLLEGE", academy="GRENOBLE"),
    Subject(Jointure("030201"), label="ANGLAIS  LV1"),
    Mef(Jointure("10110001110"), label="5EME", attached_to=Jointure("10110001110")),
)


@pytest.mark.parametrize(
    "options", [{}, {"encoding": "utf-8", "line_end": "\r\n"}, {"part_size": 1, "exported": date(2024, 9, 16)}]
)
def test_what_is_made_by_hand_is_read_back(options: dict[str, object]) -> None:
    """Records made by hand, with every escape, are equal once written and read."""
    directory = Directory.of(PEOPLE)
    delivery = read(written(directory, **options))
    assert delivery.directory == directory
    assert delivery.complete
    assert {one.slug for one in delivery.report.problems} == {
        "dangling_reference",
        "empty_among_values",
        "missing_value",
    }


def test_ascii_and_utf8_say_the_same() -> None:
    """Numeric references or UTF-8: the same content, and pure ASCII in the first case."""
    directory = Directory.of(PEOPLE)
    ascii_files, utf8_files = written(directory), written(directory, encoding="utf-8")
    assert all(content.isascii() for content in ascii_files.values())
    assert not all(content.isascii() for content in utf8_files.values())
    assert read(ascii_files).directory == read(utf8_files).directory


def test_names_headers_and_parts() -> None:
    """Names, header comments and the number of records of a file come from the arguments."""
    directory = Directory.of([Subject(Jointure(str(number)), label="X") for number in range(5)])
    files = written(
        directory, exported=date(2024, 9, 16), prefix="ENT2DVA_", headers={"versionAF": "AAF-VE2407"}, part_size=2
    )
    assert list(files) == [f"ENT2DVA_Complet_20240916_MatiereEducNat_000{part}.xml" for part in range(3)]
    assert all(content.splitlines()[3] == b'<!-- versionAF="AAF-VE2407" -->' for content in files.values())
    assert [len(content.split(b"<addRequest>")) - 1 for content in files.values()] == [2, 2, 1]
    assert read(files).manifest.versions == ("AAF-VE2407",)
    assert list(written(Directory())) == []


def test_attributes_follow_the_shape_or_the_table() -> None:
    """A record that was read keeps its attributes, in order; one made by hand has the standard ones, empty or not."""
    subject = Subject(Jointure("030201"), label="X", shape=("ENTLibelleMatiere", "ENTMatJointure"))
    assert text_of(subject).index("ENTLibelleMatiere") < text_of(subject).index("ENTMatJointure")
    assert "ENTMatiereRattach" not in text_of(subject)
    assert '<attr name="ENTMatiereRattach"><value/></attr>' in text_of(Subject(Jointure("030201"), label="X"))
    added = attrs.evolve(subject, attached_to=Jointure("1"))
    assert '<attr name="ENTMatiereRattach"><value>1</value></attr>' in text_of(added)
    assert "ENTElevePere" not in text_of(Pupil(Jointure("1")))
    assert "ENTElevePere" in text_of(Pupil(Jointure("1"), father=Jointure("34")))


def test_extra_is_put_back_unless_the_field_changed(document: Files, add: Texts) -> None:
    """Unknown attributes and odd values return as they came; a corrected field wins over what was delivered."""
    odd = {
        "ENTPersonDateNaissance": "31/02/2012",
        "ENTEleveRegime": ("EXTERNE", "INTERNE"),
        "ENTEleveGroupes": ("61001$A", "61001$A", "x"),
        "ENTNouveau": ("a", ""),
        "ENTVide": "",
        "mail": ("", ""),
    }
    delivery = read(document(add(key="1", **odd)))
    again = read(written(delivery.directory))
    assert again.directory == delivery.directory
    (pupil,) = delivery.directory.pupils.values()
    assert again.directory.pupils[pupil.key].shape == pupil.shape
    assert again.directory.pupils[pupil.key].extra == pupil.extra
    corrected = text_of(attrs.evolve(pupil, birth_date=date(2012, 2, 28), regime="INTERNE"))
    assert '"ENTPersonDateNaissance"><value>28/02/2012</value></attr>' in corrected
    assert '"ENTEleveRegime"><value>INTERNE</value></attr>' in corrected
    assert '"ENTNouveau"><value>a</value><value/></attr>' in corrected
    by_hand = text_of(Subject(Jointure("1"), label="X", extra=FrozenMap({"ENTNouveau": ("b",), "": ("lost",)})))
    assert '<attr name="ENTNouveau"><value>b</value></attr>' in by_hand


def test_the_corpus_survives(corpus: Callable[[str], Path]) -> None:
    """The sample delivery is the same once written and read, attribute by attribute."""
    first = read(corpus("aaf")).directory
    second = read(written(first, part_size=100)).directory
    assert second == first
    for category, table in first.tables.items():
        assert [record.shape for record in table.values()] == [
            record.shape for record in second.tables[category].values()
        ]


def test_files_that_no_one_touched_are_written_byte_for_byte(corpus: Callable[[str], Path]) -> None:
    """Untouched files of the sample come back to the byte, the two forms of empty and the last line apart."""
    directory = read(corpus("aaf")).directory
    files = written(
        directory,
        exported=date(2013, 1, 17),
        prefix="FULL_ENTTSSERVICES_",
        headers={"versionAF": "AAF-VE1301"},
        line_end="\r\n",
    )
    for category in ("EtabEducNat", "MatiereEducNat"):
        name = f"FULL_ENTTSSERVICES_Complet_20130117_{category}_0000.xml"
        original = (corpus("aaf") / name).read_bytes().replace(b"<value></value>", b"<value/>")
        assert files[name].rstrip() == original.rstrip()


@pytest.mark.parametrize(
    "record",
    [
        Subject(Jointure("1"), label="\x00"),
        Subject(Jointure("1"), label="\ud800"),
        Subject(Jointure("1 2"), label="X"),
        Mef(Jointure("1"), attached_to=Jointure("a b")),
        Pupil(Jointure("1"), classes=(ClassRef(Jointure("1"), ""),)),
        Pupil(Jointure("1"), groups=(ClassRef(Jointure("1"), "A$B"),)),
        Pupil(Jointure("1"), address=("A$B", "C")),
        Staff(Jointure("1"), post_discipline=LabelFirst("A$B")),
    ],
)
def test_what_the_format_cannot_say_is_refused(record: Record) -> None:
    """A value that would be read back as another is the caller's mistake."""
    with pytest.raises(UsageError):
        text_of(record)


@pytest.mark.parametrize(
    "options",
    [
        {"prefix": "sub/ENT_"},
        {"prefix": "ENT"},
        {"headers": {"a b": "c"}},
        {"headers": {"version": 'a"b'}},
        {"headers": {"version": "a--b"}},
        {"part_size": 0},
    ],
)
def test_arguments_are_checked(options: dict[str, object]) -> None:
    """Names and comments that no reader would understand are refused."""
    with pytest.raises(UsageError):
        written(Directory.of(PEOPLE), **options)
