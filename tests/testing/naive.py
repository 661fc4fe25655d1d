"""The bilan counted naively, date by date, from the two timetables of a generated school and who its people really are.

Written from the definitions of rules 3.2 to 3.6 alone: nothing of `entformats.rules`, nor of what the timetable deduces
(keys, closures, alternations, services, events, members) is used, so that a bug there shows here.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from entformats.aaf import ClassRef
    from entformats.identity import Ref
    from entformats.testing.school import FictitiousSchool
    from entformats.timetable import Membership, OptionGroup, SchoolClass, Timetable, WeeklyLesson

K = TypeVar("K")
Name = tuple[str, str]
"""A kind and a name that holds from one file to the next."""
Service = tuple[Name, frozenset[Name], frozenset[Name]]
"""Subject, regular teachers, classes and groups."""
Slot = tuple[int, tuple[str, str], list[int]]
"""Weekday, times, weeks."""


class File:
    """One timetable, taken apart."""

    def __init__(self, timetable: Timetable, school: FictitiousSchool, decided: Collection[str], on: date) -> None:
        self.timetable = timetable
        self.on = on
        self.accounts: dict[str, str] = {
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
        for person in t.identities():
            numbers = {one.kind.value: one.value for one in person.identifiers}
            yield person.ref, ("person", numbers["idpn"])

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

    def service(self) -> Service:
        regular = set(self.teachers) - self.substitutes()
        return self.subject, frozenset(self.file.names[who] for who in regular), self.audience

    def slot(self) -> tuple[object, ...]:
        return self.weekday, self.span, self.subject, self.audience


def bits(mask: int) -> list[int]:
    """Give the week numbers of a mask, digit by digit."""
    return [week for week, digit in enumerate(reversed(f"{mask:b}")) if digit == "1"]


def open_weeks(rows: Iterable[Row]) -> dict[int, set[int]]:
    """Give the weeks in which any lesson of the file is, for each weekday."""
    found: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        found[row.weekday] |= row.weeks
    return {weekday: weeks for weekday, weeks in found.items() if weeks}


def subjects(file: File) -> dict[str, str]:
    """Give the label of each subject code."""
    return {subject.code: subject.label for subject in file.timetable.subjects.values()}


def held(file: File) -> list[date]:
    """List the dates of the lessons that take place, one a lesson."""
    return [file.day(row.weekday, week) for row in file.kept for week in row.held]


def closures(file: File) -> dict[tuple[date, date], None]:
    """Walk through the days of the year, one by one."""
    opened = {file.day(weekday, week) for weekday, weeks in file.open.items() for week in weeks}
    assert file.timetable.start is not None
    runs, run, day = set(), list[date](), file.timetable.start
    while day <= max(opened):
        if day in opened:
            runs |= {(run[0], run[-1])} if run else set()
            run = []
        elif day.isoweekday() in file.open:
            run.append(day)
        day += timedelta(days=1)
    return dict.fromkeys(runs)


def alternations(file: File) -> dict[frozenset[date], None]:
    """Sort the rhythms of the lessons kept in patterns, as the table says, and keep those that are ones."""
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
    return dict.fromkeys(found)


def services(file: File) -> dict[Service, list[Slot]]:
    """Give the slots of each service."""
    found: dict[Service, list[Slot]] = defaultdict(list)
    for row in file.kept:
        if row.annual and row.weeks:
            found[row.service()].append((row.weekday, row.span, sorted(row.weeks)))
    return {service: sorted(content) for service, content in found.items()}


def is_incomplete(service: Service) -> bool:
    """Tell whether a service lacks a teacher or an audience; the lessons of these schools all have a subject."""
    _, teachers, audience = service
    return not (teachers and audience)


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


def reached(file: File, ent: Ent) -> dict[str, int]:
    """Count the classes, groups and teachers whose services or lessons are imported."""
    t = file.timetable
    taught = {name for service in services(file) for name in service[2]}
    homes = {home.name for home in t.classes.values() if ("class", home.name) in taught}
    for group in t.option_groups.values():
        if ("group", group.name) in taught:
            homes |= {t.classes[home].name for home in classes_of(t, group)}
    groups = ent.groups | {group.name for group in t.option_groups.values()}
    teaching = {who for row in file.lessons for who, weeks in row.teachers.items() if weeks}
    known = {who for who in teaching if who in file.accounts}
    return {
        "classes.imported": len(homes & ent.classes),
        "classes.not_imported": len((ent.classes | {c.name for c in t.classes.values()}) - (homes & ent.classes)),
        "option_groups.imported": sum(("group", name) in taught for name in groups),
        "option_groups.not_imported": sum(("group", name) not in taught for name in groups),
        "teachers.imported": len(known),
        "teachers.not_imported": len(teaching - known),
    }


def classes_of(t: Timetable, group: OptionGroup) -> set[Ref]:
    """Give the classes that a group takes pupils from."""
    return {*group.classes, *(t.class_parts[part].school_class for part in group.parts)}


def is_in(membership: Membership, homes: Collection[str], on: date) -> bool:
    """Tell whether a membership is in one of these classes and parts on a day."""
    assert membership.start is not None
    assert membership.end is not None
    return membership.of in homes and membership.start <= on <= membership.end


class Audience:
    """A class or a group of a file: its classes, its subjects, its pupils of one day, its teachers of any week."""

    def __init__(self, entity: SchoolClass | OptionGroup, file: File) -> None:
        t = file.timetable
        self.file = file
        self.name = file.names[entity.ref]
        homes: set[str] = {entity.ref}
        self.pupils: set[str] = set()
        self.classes: set[Name] = {self.name}
        if entity.ref in t.option_groups:
            group = t.option_groups[entity.ref]
            homes |= {*group.classes, *group.parts}
            self.pupils |= set(group.pupils)
            self.classes = {file.names[home] for home in classes_of(t, group)}
        self.pupils |= {ref for ref, one in t.pupils.items() if any(is_in(m, homes, file.on) for m in one.memberships)}
        rows = [row for row in file.lessons if entity.ref in row.who]
        self.subjects = {row.subject for row in rows}
        self.teachers = {who for row in rows for who, weeks in row.teachers.items() if weeks}

    def accounts(self, people: set[str]) -> set[str]:
        return {self.file.accounts[who] for who in people if who in self.file.accounts}

    def named(self, people: set[str]) -> set[Name]:
        return {self.file.names[who] for who in people}


def audiences(file: File) -> dict[Name, Audience]:
    """Give the classes and groups of a file by name."""
    t = file.timetable
    entities: list[SchoolClass | OptionGroup] = [*t.classes.values(), *t.option_groups.values()]
    return {found.name: found for found in (Audience(entity, file) for entity in entities)}


class Ent:
    """What the ENT holds before an import: the directory, and what the previous import wrote."""

    def __init__(self, school: FictitiousSchool, old: File | None) -> None:
        d = school.directory
        self.classes = {one.name for record in d.schools.values() for one in record.classes}
        self.groups = {one.code for record in d.schools.values() for one in record.groups}
        self.members: dict[Name, set[str]] = defaultdict(set)
        for pupil in d.pupils.values():
            self._add(pupil.key, pupil.classes, pupil.groups)
        for staff in d.staff.values():
            self._add(staff.key, (*staff.classes, *staff.head_teacher_of), staff.groups)
        self.written = audiences(old) if old else {}
        for name, audience in self.written.items():
            self.members[name] |= audience.accounts(audience.pupils | audience.teachers)
        self.groups |= {name for kind, name in self.written if kind == "group"}

    def _add(self, account: str, classes: Iterable[ClassRef], groups: Iterable[ClassRef]) -> None:
        for kind, refs in (("class", classes), ("group", groups)):
            for one in refs:
                self.members[kind, one.name].add(account)

    def rename(self, pairs: dict[Name, Name]) -> None:
        for was, now in pairs.items():
            self.members[now] |= self.members.pop(was)
            self.groups.remove(was[1])


def management(ent: Ent, new: File) -> dict[str, int]:
    """Count the groups to create and to rename, and the audiences with somebody to add."""
    after = audiences(new)
    renamed = renames(ent.written, after)
    groups = {name for kind, name in after if kind == "group"}
    create = groups - ent.groups - {name for _, name in renamed.values()}
    ent.rename(renamed)
    counts = {"groups_to_create": len(create), "groups_to_rename": len(renamed)}
    homes = [one for one in after.values() if one.name[0] == "group" or one.name[1] in ent.classes]
    for line, people in (("teachers", "teachers"), ("pupils", "pupils")):
        lacking = [one for one in homes if one.accounts(getattr(one, people)) - ent.members[one.name]]
        counts[f"audiences_with_{line}_to_add"] = len(lacking)
    return {f"group_management.{name}": found for name, found in counts.items()}


def renames(before: dict[Name, Audience], after: dict[Name, Audience]) -> dict[Name, Name]:
    """Pair the groups that disappeared with those that appeared, each being the other's only best (rules 2.4)."""
    scores: dict[tuple[Name, Name], tuple[float, bool]] = {}
    for was in before.keys() - after.keys():
        for now in after.keys() - before.keys():
            score = likeness(before[was], after[now])
            if was[0] == now[0] == "group" and (score[1] or score[0] >= 0.8):
                scores[was, now] = score
    pairs = {}
    for (was, now), score in scores.items():
        rivals = [other for pair, other in scores.items() if (pair[0] == was) != (pair[1] == now)]
        if all(score > other for other in rivals):
            pairs[was] = now
    return pairs


