"""Samples of findings of the rules: people to match, imports to prepare, losses, settings of access."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from attrs import evolve

import entformats
from entformats import aaf, edt, rules
from entformats.aaf import Directory, Pupil, School, Staff
from entformats.codes import uai
from entformats.codes.jointure import Jointure as K
from entformats.frozen import FrozenMap
from entformats.identity import Decision, Identifier, IdentifierKind, Identity, Key, Profile
from entformats.problems import Report
from entformats.rules import Correspondence, GroupMode, NameOnly, Policy, Roster, RosterClass, State, Trigger
from entformats.rules.access import AccessBlock, BlockPolicy
from entformats.testing import school
from entformats.testing.strategies.imports import BASE, UAI, Draft, roster, timetable
from entformats.timetable import Kind, SchoolClass, Timetable, ref
from entformats.validation import Together
from entformats.validation.crossing import crossed

Sample = tuple[Callable[[], Report], Callable[[], Report]]
SCHOOL, AT = "0749999S", datetime(2025, 9, 1, 8, tzinfo=UTC)
BORN = date(1974, 10, 2)


def person(ref: str, given: str = "Odile", family: str = "VALMOND", born: date | None = BORN) -> Identity:
    """Make a teacher."""
    return Identity(ref, Profile.TEACHER, SCHOOL, given, family, birth_date=born)


def numbered(one: Identity) -> Identity:
    """Give a person a number."""
    return evolve(one, identifiers=frozenset({Identifier(IdentifierKind.IDPN, "1")}))


def matched(*sources: Identity, to: tuple[Identity, ...], decided: str = "") -> Report:
    """Match people, the first of whom has been decided upon, and give the findings."""
    first = sources[0]
    made = [Decision(first.profile, first.school, first.source_key, decided, "u1", AT)] if decided else []
    return rules.match(sources, to, decisions=made, policy=Policy(name_only=NameOnly.ACCEPT_UNIQUE)).report


ODILE, SAME, UGO = person("t1"), person("a1"), person("a2", "Ugo", "ZED")
FILE = timetable(BASE)
STRANGERS = evolve(BASE, homes=(0,) * 12)
SEPTEMBER = datetime(2022, 9, 10, 8, tzinfo=UTC)
NEW, HELD = State.new(UAI, 2022), roster([], [])


def prepared(
    file: Timetable | Draft = FILE,
    held: Roster = HELD,
    state: State = NEW,
    trigger: Trigger = Trigger.MANUAL,
) -> Report:
    """Prepare an import, and give what forbids or delays it."""
    mode = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS
    exported = timetable(file) if isinstance(file, Draft) else file
    preview = rules.prepare(exported, held, state=state, mode=mode, trigger=trigger, at=SEPTEMBER)
    return Report.of([*preview.blockers, *preview.warnings])


def validated() -> State:
    """Validate a first import."""
    mode = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS
    return rules.prepare(FILE, HELD, state=NEW, mode=mode, at=SEPTEMBER).validate(NEW, at=SEPTEMBER)


A = School(K("A"), uai.parse("0749999S"), name="X")
B = School(K("B"), uai.parse("0749998R"), name="X")
PUPILS = [Pupil(K(str(n)), school=K("A"), family="X", given=f"X{n}", birth_date=date(2012, 1, 1)) for n in range(10)]
ELSEWHERE = [evolve(one, key=K(f"b{one.key}"), school=K("B")) for one in PUPILS]
TEACHER = Staff(K("t"), school=K("A"))


def lost(before: list[School | Pupil | Staff], after: list[School | Pupil | Staff]) -> Report:
    """Review what changed from one directory to the next."""
    old, new = Directory.of(before), Directory.of(after)
    review = aaf.review(old, aaf.compare(old, new))
    return review.report.merged(Report.of(review.blockers))


def blocked(*blocks: AccessBlock, title: str = "Rentrée", message: str = "texte") -> Report:
    """Set windows, and give the findings."""
    return BlockPolicy(list(blocks), title=title, message=message).report


def window(profile: Profile, start: str, end: str) -> AccessBlock:
    """Make a window of wall times."""
    return AccessBlock(profile, True, datetime.fromisoformat(start), datetime.fromisoformat(end))


MADE = school.generate(3, pupils=30)
REF, FIRST = next(iter(MADE.first.classes.items()))
RENAMED = evolve(MADE.first, classes=FrozenMap({**MADE.first.classes, REF: evolve(FIRST, name="9Z")}))
STRANGER = evolve(MADE.first, uai="0740001S")
STRUCTURE = next(one for one in MADE.directory.schools.values() if one.uai == MADE.uai)
CLUB = evolve(STRUCTURE, groups=(*STRUCTURE.groups, evolve(STRUCTURE.groups[0], code="ECHECS")))
WITH_CLUB = evolve(MADE.directory, schools=FrozenMap({**MADE.directory.schools, CLUB.key: CLUB}))


def together(directory: Directory = MADE.directory, *exports: Timetable, year: int = 0) -> Report:
    """Check a delivery and timetables together."""
    day = MADE.first_at.date()
    written = aaf.write(directory, exported=day.replace(year=day.year + year))
    delivery = {name: b"".join(chunks) for name, chunks in written}
    files = [{name: b"".join(chunks) for name, chunks in edt.write(one)} for one in exports or (MADE.first,)]
    return entformats.check(delivery, *files, today=day)


def subjects(code: str) -> Report:
    """Compare the subjects of a timetable, one of which has this national code, with those of a delivery."""
    ref, first = next(iter(MADE.first.subjects.items()))
    known = evolve(MADE.first, subjects=FrozenMap({ref: evolve(first, national_code=code)}))
    written = aaf.write(MADE.directory, exported=MADE.first_at.date())
    delivery = aaf.read({name: b"".join(chunks) for name, chunks in written})
    return Report.of(crossed(Together.of((delivery, edt.Export("sts", known)))))


def without_groups() -> Directory:
    """Give the directory of the school without the groups that its structure declares."""
    bare = evolve(STRUCTURE, groups=())
    return evolve(MADE.directory, schools=FrozenMap({**MADE.directory.schools, bare.key: bare}))


def remembered(account: str | None, *people: Identity, given: str = "Odyle", twice: bool = False) -> Report:
    """Review an answer about a teacher, given when the first account had this name."""
    source = person("", given)
    known_as = people[0].source_key if people else None
    one = Decision(source.profile, SCHOOL, source.source_key, account, "u1", AT, known_as=known_as)
    both = [one, evolve(one, source_key=person("", "Odette").source_key)] if twice else [one]
    held = Roster(SCHOOL, people=(evolve(SAME, given="Odile"),))
    return rules.decisions.report(rules.decisions.review(State.new(SCHOOL, 2025).with_decisions(both), held))


def linked(held: str, home: str = "") -> Report:
    """Review the correspondence of the class 6A with the classes of the ENT."""
    one = SchoolClass(ref(Kind.CLASS, "1"), "6A")
    file = Timetable(SCHOOL, classes=FrozenMap({one.ref: one}))
    state = State.new(SCHOOL, 2025)
    if home:
        state = evolve(state, correspondences=FrozenMap({one.key: Correspondence(Key(f"class:{home}"))}))
    known = Roster(SCHOOL, classes=[RosterClass(held)])
    return rules.correspondences.report(rules.correspondences.review(file, known, state))


EMPTY = b'<ExportEmploiDuTemps UAI="0749999S"/>'
TODAY = window(Profile.PUPIL, "2022-08-24T08:00", "2022-08-25T08:00")
SAMPLES: dict[str, Sample] = {
    "malformed_source_key": (lambda: matched(person("t1", ""), to=(SAME,)), lambda: matched(ODILE, to=(SAME,))),
    "person_without_birth_date": (
        lambda: matched(person("t1", "Odette", born=None), to=(SAME,)),
        lambda: matched(person("t1", born=None), to=(SAME,)),
    ),
    "person_without_account": (lambda: matched(ODILE, to=(UGO,)), lambda: matched(ODILE, to=(SAME,))),
    "decision_redundant": (lambda: remembered("a1", SAME, given="ODILE"), lambda: remembered("a1", SAME)),
    "decision_shares_account": (
        lambda: remembered("a1", SAME, twice=True),
        lambda: remembered("a1", SAME),
    ),
    "decided_account_changed": (lambda: remembered("a1", UGO), lambda: remembered("a1", SAME)),
    "dismissed_person_found": (lambda: remembered(None, given="ODILE"), lambda: remembered(None)),
    "stale_correspondence": (lambda: linked("6A", "6 B"), lambda: linked("6A", "6A")),
    "class_without_correspondence": (lambda: linked("6B"), lambda: linked("6 A")),
    "person_ambiguous": (lambda: matched(ODILE, to=(SAME, person("a3"))), lambda: matched(ODILE, to=(SAME, UGO))),
    "date_contradiction": (
        lambda: matched(numbered(person("t1", born=date(1980, 1, 1))), to=(numbered(SAME),)),
        lambda: matched(numbered(ODILE), to=(numbered(SAME),)),
    ),
    "decision_contradicts_identifier": (
        lambda: matched(numbered(ODILE), to=(numbered(evolve(SAME, family="BRIVAL")), UGO), decided="a2"),
        lambda: matched(numbered(ODILE), to=(numbered(evolve(SAME, family="BRIVAL")), UGO), decided="a1"),
    ),
    "decision_contradicts_exact_key": (
        lambda: matched(ODILE, to=(SAME, UGO), decided="a2"),
        lambda: matched(ODILE, to=(SAME, UGO), decided="a1"),
    ),
    "account_taken": (
        lambda: matched(person("t1", "ODILE"), person("t2"), to=(SAME,)),
        lambda: matched(person("t1", "ODILE"), to=(SAME,)),
    ),
    "duplicate_source": (
        lambda: matched(ODILE, person("t2"), to=(SAME,)),
        lambda: matched(ODILE, person("t2", "Ugo"), to=(SAME,)),
    ),
    "stale_decision": (
        lambda: matched(person("t1", "Eva"), to=(SAME,), decided="gone"),
        lambda: matched(person("t1", "Eva"), to=(SAME,), decided="a1"),
    ),
    "wrong_school": (lambda: prepared(evolve(FILE, uai="0749998R")), prepared),
    "wrong_school_year": (lambda: prepared(state=State.new(UAI, 2023)), prepared),
    "no_school_year": (lambda: prepared(evolve(FILE, start=None, first_monday=None)), prepared),
    "directory_first": (lambda: prepared(held=Roster(UAI)), prepared),
    "manual_import_first": (
        lambda: prepared(trigger=Trigger.AUTOMATIC),
        lambda: prepared(state=validated(), trigger=Trigger.AUTOMATIC),
    ),
    "too_many_unmatched": (
        lambda: prepared(STRANGERS, state=validated(), trigger=Trigger.AUTOMATIC),
        lambda: prepared(STRANGERS, state=validated()),
    ),
    "many_unmatched": (lambda: prepared(STRANGERS), prepared),
    "suspicious_loss": (lambda: lost([A, *PUPILS], [A, *PUPILS[5:]]), lambda: lost([A, *PUPILS], [A, *PUPILS[1:]])),
    "vanished_structure": (
        lambda: lost([A, B, *PUPILS, *ELSEWHERE], [A, *PUPILS]),
        lambda: lost([A, B, *PUPILS], [A, *PUPILS]),
    ),
    "emptied_category": (lambda: lost([A, TEACHER, *PUPILS], [A, TEACHER]), lambda: lost([A, *PUPILS], [A, *PUPILS])),
    "possible_rekey": (
        lambda: lost([A, *PUPILS], [A, *PUPILS[1:], evolve(PUPILS[0], key=K("99"))]),
        lambda: lost([A, *PUPILS], [A, *PUPILS[1:], evolve(PUPILS[0], key=K("99"), given="Z")]),
    ),
    "school_not_in_directory": (lambda: together(MADE.directory, STRANGER), together),
    "years_differ": (lambda: together(year=-1), together),
    "class_not_in_directory": (lambda: together(MADE.directory, RENAMED), together),
    "class_not_in_timetable": (lambda: together(MADE.directory, RENAMED), together),
    "group_not_in_timetable": (
        lambda: together(WITH_CLUB),
        lambda: together(without_groups()),
    ),
    "unrecognised_file": (
        lambda: entformats.check({"a.xml": EMPTY, "notes.md": b"# Notes"}, today=AT.date()),
        lambda: entformats.check({"a.xml": EMPTY, "b.xml": EMPTY}, today=AT.date()),
    ),
    "subject_not_in_directory": (lambda: subjects("999999"), lambda: subjects(min(MADE.directory.subjects))),
    "class_in_one_export": (
        lambda: together(MADE.directory, MADE.first, RENAMED),
        lambda: together(MADE.directory, MADE.first, MADE.first),
    ),
    "window_not_in_order": (
        lambda: blocked(window(Profile.PUPIL, "2022-08-25T08:00", "2022-08-24T08:00")),
        lambda: blocked(TODAY),
    ),
    "window_lost_in_clock_change": (
        lambda: blocked(window(Profile.PUPIL, "2022-03-27T02:30", "2022-03-27T02:50")),
        lambda: blocked(TODAY),
    ),
    "message_blank": (lambda: blocked(TODAY, message=" "), lambda: blocked(TODAY)),
    "staff_never_blocked": (
        lambda: blocked(window(Profile.TEACHER, "2022-08-24T08:00", "2022-08-25T08:00")),
        lambda: blocked(TODAY),
    ),
}
