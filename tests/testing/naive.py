"""The bilan counted naively, date by date, from the two timetables of a generated school and who its people really are.

Written from the definitions of rules 3.2 to 3.6 alone: nothing of `entformats.rules`, nor of what the timetable deduces
(keys, closures, alternations, services, events, members) is used, so that a bug there shows here.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any



if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from entformats.testing.school import FictitiousSchool
    from entformats.timetable import Membership, OptionGroup, SchoolClass, Timetable, WeeklyLesson

Name = tuple[str, str]
"""A kind and a name that holds from one file to the next."""


class File:
    """One timetable, taken apart."""

    def __init__(self, timetable: Timetable, school: FictitiousSchool, decided: Collection[str], on: date) -> None:
        self.timetable = timetable
        self.on = on
        self.accounts = {
            ref: account for ref, account in school.accounts.items() if ref not in school.by_hand or ref in decided
        }
        self.names = dict(self._names())
        self.lessons = [Row(lesson, self) for lesson in timetable.weekly_lessons]
        self.kept = [row for row in self.lessons if row.is_kept()]
        self.open = open_weeks(self.lessons)

    def _names(self) -> Iterator[tuple[str, Name]]:
        t = self.timetable
        for subject in t.subjects.values():
            yield subject.ref, ("subject", subject.code)
        for home in t.classes.values():
            yield home.ref, ("class", home.name)
        for group in t.option_groups.values():
            yield group.ref, ("group", group.name)
        for kind, people in (("teacher", t.teachers), ("staff", t.staff), ("pupil", t.pupils)):
            for ref, person in people.items():  # type: ignore[attr-defined]
                numbers = {one.kind.value: one.value for one in person.identity.identifiers}
                yield ref, (kind, numbers["idpn"])

    def day(self, weekday: int, week: int) -> date:
        assert self.timetable.first_monday is not None
        return self.timetable.first_monday + timedelta(days=(week - 1) * 7 + weekday - 1)


class Row:
    """One weekly lesson, as sets of week numbers."""

    def __init__(self, lesson: WeeklyLesson, file: File) -> None:
        self.file = file
        self.weekday = lesson.weekday
        self.span = (str(lesson.start), str(lesson.end))
        self.subject = file.names[lesson.subjects[0]]
        self.annual = lesson.annual
        self.who: dict[str, set[int]] = {p.who: set(bits(p.weeks.mask)) for p in lesson.presences}
        self.weeks = set().union(*self.who.values())
        self.cancelled = self.weeks & set(bits(lesson.cancelled.mask))
        self.held = self.weeks - self.cancelled
        self.teachers = {who: weeks for who, weeks in self.who.items() if who.startswith("teacher:")}
        self.audience = frozenset(file.names[w] for w in self.who if w.startswith(("class:", "group:")))

    def is_kept(self) -> bool:
        parts = any(who.startswith("part:") for who in self.who)
        if parts and not self.audience:
            return False
        return not self.teachers or any(who in self.file.accounts for who in self.teachers)

    def substitutes(self) -> set[str]:
        return {
            one
            for one, weeks in self.teachers.items()
            for other in self.teachers.values()
            if not weeks & other and len(other) >= 2 * len(weeks)
        }

    def service(self) -> tuple[Name, frozenset[Name], frozenset[Name]]:
        regular = set(self.teachers) - self.substitutes()
        return self.subject, frozenset(self.file.names[who] for who in regular), self.audience

    def slot(self) -> tuple[object, ...]:
        return self.weekday, self.span, self.subject, self.audience


def bits(mask: int) -> list[int]:
    """Give the week numbers of a mask, digit by digit."""
    return [week for week, digit in enumerate(reversed(f"{mask:b}")) if digit == "1"]


def open_weeks(rows: Iterable[Row]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        found[row.weekday] |= row.weeks
    return {weekday: weeks for weekday, weeks in found.items() if weeks}


def subjects(file: File) -> dict[str, str]:
    return {subject.code: subject.label for subject in file.timetable.subjects.values()}


def closures(file: File) -> set[tuple[date, date]]:
    """Walk through the days of the year, one by one."""
    held = {file.day(weekday, week) for weekday, weeks in file.open.items() for week in weeks}
    assert file.timetable.start is not None
    runs, run, day = set(), list[date](), file.timetable.start
    while day <= max(held):
        if day in held:
            runs |= {(run[0], run[-1])} if run else set()
            run = []
        elif day.isoweekday() in file.open:
            run.append(day)
        day += timedelta(days=1)
    return runs


def alternations(file: File) -> set[frozenset[date]]:
    rhythms = {(row.weekday, sum(2**week for week in row.weeks)) for row in file.kept if row.weeks}
    patterns: list[list[tuple[int, set[int]]]] = []
    for weekday, mask in sorted(rhythms):
        weeks = set(bits(mask))
        if len(weeks) == 1 or weeks == file.open[weekday]:
            continue
        for pattern in patterns:
            both = [(other, file.open[weekday] & file.open[day]) for day, other in pattern]
            if all(weeks & common == other & common for other, common in both):
                pattern.append((weekday, weeks))
                break
        else:
            patterns.append([(weekday, weeks)])
    found = set()
    for pattern in patterns:
        halves = [
            weeks == {week for week in file.open[day] if week % 2 == rest} for day, weeks in pattern for rest in (0, 1)
        ]
        if len({day for day, _ in pattern}) > 1 or any(halves):
            found.add(frozenset(file.day(1, week) for _, weeks in pattern for week in weeks))
    return found


def services(file: File) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in file.kept:
        if row.annual and row.weeks:
            found[row.service()].append((row.weekday, row.span, sorted(row.weeks)))
    return {service: sorted(content) for service, content in found.items()}


def is_incomplete(service: Any) -> bool:
    subject, teachers, audience = service
    return not (subject and teachers and audience)


def events(file: File) -> dict[str, int]:
    """Count substitutions, cancellations and exceptional lessons, occurrence by occurrence."""
    counts = dict.fromkeys(("substitutions", "cancellations", "exceptional_lessons"), 0)
    for row in file.kept:
        counts["cancellations"] += len(row.cancelled)
        apart = replaces(row, file)
        substitutes = row.substitutes()
        for week in row.held:
            absent = any(week not in weeks for who, weeks in row.teachers.items() if who not in substitutes)
            present = any(week in row.teachers[who] for who in substitutes)
            if apart or (absent and present):
                counts["substitutions"] += 1
            elif not row.annual:
                counts["exceptional_lessons"] += 1
    return counts


def replaces(row: Row, file: File) -> bool:
    """Tell whether a lesson stands, in its open weeks, for an annual one of other teachers that is not held then."""
    return any(
        other.annual
        and other.slot() == row.slot()
        and row.teachers
        and row.held
        and not set(row.teachers) & (set(other.teachers) - other.substitutes())
        and not row.held & other.held
        and row.held <= file.open[row.weekday]
        and len(other.weeks) >= 2 * len(row.held)
        for other in file.kept
        if other is not row
    )


def reached(file: File, school: FictitiousSchool, ent_groups: set[str]) -> dict[str, int]:
    """Count the classes, groups and teachers whose services or lessons are imported."""
    taught = {name for service in services(file) for name in service[2]}
    t = file.timetable
    homes = {home.name for home in t.classes.values() if ("class", home.name) in taught}
    for group in t.option_groups.values():
        if ("group", group.name) in taught:
            homes |= {t.classes[home].name for home in classes_of(t, group)}
    ent = {one.name for record in school.directory.schools.values() for one in record.classes}
    groups = {group.name for group in t.option_groups.values()}
    teaching = {who for row in file.lessons for who, weeks in row.teachers.items() if weeks}
    known = {who for who in teaching if who in file.accounts}
    return {
        "classes.imported": len(homes & ent),
        "classes.not_imported": len((ent | {home.name for home in t.classes.values()}) - (homes & ent)),
        "option_groups.imported": len({name for kind, name in taught if kind == "group"}),
        "option_groups.not_imported": len({name for name in groups | ent_groups if ("group", name) not in taught}),
        "teachers.imported": len(known),
        "teachers.not_imported": len(teaching - known),
    }


def classes_of(t: Timetable, group: OptionGroup) -> set[str]:
    return {*group.classes, *(t.class_parts[part].school_class for part in group.parts)}


def is_in(membership: Membership, homes: Collection[str], on: date) -> bool:
    assert membership.start is not None
    assert membership.end is not None
    return membership.of in homes and membership.start <= on <= membership.end


def audiences(file: File) -> dict[Name, tuple[set[str], set[str], OptionGroup | SchoolClass]]:
    """Give the pupils of the reference day, and the teachers of any week, of each class and group, by reference."""
    t = file.timetable
    found = {}
    for entity in (*t.classes.values(), *t.option_groups.values()):
        homes = {entity.ref}
        pupils: set[str] = set()
        if entity.ref.startswith("group:"):
            group = t.option_groups[entity.ref]
            homes |= {*group.classes, *group.parts}
            pupils |= set(group.pupils)
        pupils |= {ref for ref, one in t.pupils.items() if any(is_in(m, homes, file.on) for m in one.memberships)}
        rows = [row for row in file.lessons if entity.ref in row.who]
        teachers = {who for row in rows for who, weeks in row.teachers.items() if weeks}
        found[file.names[entity.ref]] = (pupils, teachers, entity)
    return found


def ent_members(school: FictitiousSchool) -> dict[Name, set[str]]:
    """Give the accounts that the directory puts in each class and group."""
    found: dict[Name, set[str]] = defaultdict(set)
    people = (*school.directory.pupils.values(), *school.directory.staff.values())
    for person in people:
        for kind, refs in (("class", person.classes), ("group", person.groups)):
            for one in refs:
                found[kind, one.name].add(person.key)
    for staff in school.directory.staff.values():
        for head in staff.head_teacher_of:
            found["class", head.name].add(staff.key)
    return found


def management(old: File | None, new: File, school: FictitiousSchool) -> tuple[dict[str, int], set[str]]:
    """Count the groups to create and to rename, and the audiences with somebody to add; give the groups of the ENT."""
    current = ent_members(school)
    ent = {one.code for record in school.directory.schools.values() for one in record.groups}
    before = audiences(old) if old else {}
    after = audiences(new)
    for name, (pupils, teachers, _) in before.items():
        assert old is not None
        current[name] |= {old.accounts[who] for who in pupils | teachers if who in old.accounts}
    groups = {name for kind, name in after if kind == "group"}
    known = ent | {name for kind, name in before if kind == "group"}
    renamed = renames(before, after, old, new) if old else {}
    for was, name in renamed.items():
        current["group", name] |= current.pop(("group", was))
    to_add = [0, 0]
    for name, (pupils, teachers, _) in after.items():
        if name[0] == "class" and name[1] not in {c.name for r in school.directory.schools.values() for c in r.classes}:
            continue
        for i, people in enumerate((teachers, pupils)):
            accounts = {new.accounts[who] for who in people if who in new.accounts}
            to_add[i] += bool(accounts - current[name])
    counts = {
        "groups_to_create": len(groups - known - set(renamed.values())),
        "groups_to_rename": len(renamed),
        "audiences_with_teachers_to_add": to_add[0],
        "audiences_with_pupils_to_add": to_add[1],
    }
    return {f"group_management.{name}": count for name, count in counts.items()}, known - set(renamed)


def renames(before: dict[Name, Any], after: dict[Name, Any], old: File, new: File) -> dict[str, str]:
    """Pair the groups that disappeared with those that appeared, each being the other's only best (rules 2.4)."""
    gone = [name for name in before if name[0] == "group" and name not in after]
    come = [name for name in after if name[0] == "group" and name not in before]
    scores: dict[tuple[Name, Name], tuple[float, bool]] = {}
    for was in gone:
        for name in come:
            a, b = ({file.names[who] for who in table[key][0]} for file, table, key in ((old, before, was), (new, after, name)))
            likeness = len(a & b) / len(a | b) if a | b else 0.0
            alike = taught(old, before[was]) == taught(new, after[name]) and bool(
                {old.names[who] for who in before[was][1]} & {new.names[who] for who in after[name][1]}
            )
            if likeness >= 0.8 or alike:
                scores[was, name] = (likeness, alike)
    pairs = {}
    for (was, name), score in scores.items():
        rivals = [other for pair, other in scores.items() if (pair[0] == was) != (pair[1] == name)]
        if all(score > other for other in rivals):
            pairs[was[1]] = name[1]
    return pairs


