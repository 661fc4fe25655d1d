"""Damaged archives: a timetable and findings, or one of our errors, and nothing else (udt 8)."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entformats import edt
from entformats.errors import UnreadableInput

FEW = settings(max_examples=settings().max_examples * 2)
NAMES = st.sampled_from(
    [
        f"UDCal_{number}.xml"
        for number in ["00", "03", "04", "05", "07", "08", "10", "11", "12", "13", "19", "21", "23", "24"]
    ]
    + ["semaines.xml"]
)
WORDS = st.sampled_from(
    ["", "0", "1", "-1", "6A", "99999999999999999999", "01/01/0001", "31/12/9999", "24h00", "é", "9" * 90]
)


def read(members: dict[str, bytes]) -> edt.Export | None:
    """Read an archive, and write what was read; None where it is refused."""
    try:
        export = edt.read(members, uai="0749999S")
    except UnreadableInput:
        return None
    for _, chunks in edt.write(export.timetable, dialect="udt"):
        b"".join(chunks)
    list(export.timetable.lessons())
    return export


@FEW
@given(name=NAMES, at=st.integers(0, 600))
def test_a_member_that_is_cut(members: dict[str, bytes], name: str, at: int) -> None:
    """The others are read; the cut is an error of the report."""
    export = read({**members, name: members[name][:at]})
    assert export is not None
    assert at >= len(members[name].rstrip()) or export.report.problems


@FEW
@given(name=NAMES, at=st.integers(0, 600), bit=st.integers(0, 7))
def test_a_bit_that_is_flipped(members: dict[str, bytes], name: str, at: int, bit: int) -> None:
    """Whatever it makes of the member."""
    content = bytearray(members[name])
    content[at % len(content)] ^= 1 << bit
    assert read({**members, name: bytes(content)}) is not None


@FEW
@given(data=st.data(), name=NAMES, word=WORDS)
def test_a_value_that_is_replaced(data: st.DataObject, members: dict[str, bytes], name: str, word: str) -> None:
    """Any value of any member, by one out of bounds."""
    pieces = members[name].decode().split('"')
    if len(pieces) > 1:
        pieces[data.draw(st.integers(0, len(pieces) // 2 - 1)) * 2 + 1] = word
    assert read({**members, name: '"'.join(pieces).encode()}) is not None


@given(st.binary(max_size=80))
def test_any_bytes_as_all_members(content: bytes) -> None:
    """Nothing but our errors, or a timetable."""
    read(dict.fromkeys(("UDCal_12.xml", "semaines.xml", "UDCal_24.xml"), content))


@given(st.integers(0, 5_000), st.integers(0, 7))
def test_a_damaged_zip(members: dict[str, bytes], at: int, bit: int) -> None:
    """A flipped bit anywhere in the archive itself."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    damaged = bytearray(packed.getvalue())
    damaged[at % len(damaged)] ^= 1 << bit
    try:
        export = edt.read(bytes(damaged), uai="0749999S")
    except UnreadableInput:
        return
    assert export.dialect == "udt"


def test_very_many_records() -> None:
    """Closures, lines and memberships in great number are read in proportion to it."""
    closures = '<fermeture debut="01/01/2023" fin="02/01/2023"/>' * 20_000
    lines = "".join(f'<ligfiche code="1{n}" fic="1" div="6A" mat="M{n % 9}" prof="P"/>' for n in range(20_000))
    members = {
        "UDCal_24.xml": f"<c><debut_eleve>01/09/2022</debut_eleve>{closures}</c>",
        "UDCal_00.xml": '<p><init premiere_semaine_ISO="35"/></p>',
        "UDCal_07.xml": '<d><demi_seq code_jour="1" code="1" code_site="1" hre_deb="8h00" hre_fin="9h00"/></d>',
        "UDCal_08.xml": '<d><div code="6A"/></d>',
        "UDCal_11.xml": '<f><fiche code="1" jour="1" demi_seq="1" site="1"/></f>',
        "UDCal_12.xml": f"<l>{lines}</l>",
    }
    export = read({name: text.encode() for name, text in members.items()})
    assert export is not None
    assert len(export.timetable.weekly_lessons) == 9


@pytest.mark.parametrize("number", [65_535, 65_536])
def test_a_half_sequence_of_any_number(members: dict[str, bytes], number: int) -> None:
    """A number beyond a short one is no number."""
    content = members["UDCal_07.xml"].replace(b'code_jour="2" code="2"', f'code_jour="2" code="{number}"'.encode())
    assert read({**members, "UDCal_07.xml": content}) is not None
