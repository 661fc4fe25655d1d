# ruff: noqa: ANN401 - a database holds anything
"""The three jobs of a backend, as a user writes them, over dictionaries as database: they must stay this short."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import pytest
from attrs import evolve

import entformats
from entformats import aaf, edt, rules
from entformats.errors import StalePreview
from entformats.identity import Decision, Profile
from entformats.problems import Problem, Verdict
from entformats.rules import GroupMode
from entformats.testing import school
from entformats.testing.school import FictitiousSchool

NOW = datetime.fromisoformat("2026-11-03T09:00:00+01:00")


class Database:
    """Tables in memory: what the three programs need of a database, and nothing else."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[Any, Any]] = defaultdict(dict)
        self.missing: set[Any] = set()

    def upsert(self, table: str, key: Any, row: Any) -> None:
        self.tables[table][key] = row

    def patch(self, key: Any, changes: Any) -> None:
        self.tables["patches"][key] = changes

    def mark_missing(self, key: Any) -> None:
        self.missing.add(key)

    def write(self, table: str, key: Any, row: Any) -> None:
        if row is None:
            del self.tables[table][key]
        else:
            self.tables[table][key] = row
        if table == "groups" and row is not None and row.key != key:
            self.rename_group(key, row.key)

    def rename_group(self, old: Any, new: Any) -> None:
        """Do what a foreign key does by itself: the members of a renamed group stay its members."""
        self.tables["groups"][new] = self.tables["groups"].pop(old)
        for row in self.rows("memberships"):
            if row.audience == old:
                moved = evolve(row, audience=new)
                del self.tables["memberships"][row.key]
                self.tables["memberships"][moved.key] = moved

    def rows(self, table: str) -> list[Any]:
        return list(self.tables[table].values())

    @contextmanager
    def transaction(self) -> Iterator[None]:
        yield


@pytest.fixture(scope="module")
def fictitious() -> FictitiousSchool:
    """Give a small school."""
    return school.generate(7, pupils=60)


def nightly(db: Database, source: bytes, log: list[Problem]) -> None:
    """Program 1: the nightly AAF, any size, flat memory."""
    for item in aaf.iter_records(source):
        match item:
            case aaf.Add(record=r):
                db.upsert(type(r).__name__, r.key, r)
            case aaf.Modify(key=k, changes=c):
                db.patch(k, c)
            case aaf.Delete(key=k):
                db.mark_missing(k)
            case Problem():
                log.append(item)


def import_timetable(db: Database, uai: str, upload: bytes, decisions: tuple[Decision, ...], now: datetime) -> str:
    """Program 2: a timetable import in a web backend that owns its database."""
    state = rules.State.from_json(db.tables["states"][uai])
    roster = rules.Roster(
        school=uai,
        people=db.rows("identities"),
        classes=db.rows("classes"),
        groups=db.rows("groups"),
        memberships=db.rows("memberships"),
    )
    preview = rules.prepare(
        edt.read(upload, uai=uai).timetable, roster, state=state, mode=MODE, decisions=decisions, at=now
    )
    with db.transaction():
        new = preview.validate(rules.State.from_json(db.tables["states"][uai]), at=now, by="admin")
        for table in ("subjects", "groups", "memberships", "lessons"):
            for key, (_before, after) in getattr(preview.plan, table).items():
                db.write(table, key, after)
        db.tables["states"][uai] = new.to_json()
    return rules.bilan.render(preview.bilan)


MODE = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS


def test_the_nightly_aaf_fills_the_tables(fictitious: FictitiousSchool) -> None:
    """Every record of the delivery is in its table, and a delta patches and marks."""
    db, log = Database(), list[Problem]()
    for _, chunks in aaf.write(fictitious.directory):
        nightly(db, b"".join(chunks), log)
    assert len(db.tables["Pupil"]) == len(fictitious.directory.pupils)
    assert len(db.tables["Staff"]) == len(fictitious.directory.staff)
    assert len(db.tables["School"]) == 1
    delta = b"""<ficAlimMENESR>
<modifyRequest>
<operationalAttributes><attr name="categoriePersonne"><value>Eleve</value></attr></operationalAttributes>
<identifier><id>3100001</id></identifier>
<modifications><modification name="ENTEleveGroupes" operation="replace"><value/></modification></modifications>
</modifyRequest>
<deleteRequest>
<operationalAttributes><attr name="categoriePersonne"><value>PersRelEleve</value></attr></operationalAttributes>
<identifier><id>3400001</id></identifier></deleteRequest>
</ficAlimMENESR>"""
    nightly(db, delta, log)
    assert set(db.tables["patches"]) == {"3100001"}
    assert db.missing == {"3400001"}
    assert [found for found in log if found.severity == "error"] == []


