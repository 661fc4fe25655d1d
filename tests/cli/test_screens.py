"""Words and cases of the screens that whole files seldom show."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from attrs import evolve

from entformats import cli, rules
from entformats.cli.importing import _hint, show_matching
from entformats.cli.screen import Screen
from entformats.identity import Identity, Profile

BORN = date(1981, 3, 14)
AT = datetime(2026, 9, 1, tzinfo=UTC)


def person(ref: str, given: str = "Zoé", family: str = "LANDRIEU") -> Identity:
    """Make a teacher."""
    return Identity(ref, Profile.TEACHER, "0749999S", given, family, birth_date=BORN)


def test_every_outcome_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    """An ambiguity names its accounts, a conflict too, nobody to propose is said, the dismissed are apart."""
    accounts = [person("a1"), person("a2"), person("a3", "Ugo", "NGUYEN"), person("a4", "Max", "TIERS")]
    sources = [
        person("teacher:1"),
        person("teacher:2", "Ugo", "NGUYÊN"),
        person("teacher:3", "UGO", "NGUYÊN"),
        person("teacher:4", "Lou", "MERCANTOUR"),
        person("teacher:5", "Max", "TIERS"),
    ]
    matching = rules.match(sources, accounts)
    matching = rules.match(sources, accounts, decisions=[matching.decide("teacher:5", None, at=AT)])
    show_matching(Screen(), matching, Profile.TEACHER, show_names=True)
    out = capsys.readouterr().out
    assert "à choisir entre a1, a2" in out
    assert out.count("conflit sur a3") == 2
    assert "MERCANTOUR Lou" in out
    assert "1 enseignant écarté sur décision" in out
    assert _hint(matching["teacher:5"]) == ""


def test_a_matching_is_hashable() -> None:
    """Equal matchings hash alike."""
    one, two = (rules.match([person("teacher:1")], [person("a1")]) for _ in range(2))
    assert hash(one) == hash(two)
    assert one != rules.match([person("teacher:1")], [evolve(person("a1"), given="Ugo")])


FILE = b"""<ficAlimMENESR><addRequest>
<operationalAttributes><attr name="categorieMatiere"><value>MatEducNat</value></attr></operationalAttributes>
<identifier><id>030201</id></identifier>
<attributes><attr name="ENTMatJointure"><value>030201</value></attr>
<attr name="ENTLibelleMatiere"><value>ANGLAIS LV1</value></attr>
<attr name="ENTMatNouveau"><value>A</value><value>B</value></attr></attributes>
</addRequest></ficAlimMENESR>"""


def test_a_delivery_without_date_and_another_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file name without date gives none, a file that is no XML is passed over, an unknown attribute is converted."""
    (tmp_path / "Complet_MatiereEducNat_0000.xml").write_bytes(FILE)
    (tmp_path / "README.md").write_bytes(b"# notes")
    assert cli.run(["show", str(tmp_path)]) == 0
    assert "Date d'export" not in capsys.readouterr().out
    assert cli.run(["convert", str(tmp_path)]) == 0
    assert '"extra": {"ENTMatNouveau": ["A", "B"]}' in capsys.readouterr().out
    folder = tmp_path / "tables"
    assert (
        cli.run(["convert", str(tmp_path / "Complet_MatiereEducNat_0000.xml"), "--to", "csv", "-o", str(folder)]) == 0
    )
    rows = (folder / "MatiereEducNat_extra.csv").read_text("utf-8").splitlines()
    assert rows == ["key,rank,attribute,value", "030201,0,ENTMatNouveau,A", "030201,1,ENTMatNouveau,B"]


def test_a_delivery_of_which_nothing_can_be_read(tmp_path: Path) -> None:
    """A folder whose only file breaks off gives 3."""
    (tmp_path / "Complet_MatiereEducNat_0000.xml").write_bytes(FILE[:-30])
    assert cli.run(["show", str(tmp_path)]) == cli.ExitCode.UNREADABLE


def test_two_equal_deliveries(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing changed: no population is shown, and the code is 0."""
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "Complet_MatiereEducNat_0000.xml").write_bytes(FILE)
    assert cli.run(["diff", str(tmp_path / "old"), str(tmp_path / "new")]) == 0
    assert "Par établissement" not in capsys.readouterr().out


def test_several_timetables_of_edt_are_not_joined(tmp_path: Path) -> None:
    """Only the files of STS-Web and SIECLE make one timetable together."""
    (tmp_path / "t.xml").write_text('<ExportEmploiDuTemps UAI="0749999S"/>')
    options = ["--aaf", str(tmp_path), "--timetable", str(tmp_path / "t.xml"), "--timetable", str(tmp_path / "t.xml")]
    assert cli.run(["bilan", *options]) == cli.ExitCode.UNREADABLE
