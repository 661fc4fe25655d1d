"""The public names as a user's type checker sees them: checked by mypy, never run.

A line that must be refused carries an ignore of its exact error; an ignore that is not needed is an error itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import assert_never, assert_type

import entformats
from entformats import aaf, edt, rules, schema, validation
from entformats.changes import Diff
from entformats.codes import academy, department, ine, mef, school_year, subject, uai, weeks
from entformats.codes.academy import Academy
from entformats.codes.department import Department
from entformats.codes.ine import Generation, Ine
from entformats.codes.jointure import Jointure
from entformats.codes.mef import Mef
from entformats.codes.school_year import SchoolYear
from entformats.codes.subject import Language, SubjectCode
from entformats.codes.uai import Uai
from entformats.codes.weeks import WeekSet
from entformats.frozen import FrozenMap
from entformats.identity import Decision, Identity, Key, Profile, Ref, SourceKey
from entformats.problems import Location, Problem, Report, Severity, problem
from entformats.reports import bilan as bilan_reports
from entformats.timetable import (
    Clash,
    Lesson,
    Pupil,
    Timetable,
    WeeklyLesson,
    clashes,
    find,
    ical,
    lessons_of,
    service_hours,
)


def codes(text: str) -> None:
    """A code that was read has its own type, and an unchecked text does not pass for it."""
    assert_type(uai.parse(text), Uai)
    assert_type(uai.is_valid(text), bool)
    assert_type(ine.parse(text), Ine)
    assert_type(ine.generation(ine.parse(text)), Generation)
    assert_type(ine.is_checked(ine.parse(text)), bool | None)
    assert_type(mef.parse(text), Mef)
    assert_type(mef.parse(text).year, int | None)
    assert_type(subject.parse(text), SubjectCode)
    assert_type(subject.language(subject.parse(text)), Language | None)
    assert_type(weeks.parse(text), WeekSet)
    assert_type(school_year.of(date(2022, 9, 1)), SchoolYear)
    assert_type(department.of_uai(uai.parse(text)), Department | None)
    assert_type(academy.of_uai(uai.parse(text)), Academy | None)
    uai.is_checked(text)  # type: ignore[arg-type]
    ine.generation(uai.parse(text))  # type: ignore[arg-type]


def references_are_no_keys(ref: Ref, key: Key) -> None:
    """What names a thing in one file does not pass for what holds across imports."""
    by_key: Mapping[Key, str] = {}
    by_key[key]
    by_key[ref]  # type: ignore[index]


def people(person: Identity, at: datetime) -> None:
    """One type of person on both sides of a match; what is frozen cannot be assigned."""
    assert_type(person.source_key, SourceKey)
    assert_type(person.key, Key)
    assert_type(person.birth_date, date | None)
    Decision(Profile.PUPIL, person.school, person.source_key, account=None, at=at)
    person.family = ""  # type: ignore[misc]


def differences(old: Mapping[Key, str], new: Mapping[Key, str]) -> None:
    """A difference keeps the types of its keys and values."""
    diff = Diff.between(old, new)
    assert_type(diff, Diff[Key, str])
    assert_type(diff.added, frozenset[Key])
    assert_type(diff.apply(old), FrozenMap[Key, str])
    assert_type(diff.compose(diff.invert()), Diff[Key, str])
    for key, (before, after) in diff.items():
        assert_type(key, Key)
        assert_type(before, str | None)
        assert_type(after, str | None)


def findings(report: Report) -> None:
    """A finding is made from its slug, and rendered in one of two languages."""
    found = problem("io_failed", Location("a.xml", line=1), reason="EIO")
    assert_type(found, Problem)
    assert_type(found.severity, Severity)
    assert_type(found.message("fr"), str)
    assert_type(report.problems, tuple[Problem, ...])
    assert_type(report.worst, Severity | None)
    assert_type(report.counts, FrozenMap[str, int])
    found.message("de")  # type: ignore[arg-type]


def timetables(content: bytes, day: date) -> None:
    """A timetable is read, and gives its dated lessons and the members of a group."""
    export = edt.read(content, uai="0749999S")
    assert_type(export, edt.Export)
    assert_type(export.report, Report)
    timetable = export.timetable
    assert_type(timetable, Timetable)
    assert_type(timetable.lessons(day, day), Iterator[Lesson])
    assert_type(timetable.identities(Profile.TEACHER), tuple[Identity, ...])
    assert_type(timetable.weekly_lessons, tuple[WeeklyLesson, ...])
    for group in timetable.option_groups.values():
        assert_type(timetable.members(group, on=day), tuple[Pupil, ...])
    assert_type(edt.write(timetable), Iterator[tuple[str, Iterator[bytes]]])


def matching(timetable: Timetable, accounts: tuple[Identity, ...], at: datetime) -> None:
    """Outcomes are a closed sum."""
    result = rules.match(timetable.identities(), accounts)
    assert_type(result, rules.Matching)
    for outcome in result.values():
        match outcome:
            case rules.Matched(account=account):
                assert_type(account, str)
            case rules.Unmatched(suggestions=suggestions):
                for suggestion in suggestions:
                    assert_type(suggestion.decide(at=at), Decision)
            case rules.Ambiguous() | rules.Conflict() | rules.Dismissed():
                pass
            case _:
                assert_never(outcome)


def facade(path: str) -> None:
    """Any file: what it is, then what it holds."""
    assert_type(entformats.identify(path), entformats.FileKind)
    match entformats.read(path):
        case aaf.Delivery() as delivery:
            assert_type(delivery.directory, aaf.Directory)
        case edt.Export() as export:
            assert_type(export.timetable, Timetable)


def stream(path: str) -> None:
    """The items of a stream are a closed sum."""
    for item in aaf.iter_records(path):
        match item:
            case aaf.Add(record=record, where=where):
                assert_type(where, Location)
                assert_type(record.key, Jointure)
            case aaf.Modify(key=key) | aaf.Delete(key=key):
                assert_type(key, Jointure)
            case Problem():
                pass
            case _:
                assert_never(item)


def directories(path: str) -> None:
    """A delivery gives a directory of read-only mappings, and the view of one school."""
    delivery = aaf.read(path)
    assert_type(delivery.complete, bool)
    assert_type(delivery.report, Report)
    directory = delivery.directory
    assert_type(directory.pupils, FrozenMap[Jointure, aaf.Pupil])
    assert_type(directory.staff, FrozenMap[Jointure, aaf.Staff])
    view = directory.school("0749999S")
    assert_type(view.pupils, FrozenMap[Jointure, aaf.Pupil])
    assert_type(view.classes, FrozenMap[str, aaf.SchoolClass])
    assert_type(directory.identities(school="0749999S", profile=Profile.PUPIL), tuple[Identity, ...])
    assert_type(aaf.write(directory), Iterator[tuple[str, Iterator[bytes]]])
    assert_type(aaf.check(delivery, today=date(2026, 9, 1), expected_school="0749999S"), Report)
    assert_type(aaf.check(directory, school_year=school_year.parse("2026"), previous=directory), Report)
    aaf.check(path)  # type: ignore[arg-type]
    assert_type(schema.names(), tuple[str, ...])
    assert_type(schema.read("aaf.xsd"), bytes)
    assert_type(schema.text("aaf.xsd") + schema.title("aaf.xsd"), str)
    assert_type(validation.grammar_of(entformats.identify(b"")), str | None)
    assert_type(validation.structure([b""], "aaf.xsd"), Report)
    assert_type(validation.explained(b"", "aaf.xsd"), tuple[validation.Diagnostic, ...])
    validation.structure(b"", "aaf.xsd")  # type: ignore[arg-type]
    directory.pupils[Jointure("1")] = view.pupils[Jointure("1")]  # type: ignore[index]


def deltas(before: aaf.Directory, path: str, night: date) -> None:
    """A delivery is applied, what changed is compared and reviewed, and written as a delta."""
    applied = aaf.apply(before, aaf.read(path), since=night)
    assert_type(applied, aaf.Applied)
    assert_type(applied.until, date | None)
    assert_type(applied.pending, tuple[aaf.Request, ...])
    diff = aaf.compare(before, applied.directory)
    assert_type(diff, aaf.DirectoryDiff)
    assert_type(diff.pupils, Diff[Jointure, aaf.Pupil])
    assert_type(diff.compose(diff.invert()), aaf.DirectoryDiff)
    assert_type(diff.apply(before), aaf.Directory)
    for pupil, after in diff.pupils.values():
        if pupil and after:
            assert_type(aaf.attribute_changes(pupil, after), tuple[aaf.AttributeChange, ...])
    review = aaf.review(before, diff, confirmed=())
    assert_type(review.blockers, tuple[Problem, ...])
    assert_type(review.departed, FrozenMap[aaf.Category, frozenset[Jointure]])
    assert_type(aaf.write_delta(diff), Iterator[tuple[str, Iterator[bytes]]])
    assert_type(aaf.replay([aaf.read(path)]), aaf.Applied)
    aaf.apply(before)  # type: ignore[call-arg]


def imports(timetable: Timetable, directory: aaf.Directory, stored: str, at: datetime) -> None:
    """An import is prepared, looked at, and validated or cancelled."""
    state = rules.State.from_json(stored)
    roster = rules.roster(directory, school="0749999S")
    assert_type(roster, rules.Roster)
    answers = rules.Answers("EDT", groups_created_in="directory")
    assert_type(answers.outcome, rules.GroupMode | rules.Refusal)
    mode = rules.group_mode(answers)
    assert_type(mode.consequences, tuple[str, ...])
    rules.Answers("EDT", groups_created_in=True)  # type: ignore[arg-type]
    preview = rules.prepare(timetable, roster, state=state, mode=mode, at=at)
    assert_type(preview, rules.Preview)
    assert_type(preview.matching, rules.Matching)
    assert_type(preview.grouping, rules.Grouping)
    assert_type(preview.blockers, tuple[Problem, ...])
    assert_type(preview.bilan, rules.Bilan)
    assert_type(rules.bilan.render(preview.bilan), str)
    assert_type(rules.bilan.parse("").preliminary.subjects.added, int)
    assert_type(rules.bilan.lines(preview.bilan)[0].path, str)
    assert_type(rules.bilan.details(preview.bilan), FrozenMap[str, tuple[rules.bilan.Detail, ...]])
    assert_type(bilan_reports.render(preview, bilan_reports.Form.HTML), str)
    assert_type(bilan_reports.to_json(preview.bilan, show_names=True), str)
    bilan_reports.markdown(rules.Counts())  # type: ignore[arg-type]
    assert_type(preview.validate(state, at=at), rules.State)
    assert_type(preview.cancel(state, at=at), rules.State)
    assert_type(state.to_json(), str)
    for before, after in preview.plan.groups.values():
        assert_type(before, rules.RosterGroup | None)
        assert_type(after, rules.RosterGroup | None)
    rules.prepare(timetable, directory, state=state, mode=mode, at=at)  # type: ignore[arg-type]


def encrypted(content: bytes, key: bytes) -> None:
    """What opens an export is made of a key, or of two callables; a bare function does not pass for it."""
    decryptor = edt.with_key(key, partner="NEO-Open")
    assert_type(decryptor, edt.Decryptor)
    assert_type(edt.read(content, decrypt=decryptor), edt.Export)
    assert_type(edt.read_envelope(content).produced_at, datetime | None)
    assert_type(edt.read_envelope(content).partners, tuple[str, ...])
    edt.read(content, decrypt=len)  # type: ignore[arg-type]


def questions(asked: Timetable, day: date) -> None:
    """Answers are tuples of values; what is found by name is a reference."""
    assert_type(find(asked, "class:6A"), Ref)
    assert_type(lessons_of(asked, "class:2", day), tuple[Lesson, ...])
    assert_type(clashes(asked), tuple[Clash, ...])
    assert_type(service_hours(asked)[0].missing, int)
    assert_type(ical.calendar(asked, for_=find(asked, "class:6A"), privacy=ical.Privacy.STAFF), bytes)