def test_two_imports_and_an_empty_third(fictitious: FictitiousSchool) -> None:
    """The plan keeps the tables equal to the file: importing it again writes nothing and says nothing new."""
    db, uai = Database(), fictitious.uai
    roster = rules.roster(fictitious.directory, school=uai)
    db.tables["identities"] = {person.ref: person for person in roster.people}
    db.tables["classes"] = {entry.key: entry for entry in roster.classes}
    db.tables["groups"] = {entry.key: entry for entry in roster.groups}
    db.tables["memberships"] = {row.key: row for row in roster.memberships}
    db.tables["states"] = {uai: rules.State.new(uai, 2026).to_json()}
    matching = rules.match(fictitious.first.identities(), roster.people)
    decisions = tuple(
        matching.decide(ref, fictitious.accounts[ref], by="admin", at=NOW) for ref in sorted(fictitious.by_hand)
    )
    uploads = [next(b"".join(chunks) for _, chunks in edt.write(t)) for t in (fictitious.first, fictitious.second)]
    import_timetable(db, uai, uploads[0], decisions, NOW)
    text = import_timetable(db, uai, uploads[1], (), NOW)
    assert rules.bilan.parse(text).preliminary.group_management.groups_to_rename <= 1
    state = rules.State.from_json(db.tables["states"][uai])
    assert {key: state.snapshot.planned(key) for key in state.snapshot.lesson_keys} == db.tables["lessons"]
    assert set(db.tables["subjects"]) == set(state.snapshot.subjects)
    again = rules.bilan.parse(import_timetable(db, uai, uploads[1], (), NOW))
    assert again.preliminary.lessons.delta == 0
    assert again.preliminary.teaching_services == type(again.preliminary.teaching_services)()
    assert again.preliminary.group_management == type(again.preliminary.group_management)()
    assert len(rules.State.from_json(db.tables["states"][uai]).history) == 3


def test_the_second_of_two_previews_is_stale(fictitious: FictitiousSchool) -> None:
    """Two people prepare on one state: the first to validate wins, the other is told."""
    uai = fictitious.uai
    state = rules.State.new(uai, 2026)
    roster = rules.roster(fictitious.directory, school=uai)
    one, two = (
        rules.prepare(timetable, roster, state=state, mode=MODE, at=NOW)
        for timetable in (fictitious.first, fictitious.second)
    )
    won = one.validate(state, at=NOW, by="first")
    with pytest.raises(StalePreview):
        two.validate(won, at=NOW, by="second")


def test_the_gate_on_uploads_and_the_door(fictitious: FictitiousSchool) -> None:
    """Unreadable is a finding, never a traceback; pupils wait outside until the start of the year."""
    upload = next(b"".join(chunks) for _, chunks in edt.write(fictitious.first))
    report = entformats.check(upload, b"not a file", upload[:1000], today=date(2026, 11, 3))
    assert report.verdict is Verdict.UNUSABLE
    assert {"not_xml", "xml_truncated"} & {found.slug for found in report.problems}
    wall = datetime.fromisoformat
    policy = rules.access.BlockPolicy(
        [rules.access.AccessBlock(Profile.PUPIL, True, wall("2026-08-24T08:00"), wall("2026-09-01T08:00"))],
        title="Rentrée",
        message="L'ENT ouvre le 1er septembre.",
    )
    answers = []
    for profile in (Profile.PUPIL, Profile.TEACHER):
        match policy.evaluate(profile, datetime.fromisoformat("2026-08-25T12:00:00+02:00")):
            case rules.access.Allowed():
                answers.append("allowed")
            case rules.access.Blocked(until=u, title=t, message=m):
                answers.append(f"{u} {t} {m}")
    assert answers == ["2026-09-01 06:00:00+00:00 Rentrée L'ENT ouvre le 1er septembre.", "allowed"]