def likeness(was: Audience, now: Audience) -> tuple[float, bool]:
    """Compare two groups: share of pupils in common; same classes, same subjects and a teacher in common."""
    a, b = was.named(was.pupils), now.named(now.pupils)
    alike = was.classes == now.classes and was.subjects == now.subjects
    common = was.named(was.teachers) & now.named(now.teachers)
    return (len(a & b) / len(a | b) if a | b else 0.0), bool(alike and common)


def changed(name: str, old: Mapping[K, object], new: Mapping[K, object]) -> dict[str, int]:
    """Count the keys added, those kept with another content, those removed."""
    kept = old.keys() & new.keys()
    counts = (len(new.keys() - old.keys()), sum(old[key] != new[key] for key in kept), len(old.keys() - new.keys()))
    return {f"{name}.{line}": found for line, found in zip(("added", "modified", "removed"), counts, strict=True)}


def services_changed(old: Mapping[Service, list[Slot]], new: Mapping[Service, list[Slot]]) -> dict[str, int]:
    """Count the services added, modified and removed, and how many of each are incomplete."""
    kinds = {
        "added": new.keys() - old.keys(),
        "modified": {service for service in old.keys() & new.keys() if old[service] != new[service]},
        "removed": old.keys() - new.keys(),
    }
    found = {f"teaching_services.{line}.count": len(keys) for line, keys in kinds.items()}
    return found | {f"teaching_services.{line}.incomplete": sum(map(is_incomplete, k)) for line, k in kinds.items()}


