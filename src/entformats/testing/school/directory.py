"""The AAF delivery of the school that a timetable describes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Final, TypeVar

from attrs import define, field

from entformats.aaf import models, values
from entformats.aaf.directory import Directory
from entformats.codes import uai
from entformats.codes.jointure import Jointure
from entformats.frozen import FrozenMap
from entformats.identity import IdentifierKind, Ref
from entformats.testing.school.names import plain
from entformats.testing.school.people import Civil
from entformats.testing.school.posts import DOCUMENTATION, OTHER_POSTS, teaching_post
from entformats.testing.school.programme import MEFS, NATIONAL
from entformats.testing.school.registered import account_of, civil_of, first_homes, first_text, invented_date
from entformats.timetable import GuardianLink, Kind, OptionGroup, Pupil, Timetable, kind_of

__all__ = ["directory_of"]

_LINKS: Final = {"M.": "20", "Mme": "10"}
_NO_CIVIL: Final[FrozenMap[Ref, Civil]] = FrozenMap()
R = TypeVar("R", bound=models.Record)


def directory_of(
    timetable: Timetable, *, civil: Mapping[Ref, Civil] = _NO_CIVIL, groups: Collection[Ref] | None = None
) -> Directory:
    """Annuaire AAF of the school that a timetable describes: classes, groups, teachers, staff, pupils and guardians.

    People are spelled as AAF does: staff in capitals without accents. `civil` says who they really are where the
    timetable is not to be believed; `groups` are those that the directory knows, all of them by default. A pupil is in
    the classes and groups of his first day. Staff without a birth date in the timetable get one that the timetable
    cannot know: matching them needs a decision. Guardians have none, as in real deliveries.

    >>> directory_of(Timetable("0749999S")).schools["749999"].uai
    '0749999S'
    """
    return _Builder(timetable, civil, timetable.option_groups if groups is None else groups).build()


@define
class _Builder:
    timetable: Timetable
    civil: Mapping[Ref, Civil]
    groups: Collection[Ref]
    key: Jointure = field(init=False)
    subjects: dict[Ref, Jointure] = field(init=False)
    taught: defaultdict[Ref, set[tuple[Ref, Ref]]] = field(factory=lambda: defaultdict(set), init=False)
    children: defaultdict[Ref, list[Ref]] = field(factory=lambda: defaultdict(list), init=False)

    def __attrs_post_init__(self) -> None:
        self.key = Jointure(str(int(self.timetable.uai[:7])))
        named = enumerate(self.timetable.subjects.items(), start=1)
        self.subjects = {n: Jointure(s.national_code or NATIONAL.get(s.code, f"9{i:05}")) for i, (n, s) in named}
        for lesson in self.timetable.weekly_lessons:
            audience = [p.who for p in (*lesson.of(Kind.CLASS), *lesson.of(Kind.GROUP))]
            for teacher in lesson.of(Kind.TEACHER):
                self.taught[teacher.who] |= {(who, subject) for who in audience for subject in lesson.subjects}
        for name, pupil in self.timetable.pupils.items():
            for link in pupil.guardians:
                self.children[link.guardian].append(name)

    def build(self) -> Directory:
        known = self.timetable
        return Directory(
            schools=_by_key([self._school()]),
            pupils=_by_key(self._pupil(name, pupil) for name, pupil in known.pupils.items()),
            guardians=_by_key(self._guardian(name) for name in known.guardians),
            staff=_by_key(self._staff(name) for name in (*known.teachers, *known.staff)),
            subjects=_by_key(models.Subject(self.subjects[n], s.label) for n, s in known.subjects.items()),
            mefs=_by_key(models.Mef(Jointure(c), label, Jointure(c), stat) for c, label, stat in MEFS.values()),
        )

    def _school(self) -> models.School:
        known = self.timetable
        name = next((one.name for one in known.establishments if one.uai == known.uai), "") or "COLLEGE FICTIF"
        return models.School(
            key=self.key,
            uai=uai.parse(known.uai),
            establishment_uai=uai.parse(known.uai),
            name=f"CLG${plain(name.removeprefix('COLLEGE '))}$VALFICTIF",
            type_label="COLLEGE",
            type_code="340",
            ministry="MINISTERE DE L'EDUCATION NATIONALE",
            ministry_code="06",
            contract="PU",
            postal_code="74999",
            town="VALFICTIF",
            academy="GRENOBLE",
            academy_code="008",
            classes=tuple(self._class(one.name) for one in known.classes.values()),
            groups=tuple(self._group(known.option_groups[name]) for name in known.option_groups if name in self.groups),
        )

    def _class(self, name: str) -> values.DeclaredClass:
        mef = MEFS.get(name[:1])
        return values.DeclaredClass(name, mef[1] if mef else name, (Jointure(mef[0]),) if mef else ())

    def _group(self, group: OptionGroup) -> values.DeclaredGroup:
        homes = dict.fromkeys(
            (*group.classes, *(self.timetable.class_parts[part].school_class for part in group.parts))
        )
        return values.DeclaredGroup(group.name, group.name, tuple(self.timetable.classes[home].name for home in homes))

    def _pupil(self, name: Ref, pupil: Pupil) -> models.Pupil:
        civil = self._civil(name)
        homes = set(first_homes(pupil))
        classes = [one.name for one in self.timetable.classes.values() if one.ref in homes]
        mef = MEFS.get(classes[0][:1] if classes else "")
        known = [group for ref, group in self.timetable.option_groups.items() if ref in self.groups]
        return models.Pupil(
            key=account_of(self.timetable, name),
            ine=civil.ine,
            siecle_number=pupil.identity.identifier(IdentifierKind.SIECLE) or account_of(self.timetable, name)[-5:],
            birth_date=civil.birth_date,
            birth_family=civil.birth_family or civil.family,
            family=civil.family,
            given=civil.given,
            other_given=civil.other_given or (civil.given,),
            title=civil.title,
            relations=tuple(self._relation(link) for link in pupil.guardians),
            regime="DEMI-PENSIONNAIRE DANS L'ETABLISSEMENT",
            status="SCOLAIRE",
            mef=Jointure(mef[0]) if mef else None,
            mef_label=mef[1] if mef else "",
            level=mef[1] if mef else "",
            school=self.key,
            classes=self._refs(classes),
            groups=self._refs(group.name for group in known if _holds(group, name, homes)),
        )

    def _relation(self, link: GuardianLink) -> values.Relation:
        first = link.rank == 1
        title = self._civil(link.guardian).title
        person = account_of(self.timetable, link.guardian)
        return values.Relation(person, _LINKS[title], financial=first, legal=int(link.rank > 0), contact=first)

    def _guardian(self, name: Ref) -> models.Guardian:
        civil, extra = self._civil(name), self.timetable.guardians[name].extra
        address = [first_text(extra, f"Adresse{n}") for n in range(1, 5)]
        return models.Guardian(
            key=account_of(self.timetable, name),
            birth_family=plain(civil.family),
            family=civil.family,
            given=civil.given,
            title=civil.title,
            address=tuple(address),
            postal_code=first_text(extra, "CodePostal"),
            town=first_text(extra, "Ville"),
            country="FRANCE",
            children=tuple(account_of(self.timetable, child) for child in self.children[name]),
        )

    def _staff(self, name: Ref) -> models.Staff:
        civil, taught = self._civil(name), sorted(self.taught[name])
        teacher = kind_of(name) is Kind.TEACHER
        classes, groups = ([row for row in taught if kind_of(row[0]) is kind] for kind in (Kind.CLASS, Kind.GROUP))
        groups = [row for row in groups if row[0] in self.groups]
        heads = [one.name for one in self.timetable.classes.values() if name in one.head_teachers]
        return models.Staff(
            key=account_of(self.timetable, name),
            birth_date=civil.birth_date or invented_date(name),
            birth_family=plain(civil.birth_family or civil.family),
            family=plain(civil.family),
            given=plain(civil.given),
            other_given=tuple(map(plain, civil.other_given)) or (plain(civil.given),),
            title=civil.title,
            school=self.key,
            classes=self._refs(self._named(row[0]) for row in classes),
            groups=self._refs(self._named(row[0]) for row in groups),
            class_subjects=tuple(self._class_subject(row) for row in classes),
            group_subjects=tuple(self._class_subject(row) for row in groups),
            head_teacher_of=self._refs(heads),
            functions=(values.Function(self.key, *self._post(name)),),
            is_teacher=teacher,
            faces_pupils=bool(taught),
        )

    def _post(self, name: Ref) -> tuple[str, str, str, str]:
        if kind_of(name) is Kind.STAFF:
            return OTHER_POSTS[list(self.timetable.staff).index(name) % len(OTHER_POSTS)]
        taught = sorted(self.timetable.subjects[subject].code for _, subject in self.taught[name])
        return teaching_post(taught[0]) if taught else DOCUMENTATION

    def _named(self, audience: Ref) -> str:
        known = self.timetable
        return known.classes[audience].name if audience in known.classes else known.option_groups[audience].name

    def _class_subject(self, row: tuple[Ref, Ref]) -> values.ClassSubject:
        return values.ClassSubject(self.key, self._named(row[0]), self.subjects[row[1]])

    def _refs(self, names: Iterable[str]) -> tuple[values.ClassRef, ...]:
        return tuple(values.ClassRef(self.key, name) for name in names)

    def _civil(self, name: Ref) -> Civil:
        return self.civil.get(name) or civil_of(self.timetable, name)


def _holds(group: OptionGroup, pupil: Ref, homes: set[Ref]) -> bool:
    return pupil in group.pupils or not homes.isdisjoint((*group.classes, *group.parts))


def _by_key(records: Iterable[R]) -> FrozenMap[Jointure, R]:
    return FrozenMap((record.key, record) for record in records)
