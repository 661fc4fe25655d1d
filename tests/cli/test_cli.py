"""The command line: what it prints, what it writes, and its exit codes."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from attrs import evolve

from entformats import aaf, cli, edt, rules
from entformats.frozen import FrozenMap
from entformats.identity import Ref
from entformats.rules import State
from entformats.rules.bilan_counts import (
    AddedModified,
    AddedModifiedRemoved,
    AddedRemoved,
    Delta,
    Imported,
    Management,
    Preliminary,
    Running,
    ServiceCount,
    Services,
    Weekly,
)
from entformats.testing import school
from entformats.testing.school import FictitiousSchool


@pytest.fixture(scope="module")
def fictitious() -> FictitiousSchool:
    """Give a small school."""
    return school.generate(5, pupils=60)


@pytest.fixture
def files(fictitious: FictitiousSchool, tmp_path: Path) -> Path:
    """Write its delivery and its two exports in a folder."""
    (tmp_path / "aaf").mkdir()
    for name, chunks in aaf.write(fictitious.directory, exported=fictitious.first_at.date()):
        (tmp_path / "aaf" / name).write_bytes(b"".join(chunks))
    for name, timetable in (("first.xml", fictitious.first), ("second.xml", fictitious.second)):
        ((_, chunks),) = edt.write(timetable)
        (tmp_path / name).write_bytes(b"".join(chunks))
    return tmp_path


def bilan(files: Path, export: str, *options: str) -> int:
    """Run `entformats bilan` on files of the folder."""
    return cli.run(["bilan", "--aaf", str(files / "aaf"), "--timetable", str(files / export), *options])


@pytest.mark.parametrize(
    ("form", "start"),
    [("markdown", "# Bilan d'import"), ("html", "<!DOCTYPE html>"), ("json", "{"), ("csv", "bloc,rubrique,ligne")],
)
def test_bilan_in_other_forms(form: str, start: str, files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The document stands alone on standard output; what else there is to say goes to standard error."""
    state = str(files / "state.json")
    assert bilan(files, "first.xml", "--format", form, "--state", state, "--validate") == cli.ExitCode.OK
    shown = capsys.readouterr()
    assert shown.out.startswith(start)
    assert "Import validé" in shown.err


