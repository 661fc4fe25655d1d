"""`entformats match`: who of real files is which account, and why."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from attrs import evolve

from entformats import aaf, cli, edt, rules
from entformats.cli.matching import MatchOrder, _reasons, _show
from entformats.cli.screen import Screen
from entformats.identity import Identity, Profile, Ref
from entformats.rules import State
from entformats.testing import school
from entformats.testing.school import FictitiousSchool

AT = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def made() -> FictitiousSchool:
    """Generate a small school."""
    return school.generate(seed=3, pupils=60)


@pytest.fixture
def files(made: FictitiousSchool, tmp_path: Path) -> Path:
    """Write its delivery and its first export in a folder."""
    (tmp_path / "aaf").mkdir()
    for name, chunks in aaf.write(made.directory, exported=made.first_at.date()):
        (tmp_path / "aaf" / name).write_bytes(b"".join(chunks))
    ((_, chunks),) = edt.write(made.first)
    (tmp_path / "first.xml").write_bytes(b"".join(chunks))
    return tmp_path


def match(files: Path, *options: str) -> int:
    """Run `entformats match` on the files of the folder."""
    return cli.run(["match", "--aaf", str(files / "aaf"), "--timetable", str(files / "first.xml"), *options])


def decided(made: FictitiousSchool) -> str:
    """Answer for everybody who must be identified by hand."""
    people = [one for one in made.first.identities() if one.profile is not Profile.GUARDIAN]
    matching = rules.match(people, made.directory.identities(school=made.uai))
    lost = [*matching.unmatched, *matching.ambiguous, *matching.conflicts]
    return rules.decisions_to_json(
        [matching.decide(ref, made.accounts.get(Ref(ref)), by="secretary", at=AT) for ref in lost]
    )


def test_people_are_shown_without_names(
    files: Path, made: FictitiousSchool, capsys: pytest.CaptureFixture[str]
) -> None:
    """Counts and levels of each profile, then the unmatched with reasons and suggestions; names are hidden; code 1."""
    assert match(files) == cli.ExitCode.PROBLEMS
    out = capsys.readouterr().out
    assert "enseignants reconnus sur" in out
    assert "élèves reconnus sur 60" in out
    assert "même code source" in out
    assert "responsable" not in out
    assert "Personne sans date de naissance (MATCH-511)" in out
    assert "points sur 11 (nom 4, prénom 3, date 0)" in out
    assert not any(one.family in out for one in made.first.identities())


def test_names_when_asked(files: Path, made: FictitiousSchool, capsys: pytest.CaptureFixture[str]) -> None:
    """With names, each unmatched person has the whole explanation; --all shows the certain ones too."""
    match(files, "--show-names", "--all")
    out = capsys.readouterr().out
    assert all(one.family in out for one in made.first.identities(Profile.PUPIL))
    assert "À faire : Choisir le compte parmi les propositions" in out


def test_accept_names(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Unique names match without a date where they are accepted."""
    match(files, "--accept-names")
    out = capsys.readouterr().out
    assert "noms uniques, sans date (" in out
    match(files)
    assert out.count("MATCH-511") < capsys.readouterr().out.count("MATCH-511")


def test_decisions(files: Path, made: FictitiousSchool, capsys: pytest.CaptureFixture[str]) -> None:
    """Decisions come from a file, or from the state; with all of them everybody is recognised, and the code is 0."""
    (files / "decisions.json").write_text(decided(made), "utf-8")
    assert match(files, "--decisions", str(files / "decisions.json")) == cli.ExitCode.OK
    assert "décision mémorisée" in capsys.readouterr().out
    state = State.new(made.uai, 2026).with_decisions(rules.decisions_from_json(decided(made)))
    (files / "state.json").write_text(state.to_json(), "utf-8")
    assert match(files, "--state", str(files / "state.json")) == cli.ExitCode.OK
    (files / "state.json").write_text(State.new("0749998R", 2026).to_json(), "utf-8")
    assert match(files, "--state", str(files / "state.json")) == cli.ExitCode.USAGE


def test_several_files(files: Path, made: FictitiousSchool, capsys: pytest.CaptureFixture[str]) -> None:
    """An export may be given file by file, as those of STS-Web and SIECLE are."""
    paths = []
    for name, chunks in edt.write(made.first, dialect="sts"):
        (files / name).write_bytes(b"".join(chunks))
        paths.append(str(files / name))
    assert cli.run(["match", "--aaf", str(files / "aaf"), "--timetable", *paths]) == cli.ExitCode.PROBLEMS
    assert len(paths) > 1
    assert "enseignants reconnus sur" in capsys.readouterr().out


def test_every_outcome(capsys: pytest.CaptureFixture[str]) -> None:
    """An ambiguity and a conflict name their accounts, a taken suggestion says so, the dismissed are apart."""

    def person(ref: str, given: str = "Zoé", family: str = "LANDRIEU") -> Identity:
        return Identity(ref, Profile.TEACHER, "0749999S", given, family, birth_date=AT.date())

    accounts = [person("a1"), person("a2"), person("a3", "Ugo", "NGUYEN"), person("a4", "Max", "TIERS")]
    sources = [
        person("t1"),
        person("t2", "Ugo", "NGUYÊN"),
        person("t3", "UGO", "NGUYÊN"),
        person("t4", "Max", "TIERS"),
        person("t5", "Maxime", "TIERS"),
        person("t6", "Lou", "TRUC"),
    ]
    matching = rules.match(sources, accounts)
    matching = rules.match(sources, accounts, decisions=[matching.decide("t6", None, at=AT)])
    order = MatchOrder(Path(), (), None, None, None, accept_names=False, everybody=True, show_names=False)
    _show(Screen(), matching, Profile.TEACHER, order)
    out = capsys.readouterr().out
    assert "t1 : Plusieurs comptes possibles (MATCH-513)\n    compte a1\n    compte a2" in out
    assert out.count("    compte a3\n") == 2
    assert "compte a4 ?" in out
    assert "; déjà attribué" in out
    assert "1 enseignant écarté sur décision" in out
    _show(Screen(), matching.only(profile=Profile.PUPIL), Profile.PUPIL, order)
    assert capsys.readouterr().out == ""
    assert list(_reasons(matching, "t4", order)) == ["t4"]
    taken = rules.match([*sources, evolve(sources[0], ref="t7")], [accounts[0], accounts[2]])
    assert len(taken.conflicts) == 4


def test_the_page_shows_what_is_printed(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The output on the how-to page is that of the command."""
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "match-people.md").read_text("utf-8")
    match(files)
    assert page.partition("```text\n")[2].partition("```")[0] in capsys.readouterr().out
