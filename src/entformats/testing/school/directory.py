"""The AAF delivery of the school that a timetable describes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final, TypeVar

from entformats.aaf import models, values
from entformats.aaf.directory import Directory
from entformats.codes import uai
from entformats.codes.jointure import Jointure
from entformats.frozen import FrozenMap
from entformats.identity import IdentifierKind, Ref
from entformats.testing.school.described import Described
from entformats.testing.school.names import plain
from entformats.testing.school.people import Civil
from entformats.testing.school.posts import DOCUMENTATION, OTHER_POSTS, teaching_post
from entformats.testing.school.programme import MEFS
from entformats.testing.school.registered import first_homes, first_text, invented_date
from entformats.timetable import Guardian, GuardianLink, Kind, OptionGroup, Pupil, Timetable, kind_of

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
    cannot know: matching them needs a decision. Guardians have none, as in real deliveries. Raises `InvalidValue` when
    the timetable has no UAI.

    >>> directory_of(Timetable("0749999S")).schools["749999"].uai
    '0749999S'
    """
    source = Described(timetable, civil, timetable.option_groups if groups is None else groups)
    return Directory(
        schools=_by_key([_school(source)]),
        pupils=_by_key(_pupil(source, name, pupil) for name, pupil in timetable.pupils.items()),
        guardians=_by_key(_guardian(source, name, guardian) for name, guardian in timetable.guardians.items()),
        staff=_by_key(_staff(source, name) for name in (*timetable.teachers, *timetable.staff)),
        subjects=_by_key(models.Subject(source.subjects[n], s.label) for n, s in timetable.subjects.items()),
        mefs=_by_key(models.Mef(Jointure(c), label, Jointure(c), stat) for c, label, stat in MEFS.values()),
    )


def _school(source: Described) -> models.School:
    known = source.timetable
    name = next((one.name for one in known.establishments if one.uai == known.uai), "") or "COLLEGE FICTIF"
    groups = [group for ref, group in known.option_groups.items() if ref in source.groups]
    return models.School(
        key=source.key,
        uai=uai.parse(known.uai),
        establishment_uai=uai.parse(known.uai),
        name=f"CLG${plain(name).removeprefix('COLLEGE ')}$VALFICTIF",
        type_label="COLLEGE",
        type_code="340",
        ministry="MINISTERE DE L'EDUCATION NATIONALE",
        ministry_code="06",
        contract="PU",
        postal_code="74999",
        town="VALFICTIF",
        academy="GRENOBLE",
        academy_code="008",
        classes=tuple(_declared(one.name) for one in known.classes.values()),
        groups=tuple(values.DeclaredGroup(group.name, group.name, tuple(source.homes(group))) for group in groups),
    )


def _declared(name: str) -> values.DeclaredClass:
    mef = MEFS.get(name[:1])
    return values.DeclaredClass(name, mef[1] if mef else name, (Jointure(mef[0]),) if mef else ())


def _pupil(source: Described, name: Ref, pupil: Pupil) -> models.Pupil:
    civil = source.civil(name)
    homes = set(first_homes(pupil))
    classes = [one.name for one in source.timetable.classes.values() if one.ref in homes]
    groups = [group for ref, group in source.timetable.option_groups.items() if ref in source.groups]
    known = [link for link in pupil.guardians if link.guardian in source.timetable.guardians]
    mef, label, _ = MEFS.get(classes[0][:1] if classes else "", ("", "", ""))
    return models.Pupil(
        key=source.account(name),
        ine=civil.ine,
        siecle_number=pupil.identity.identifier(IdentifierKind.SIECLE) or source.account(name)[-5:],
        birth_date=civil.birth_date,
        birth_family=civil.birth_family or civil.family,
        family=civil.family,
        given=civil.given,
        other_given=civil.other_given or (civil.given,),
        title=civil.title,
        relations=tuple(_relation(source, link) for link in known),
        regime="DEMI-PENSIONNAIRE DANS L'ETABLISSEMENT",
        status="SCOLAIRE",
        mef=Jointure(mef) if mef else None,
        mef_label=label,
        level=label,
        school=source.key,
        classes=source.refs(classes),
        groups=source.refs(group.name for group in groups if _holds(group, name, homes)),
    )


def _holds(group: OptionGroup, pupil: Ref, homes: set[Ref]) -> bool:
    return pupil in group.pupils or not homes.isdisjoint((*group.classes, *group.parts))


def _relation(source: Described, link: GuardianLink) -> values.Relation:
    first = link.rank == 1
    code = _LINKS[source.civil(link.guardian).title]
    person = source.account(link.guardian)
    return values.Relation(person, code, financial=first, legal=int(link.rank > 0), contact=first)


def _guardian(source: Described, name: Ref, guardian: Guardian) -> models.Guardian:
    civil, extra = source.civil(name), guardian.extra
    return models.Guardian(
        key=source.account(name),
        birth_family=plain(civil.family),
        family=civil.family,
        given=civil.given,
        title=civil.title,
        address=tuple(first_text(extra, f"Adresse{n}") for n in range(1, 5)),
        postal_code=first_text(extra, "CodePostal"),
        town=first_text(extra, "Ville"),
        country="FRANCE",
        children=tuple(source.account(child) for child in source.children[name]),
    )


def _staff(source: Described, name: Ref) -> models.Staff:
    civil = source.civil(name)
    classes, groups = source.lessons_of(name, Kind.CLASS), source.lessons_of(name, Kind.GROUP)
    return models.Staff(
        key=source.account(name),
        birth_date=civil.birth_date or invented_date(name),
        birth_family=plain(civil.birth_family or civil.family),
        family=plain(civil.family),
        given=plain(civil.given),
        other_given=tuple(map(plain, civil.other_given)) or (plain(civil.given),),
        title=civil.title,
        school=source.key,
        classes=source.refs(row.name for row in classes),
        groups=source.refs(row.name for row in groups),
        class_subjects=classes,
        group_subjects=groups,
        head_teacher_of=source.refs(c.name for c in source.timetable.classes.values() if name in c.head_teachers),
        functions=(values.Function(source.key, *_post(source, name)),),
        is_teacher=kind_of(name) is Kind.TEACHER,
        faces_pupils=bool(classes or groups),
    )


def _post(source: Described, name: Ref) -> tuple[str, str, str, str]:
    if kind_of(name) is Kind.STAFF:
        return OTHER_POSTS[list(source.timetable.staff).index(name) % len(OTHER_POSTS)]
    known = source.timetable.subjects
    taught = sorted(known[subject].code for _, subject in source.taught[name] if subject in known)
    return teaching_post(taught[0]) if taught else DOCUMENTATION


def _by_key(records: Iterable[R]) -> FrozenMap[Jointure, R]:
    return FrozenMap((record.key, record) for record in records)