def test_bilan_shows_and_changes_nothing(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --validate the bilan is shown and no file is written; names are hidden."""
    before = sorted(files.rglob("*"))
    assert bilan(files, "first.xml", "--state", str(files / "state.json"), "--at", "2026-11-03T10:00:00") == 0
    out = capsys.readouterr().out
    assert "Bilan préliminaire d'import" in out
    assert "enseignants reconnus dans l'établissement" in out
    assert sorted(files.rglob("*")) == before


def test_names_are_shown_only_when_asked(
    files: Path, fictitious: FictitiousSchool, capsys: pytest.CaptureFixture[str]
) -> None:
    """The people to identify are references, or names with --show-names."""
    lost = [ref for ref in fictitious.by_hand if ref.startswith("teacher:")]
    person = fictitious.first.teachers[lost[0]].identity
    bilan(files, "first.xml")
    hidden = capsys.readouterr().out
    bilan(files, "first.xml", "--show-names")
    shown = capsys.readouterr().out
    assert person.ref in hidden
    assert person.family not in hidden
    assert str(person.source_key) in shown


def test_validated_imports_follow_each_other(
    files: Path, fictitious: FictitiousSchool, capsys: pytest.CaptureFixture[str]
) -> None:
    """--validate writes the state, the next import is compared with it; decisions come from a file and stay."""
    roster = rules.roster(fictitious.directory, school=fictitious.uai)
    matching = rules.match(fictitious.first.identities(), roster.people)
    decisions = [matching.decide(r, fictitious.accounts[r], at=fictitious.first_at) for r in fictitious.by_hand]
    (files / "decisions.json").write_text(rules.decisions_to_json(decisions), "utf-8")
    state = ["--state", str(files / "state.json"), "--validate"]
    assert bilan(files, "first.xml", *state, "--decisions", str(files / "decisions.json")) == 0
    assert bilan(files, "second.xml", *state) == 0
    assert "Import validé" in capsys.readouterr().out
    stored = State.from_json((files / "state.json").read_text("utf-8"))
    assert [attempt.outcome.value for attempt in stored.history] == ["applied", "applied"]
    assert len(stored.decisions) == len(decisions)
    assert rules.bilan.parse(stored.history[1].bilan).preliminary.subjects.added <= 1
    assert [path.name for path in files.glob("tmp*")] == []


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--validate"], cli.ExitCode.USAGE),
        (["--mode", "NONE"], cli.ExitCode.USAGE),
        (["--school", "0749999S"], cli.ExitCode.USAGE),
    ],
)
def test_usage_errors(files: Path, options: list[str], code: int) -> None:
    """What was asked wrongly gives 2."""
    assert bilan(files, "first.xml", *options) == code


def test_a_state_of_another_year_is_a_problem(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A blocker is shown with its repair, nothing is validated, and the code is 1."""
    state = files / "state.json"
    text = State.new(school.generate(5, pupils=60).uai, 2020).to_json()
    state.write_text(text, "utf-8")
    assert bilan(files, "first.xml", "--state", str(state), "--validate") == cli.ExitCode.PROBLEMS
    assert "STATE-502" in capsys.readouterr().out
    assert state.read_text("utf-8") == text


def test_a_state_that_is_none_is_a_configuration_error(files: Path) -> None:
    """A state file that cannot be read gives 4."""
    (files / "state.json").write_text("{}", "utf-8")
    assert bilan(files, "first.xml", "--state", str(files / "state.json")) == cli.ExitCode.CONFIGURATION


def test_unreadable_input(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A truncated export gives 3, one line on standard error with its place, and nothing else."""
    export = files / "first.xml"
    export.write_bytes(export.read_bytes()[:5000])
    assert bilan(files, "first.xml") == cli.ExitCode.UNREADABLE
    captured = capsys.readouterr()
    assert captured.err.startswith("entformats: first.xml:")
    assert "XML-" in captured.err


def test_show_describes_each_file(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One paragraph a file: what it is, what it holds."""
    assert cli.run(["show", str(files / "aaf"), str(files / "first.xml")]) == 0
    out = capsys.readouterr().out
    assert "Date d'export : 02/11/2026" in out
    assert "60 élèves" in out
    assert "année scolaire 2026-2027" in out


def test_show_of_something_else(tmp_path: Path) -> None:
    """A file of no known format gives 3, no file at all gives 2."""
    (tmp_path / "x.bin").write_bytes(b"what is this?")
    assert cli.run(["show", str(tmp_path / "x.bin")]) == cli.ExitCode.UNREADABLE
    assert cli.run(["show", str(tmp_path / "absent")]) == cli.ExitCode.UNREADABLE
    assert cli.run(["show"]) == cli.ExitCode.USAGE


def test_show_counts_errors(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A delivery of which a file is broken is shown all the same, and the code is 1; alone, that file gives 3."""
    broken = files / "aaf" / "ENT_Complet_20261102_Eleve_0001.xml"
    broken.write_bytes(b"")
    assert cli.run(["show", str(files / "aaf")]) == cli.ExitCode.PROBLEMS
    assert "ENT_Complet_20261102_Eleve_0001.xml:1" in capsys.readouterr().out
    assert cli.run(["show", str(broken)]) == cli.ExitCode.UNREADABLE


DELTA = b"""<ficAlimMENESR>
<modifyRequest>
<operationalAttributes><attr name="categoriePersonne"><value>Eleve</value></attr></operationalAttributes>
<identifier><id>3100001</id></identifier>
<modifications><modification name="ENTEleveGroupes" operation="replace"><value/></modification></modifications>
</modifyRequest>
<deleteRequest>
<operationalAttributes><attr name="categoriePersonne"><value>PersRelEleve</value></attr></operationalAttributes>
<identifier><id>3400001</id></identifier>
</deleteRequest>
</ficAlimMENESR>"""


def test_show_and_convert_a_delta(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A delta is counted by request, converted to JSON Lines, and has no tables."""
    file = tmp_path / "ENT_Delta_20261103_Eleve_0000.xml"
    file.write_bytes(DELTA)
    cli.run(["show", str(file)])
    out = capsys.readouterr().out
    assert "Modifications : 1 élève" in out
    assert "Suppressions : 1 responsable" in out
    cli.run(["convert", str(file)])
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["request"] for row in rows] == ["modify", "delete"]
    assert rows[0]["changes"] == {"groups": []}
    assert cli.run(["convert", str(file), "--to", "csv", "-o", str(tmp_path / "out")]) == cli.ExitCode.USAGE


def test_convert_to_json_lines(files: Path, fictitious: FictitiousSchool) -> None:
    """One line a record, every filled field in it."""
    output = files / "out.jsonl"
    assert cli.run(["convert", str(files / "aaf"), "-o", str(output)]) == 0
    rows = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    pupils = {row["key"]: row for row in rows if row["category"] == "Eleve"}
    assert set(pupils) == set(fictitious.directory.pupils)
    key, pupil = next(iter(fictitious.directory.pupils.items()))
    assert pupils[key]["family"] == pupil.family
    assert pupils[key]["birth_date"] == pupil.birth_date.isoformat() if pupil.birth_date else True
    assert pupils[key]["classes"] == [{"school": ref.school, "name": ref.name} for ref in pupil.classes]


def test_convert_to_tables(files: Path, fictitious: FictitiousSchool) -> None:
    """One file a table: lone fields in the main one, each list in its own, ranked."""
    folder = files / "tables"
    assert cli.run(["convert", str(files / "aaf"), "--to", "csv", "-o", str(folder)]) == 0
    with (folder / "Eleve_relations.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    relations = sum(len(pupil.relations) for pupil in fictitious.directory.pupils.values())
    assert len(rows) == relations
    assert list(rows[0])[:3] == ["key", "rank", "person"]


def test_convert_refuses(files: Path) -> None:
    """Tables need a folder; nothing, two kinds of source, and a file of no known kind are not converted."""
    (files / "other.txt").write_text("what is this?")
    for arguments in (
        [str(files / "aaf"), "--to", "csv"],
        [],
        ["--to", "ics", "--for", "class:6A"],
        [str(files / "aaf"), str(files / "first.xml")],
        [str(files / "other.txt")],
    ):
        assert cli.run(["convert", *arguments]) == cli.ExitCode.USAGE


def test_diff_of_two_deliveries(files: Path, fictitious: FictitiousSchool, capsys: pytest.CaptureFixture[str]) -> None:
    """What was created, modified and vanished, by category, then by school and profile; values only when asked."""
    key, pupil = next(iter(fictitious.directory.pupils.items()))
    others = {name: one for name, one in fictitious.directory.pupils.items() if name != key}
    new = evolve(fictitious.directory, pupils=FrozenMap(others | {key: evolve(pupil, regime="INTERNE 5 JOURS")}))
    (files / "new").mkdir()
    for name, chunks in aaf.write(new):
        (files / "new" / name).write_bytes(b"".join(chunks))
    assert cli.run(["diff", str(files / "aaf"), str(files / "new")]) == 0
    out = capsys.readouterr().out
    assert re.search(r"Eleve +\d+ +0 +1 +0\n", out)
    assert re.search(rf"{fictitious.uai} +élèves +\d+ +0 +1 +0 +0 +0 +0\n", out)
    assert cli.run(["diff", str(files / "aaf"), str(files / "new"), "--to", "jsonl"]) == 0
    assert json.loads(capsys.readouterr().out)["attributes"] == ["ENTEleveRegime"]
    cli.run(["diff", str(files / "aaf"), str(files / "new"), "--to", "jsonl", "--show-names"])
    (change,) = json.loads(capsys.readouterr().out)["attributes"]
    assert change["after"] == "INTERNE 5 JOURS"


def test_diff_names_losses(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing file looks like mass departures: said, and the code is 1."""
    (files / "new").mkdir()
    for path in (files / "aaf").iterdir():
        if "PersEducNat" not in path.name:
            (files / "new" / path.name).write_bytes(path.read_bytes())
    assert cli.run(["diff", str(files / "aaf"), str(files / "new")]) == cli.ExitCode.PROBLEMS
    assert "Des pertes sont à confirmer" in capsys.readouterr().out
    assert cli.run(["diff", str(files / "aaf"), str(files / "new"), "--to", "jsonl"]) == cli.ExitCode.PROBLEMS
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["change"] for row in rows} == {"vanished"}


def test_diff_of_a_delta(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A delta is applied to the delivery that it follows."""
    (files / "ENT_Delta_20261103_Eleve_0000.xml").write_bytes(DELTA)
    added = DELTA.replace(b"<ficAlimMENESR>", b"<ficAlimMENESR>" + ADDED)
    (files / "delta").mkdir()
    (files / "delta" / "ENT_Delta_20261103_MatiereEducNat_0000.xml").write_bytes(added)
    cli.run(["diff", str(files / "aaf"), str(files / "delta"), "--to", "jsonl"])
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"category": "MatiereEducNat", "key": "999901", "change": "created"} in rows


ADDED = b"""<addRequest>
<operationalAttributes><attr name="categorieMatiere"><value>MatEducNat</value></attr></operationalAttributes>
<identifier><id>999901</id></identifier>
<attributes><attr name="ENTMatJointure"><value>999901</value></attr>
<attr name="ENTLibelleMatiere"><value>NOUVELLE MATIERE</value></attr></attributes>
</addRequest>"""


def test_convert_says_what_is_wrong(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Findings go to standard error, by code, and an error gives 1."""
    (files / "aaf" / "ENT_Complet_20261102_Eleve_0001.xml").write_bytes(b"<ficAlimMENESR>")
    for options in ([], ["--to", "csv", "-o", str(files / "tables")]):
        assert cli.run(["convert", str(files / "aaf"), *options]) == cli.ExitCode.PROBLEMS
        assert "XML-" in capsys.readouterr().err


def test_a_bug_is_said_plainly(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """An exception of another kind gives 70 and no traceback; an interruption gives 130."""

    def broken(*_: object) -> int:
        raise RuntimeError("Jean DUPONT")

    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("entformats.cli.demo.demo", broken)
    assert cli.run(["demo"]) == cli.ExitCode.BUG
    err = capsys.readouterr().err
    assert "RuntimeError" in err
    assert "DUPONT" not in err
    monkeypatch.setattr("entformats.cli.demo.demo", interrupted)
    assert cli.run(["demo"]) == cli.ExitCode.INTERRUPTED


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the extra of the command line, one line says what to install."""
    monkeypatch.setitem(__import__("sys").modules, "cyclopts", None)
    assert cli.run(["demo"]) == cli.ExitCode.USAGE
    assert "entformats[cli]" in capsys.readouterr().err


def test_main_leaves_with_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """`main` is `run` on the arguments of the process."""
    monkeypatch.setattr("sys.argv", ["entformats", "demo", "--pupils", "3"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == cli.ExitCode.USAGE


def test_decisions_file_has_the_documented_shape(fictitious: FictitiousSchool) -> None:
    """A decisions file is an array of profile, school, source_key, account or null, by, at; little else is written."""
    roster = rules.roster(fictitious.directory, school=fictitious.uai)
    matching = rules.match(fictitious.first.identities(), roster.people)
    ref = min(fictitious.by_hand)
    text = rules.decisions_to_json([matching.decide(ref, None, by="admin", at=fictitious.first_at)])
    (row,) = json.loads(text)
    assert set(row) == {"profile", "school", "source_key", "account", "by", "at"}
    assert row["account"] is None


def test_progress_is_shown_on_a_terminal_only(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal's standard error a bar follows the bytes; what is read is the same."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert cli.run(["show", str(files / "first.xml"), str(files / "aaf")]) == 0


@pytest.mark.slow
def test_bilan_of_the_sample_college(
    corpus: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The sample school, first then second export, through files and a state between: the bilan of its page."""
    first, second = corpus("edt/college.xml"), corpus("edt/college-s2.xml")
    timetable = edt.read(first).timetable
    directory = school.directory_of(timetable)
    (tmp_path / "aaf").mkdir()
    for name, chunks in aaf.write(directory):
        (tmp_path / "aaf" / name).write_bytes(b"".join(chunks))
    roster = rules.roster(directory, school=timetable.uai)
    matching = rules.match(timetable.identities(), roster.people)
    at = datetime.fromisoformat("2022-11-07T12:00:00+01:00")
    decisions = [
        matching.decide(ref, school.account_of(timetable, Ref(ref)), at=at)
        for ref in matching
        if not matching.account(ref)
    ]
    (tmp_path / "decisions.json").write_text(rules.decisions_to_json(decisions), "utf-8")
    state = str(tmp_path / "state.json")
    common = ["--aaf", str(tmp_path / "aaf"), "--state", state, "--validate"]
    common += ["--decisions", str(tmp_path / "decisions.json")]
    assert cli.run(["bilan", "--timetable", str(first), "--at", at.isoformat(), *common]) == 0
    assert cli.run(["bilan", "--timetable", str(second), "--at", "2023-02-19T12:00:00+01:00", *common]) == 0
    one, two = (rules.bilan.parse(a.bilan) for a in State.from_json(Path(state).read_text("utf-8")).history)
    assert one.preliminary == Preliminary(
        subjects=AddedModified(added=23),
        closure_periods=AddedRemoved(added=9),
        week_alternations=AddedModifiedRemoved(added=2),
        teaching_services=Services(added=ServiceCount(311, 2)),
        lessons=Delta(14330),
        classes=Imported(16, 1),
        option_groups=Imported(89, 0),
        teachers=Imported(34, 0),
        group_management=one.preliminary.group_management,
    )
    assert one.weekly == Weekly(exceptional_lessons=Running(6, 6))
    assert two.preliminary == Preliminary(
        week_alternations=AddedModifiedRemoved(2, 0, 2),
        teaching_services=Services(modified=ServiceCount(85), removed=ServiceCount(2)),
        lessons=Delta(-131),
        classes=Imported(16, 1),
        option_groups=Imported(89, 0),
        teachers=Imported(34, 3),
        group_management=Management(audiences_with_pupils_to_add=3),
    )
    assert two.weekly == Weekly(Running(24, 24), Running(4, 4), Running(1, 7))
    assert "Bilan préliminaire" in capsys.readouterr().out
