"""Checks of classes and groups (aaf 4.7, 6.1, 6.4)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from entformats.aaf.checks.context import Context, is_told
from entformats.aaf.convert import read_all
from entformats.aaf.models import School
from entformats.aaf.table import TABLES, Category
from entformats.aaf.values import ClassRef, ClassSubject, DeclaredClass, DeclaredGroup
from entformats.codes.jointure import Jointure
from entformats.problems import Problem, problem

__all__ = ["declared_twice", "head_teachers", "mefs_outside_classes", "shared_names"]

Names: TypeAlias = dict[Jointure, set[str]]
CLASSES: Final = "ENTStructureClasses"
DECLARED: Final = tuple(one for one in TABLES[Category.SCHOOLS].attributes if one.field in {"classes", "groups"})
HEAD_TEACHER: Final = "ENTAuxEnsClassesPrincipal"


def shared_names(context: Context) -> Iterator[Problem]:
    """Un nom est celui d'une classe ou d'un groupe, pas des deux, dans un établissement (aaf 6.1, rule 12; aaf 4.7).

    Names are those of pupils, of staff, and those that the structures declare.
    """
    classes, groups = _names(context)
    for school in sorted(classes.keys() & groups.keys()):
        for name in sorted(classes[school] & groups[school]):
            yield problem("class_and_group_name", context.at(Category.SCHOOLS, school), name=name)


def _names(context: Context) -> tuple[Names, Names]:
    classes: Names = defaultdict(set)
    groups: Names = defaultdict(set)
    for key, school in context.directory.schools.items():
        classes[context.schools[key]].update(one.name for one in school.classes)
        groups[context.schools[key]].update(one.code for one in school.groups)
    for pupil in context.directory.pupils.values():
        _add(context, classes, pupil.classes)
        _add(context, groups, pupil.groups)
    for person in context.directory.staff.values():
        _add(context, classes, (*person.classes, *person.class_subjects, *person.head_teacher_of))
        _add(context, groups, (*person.groups, *person.group_subjects))
    return classes, groups


def _add(context: Context, names: Names, refs: Iterable[ClassRef | ClassSubject]) -> None:
    for ref in refs:
        names[context.schools.get(ref.school, ref.school)].add(ref.name)


def declared_twice(context: Context) -> Iterator[Problem]:
    """Une classe ou un groupe n'est déclaré que d'une façon (aaf 6.1, rule 12; aaf 6.4, 7).

    The first line wins. A line repeated as it is says nothing more; another one for the same name, with other MEF or
    other classes, is often that of another school year.
    """
    for key, school in context.directory.schools.items():
        for attribute in DECLARED:
            texts = school.extra.get(attribute.name, ())
            lines = read_all(attribute, texts) if texts else ()
            for name, count in _lines(lines).items():
                if count > 1:
                    yield problem("declared_twice", context.at(Category.SCHOOLS, key, attribute.name), name=name)


def _lines(lines: object) -> Counter[str]:
    """Count the different lines of each name."""
    assert isinstance(lines, tuple)
    different = dict.fromkeys(one for one in lines if isinstance(one, DeclaredClass | DeclaredGroup))
    return Counter(one.name if isinstance(one, DeclaredClass) else one.code for one in different)


def head_teachers(context: Context) -> Iterator[Problem]:
    """Un professeur principal enseigne dans sa classe (aaf 6.1, rule 13)."""
    for key, person in context.directory.staff.items():
        services: tuple[ClassRef | ClassSubject, ...] = (*person.classes, *person.class_subjects)
        taught = {(ref.school, ref.name) for ref in services}
        for ref in person.head_teacher_of:
            if (ref.school, ref.name) not in taught and is_told(person, "classes", "class_subjects"):
                yield problem("head_teacher_not_teaching", context.at(Category.STAFF, key, HEAD_TEACHER), name=ref.name)


def mefs_outside_classes(context: Context) -> Iterator[Problem]:
    """Un élève suit un MEF de sa classe, where its structure declares any: one note a class (aaf 3.6.2, 6.4).

    In summer pupils have the MEF of the coming year and the class of the past one.
    """
    declared = {
        (school.key, one.name): one.mefs for school in context.directory.schools.values() for one in _with(school)
    }
    strangers: Counter[tuple[Jointure, str]] = Counter()
    for pupil in context.directory.pupils.values():
        for ref in pupil.classes:
            mefs = declared.get((ref.school, ref.name), ())
            strangers[ref.school, ref.name] += bool(mefs) and pupil.mef is not None and pupil.mef not in mefs
    for (school, name), count in sorted(strangers.items()):
        if count:
            yield problem("mef_outside_class", context.at(Category.SCHOOLS, school, CLASSES), name=name, count=count)


def _with(school: School) -> Iterator[DeclaredClass]:
    return (one for one in school.classes if one.mefs)