def taught(file: File, row: Any) -> tuple[set[Name], set[Name]]:
    entity = row[2]
    lessons = [lesson for lesson in file.lessons if entity.ref in lesson.who]
    return {file.names[home] for home in classes_of(file.timetable, entity)}, {lesson.subject for lesson in lessons}


def count(
    school: FictitiousSchool, before: Timetable | None, after: Timetable, *, decided: Collection[str] = ()
) -> dict[str, int]:
    """Count every line of the bilan of `after`, `before` being the import validated last, in the mode Option 2."""
    old = File(before, school, decided, school.first_at.date()) if before else None
    new = File(after, school, decided, school.second_at.date() if before else school.first_at.date())
    old_subjects, new_subjects = subjects(old) if old else {}, subjects(new)
    old_services, new_services = services(old) if old else {}, services(new)
    old_closures, new_closures = closures(old) if old else set(), closures(new)
    old_rhythms, new_rhythms = alternations(old) if old else set(), alternations(new)
    common = old_services.keys() & new_services.keys()
    moved = {
        "added": new_services.keys() - old_services.keys(),
        "modified": {service for service in common if old_services[service] != new_services[service]},
        "removed": old_services.keys() - new_services.keys(),
    }
    groups, ent_groups = management(old, new, school)
    old_events, new_events = events(old) if old else dict.fromkeys(events(new), 0), events(new)
    shared = old_subjects.keys() & new_subjects.keys()
    found = {
        "subjects.added": len(new_subjects.keys() - old_subjects.keys()),
        "subjects.modified": sum(old_subjects[code] != new_subjects[code] for code in shared),
        "closure_periods.added": len(new_closures - old_closures),
        "closure_periods.removed": len(old_closures - new_closures),
        "week_alternations.added": len(new_rhythms - old_rhythms),
        "week_alternations.modified": 0,
        "week_alternations.removed": len(old_rhythms - new_rhythms),
        "lessons.delta": sum(len(row.held) for row in new.kept) - sum(len(row.held) for row in old.kept if old)
        if old
        else sum(len(row.held) for row in new.kept),
    }
    for line, keys in moved.items():
        found[f"teaching_services.{line}.count"] = len(keys)
        found[f"teaching_services.{line}.incomplete"] = sum(map(is_incomplete, keys))
    found |= reached(new, school, ent_groups) | groups
    for line, total in new_events.items():
        found[f"{line}.delta"] = total - old_events[line]
        found[f"{line}.total"] = total
    return found


def expected(school: FictitiousSchool, *, decided: Collection[str] = ()) -> dict[str, int]:
    """Count the bilan of the second import, after the first one was validated; `decided` were identified by hand."""
    return count(school, school.first, school.second, decided=decided)


def expected_first(school: FictitiousSchool, *, decided: Collection[str] = ()) -> dict[str, int]:
    """Count the bilan of the first import, on the directory alone."""
    return count(school, None, school.first, decided=decided)