def count(
    school: FictitiousSchool, before: Timetable | None, after: Timetable, *, decided: Collection[str] = ()
) -> dict[str, int]:
    """Count every line of the bilan of `after`, `before` being the import validated last, in the mode Option 2."""
    old = None if before is None else File(before, school, decided, school.first_at.date())
    new = File(after, school, decided, (school.first_at if old is None else school.second_at).date())
    found = changed("subjects", {} if old is None else subjects(old), subjects(new))
    del found["subjects.removed"]
    found |= changed("closure_periods", {} if old is None else closures(old), closures(new))
    del found["closure_periods.modified"]
    found |= changed("week_alternations", {} if old is None else alternations(old), alternations(new))
    found |= services_changed({} if old is None else services(old), services(new))
    found["lessons.delta"] = len(held(new)) - (0 if old is None else len(held(old)))
    ent = Ent(school, old)
    found |= management(ent, new)
    found |= reached(new, ent)
    past = {} if old is None else events(old)
    for line, total in events(new).items():
        found |= {f"{line}.delta": total - past.get(line, 0), f"{line}.total": total}
    return found


def expected(school: FictitiousSchool, *, decided: Collection[str] = ()) -> dict[str, int]:
    """Count the bilan of the second import, after the first one was validated; `decided` were identified by hand."""
    return count(school, school.first, school.second, decided=decided)


def expected_first(school: FictitiousSchool, *, decided: Collection[str] = ()) -> dict[str, int]:
    """Count the bilan of the first import, on the directory alone."""
    return count(school, None, school.first, decided=decided)
