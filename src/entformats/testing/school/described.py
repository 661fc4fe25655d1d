"""A timetable seen as what a directory is made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from attrs import define, field

from entformats.aaf import values
from entformats.codes import uai
from entformats.codes.jointure import Jointure
from entformats.identity import Ref
from entformats.testing.school.people import Civil
from entformats.testing.school.programme import NATIONAL
from entformats.testing.school.registered import account_of, civil_of
from entformats.timetable import Kind, OptionGroup, Timetable

__all__ = ["Described"]


@define
class Described:
    """École décrite par un emploi du temps: who teaches what to whom, whose child is who, under which keys."""

    timetable: Timetable
    known_civil: Mapping[Ref, Civil]
    groups: Collection[Ref]
    """Groups that the directory knows."""
    key: Jointure = field(init=False)
    subjects: dict[Ref, Jointure] = field(init=False)
    taught: defaultdict[Ref, set[tuple[Ref, Ref]]] = field(factory=lambda: defaultdict(set), init=False)
    """Teacher -> (class or group, subject)."""
    children: defaultdict[Ref, list[Ref]] = field(factory=lambda: defaultdict(list), init=False)

    def __attrs_post_init__(self) -> None:
        self.key = Jointure(str(int(uai.parse(self.timetable.uai)[:7])))
        named = enumerate(self.timetable.subjects.items(), start=1)
        self.subjects = {n: Jointure(s.national_code or NATIONAL.get(s.code, f"9{i:05}")) for i, (n, s) in named}
        for lesson in self.timetable.weekly_lessons:
            audience = [p.who for p in (*lesson.of(Kind.CLASS), *lesson.of(Kind.GROUP))]
            for teacher in lesson.of(Kind.TEACHER):
                self.taught[teacher.who] |= {(who, subject) for who in audience for subject in lesson.subjects}
        for name, pupil in self.timetable.pupils.items():
            for link in pupil.guardians:
                self.children[link.guardian].append(name)

    def account(self, person: Ref) -> Jointure:
        """Give the key of a person."""
        return account_of(self.timetable, person)

    def civil(self, person: Ref) -> Civil:
        """Give the civil status of a person: the one known, else what the timetable says."""
        return self.known_civil.get(person) or civil_of(self.timetable, person)

    def named(self, audience: Ref) -> str:
        """Give the name of a class or group."""
        known = self.timetable
        return known.classes[audience].name if audience in known.classes else known.option_groups[audience].name

    def homes(self, group: OptionGroup) -> Iterator[str]:
        """Give the names of the classes that a group takes pupils from."""
        parts = self.timetable.class_parts
        owners = (parts[part].school_class for part in group.parts if part in parts)
        for home in dict.fromkeys((*group.classes, *owners)):
            if home in self.timetable.classes:
                yield self.timetable.classes[home].name

    def refs(self, names: Iterable[str]) -> tuple[values.ClassRef, ...]:
        """Give classes or groups as a person's attributes name them, each once."""
        return tuple(values.ClassRef(self.key, name) for name in dict.fromkeys(names))

    def lessons_of(self, teacher: Ref, kind: Kind) -> tuple[values.ClassSubject, ...]:
        """Give the classes, or the groups, of a teacher, with the subject taught there."""
        audiences = self.timetable.classes if kind is Kind.CLASS else self.groups
        rows = sorted(row for row in self.taught[teacher] if row[0] in audiences and row[1] in self.subjects)
        return tuple(values.ClassSubject(self.key, self.named(row[0]), self.subjects[row[1]]) for row in rows)
