"""What a file does not speak of is kept as the previous import left it: silence removes nothing (sts 2.4, 2.5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import evolve

from entformats.frozen import FrozenMap
from entformats.identity import Key
from entformats.rules.snapshot import Audience, Snapshot
from entformats.timetable import Domain, Kind, Service, ServiceKey, kind_of

__all__ = ["keep"]

KEPT = {
    Domain.LESSONS: ("first_monday", "closures", "alternations", "lessons", "opened", "teachers"),
    Domain.SERVICES: ("declared_services", "incomplete", "classes", "option_groups"),
}
"""Domain -> fields of the snapshot that are those of the previous one."""


def keep(current: Snapshot, previous: Snapshot, silent: frozenset[Domain]) -> Snapshot:
    """Garder ce dont le fichier ne parle pas, from the previous import of the same school year.

    Services that a file states without their lessons keep the weekly pattern that they had; a class or a group keeps
    the teachers, the pupils that the file could not give it.

    >>> from entformats.rules.snapshot import SubjectContent
    >>> before = Snapshot("0749999S", 2022, subjects=FrozenMap({Key("subject:SVT"): SubjectContent("SCIENCES")}))
    >>> after = Snapshot("0749999S", 2022)
    >>> len(keep(after, before, frozenset()).subjects), keep(after, before, frozenset(Domain)) == before
    (0, True)
    """
    if not silent or previous.school_year != current.school_year:
        return current
    changed: dict[str, Any] = {
        "people": FrozenMap({**previous.people, **current.people}),
        "audiences": FrozenMap(sorted(_audiences(current, previous, silent))),
    }
    changed["homes"] = FrozenMap(sorted(_homes(current, previous, frozenset(changed["audiences"]))))
    for domain in silent & KEPT.keys():
        changed |= {name: getattr(previous, name) for name in KEPT[domain]}
    if Domain.SUBJECTS in silent:
        changed["subjects"] = FrozenMap(sorted({**current.subjects, **previous.subjects}.items()))
    if Domain.LESSONS in silent and Domain.SERVICES not in silent:
        changed["declared_services"] = FrozenMap(_with_patterns(current, previous))
    return evolve(current, **changed)


def _with_patterns(current: Snapshot, previous: Snapshot) -> Iterator[tuple[ServiceKey, Service]]:
    for name, service in current.declared_services.items():
        known = previous.services.get(name)
        yield (
            name,
            service if known is None else evolve(service, patterns=known.patterns, alternation=known.alternation),
        )


def _audiences(current: Snapshot, previous: Snapshot, silent: frozenset[Domain]) -> Iterator[tuple[Key, Audience]]:
    for who, audience in current.audiences.items():
        before = previous.audiences.get(who, Audience(""))
        taught = before if Domain.LESSONS in silent else audience
        held = before if Domain.PUPILS in silent else audience
        yield who, evolve(audience, teachers=taught.teachers, subjects=taught.subjects, pupils=held.pupils)
    for who, audience in previous.audiences.items():
        if who not in current.audiences and kind_of(who) is Kind.GROUP and Domain.GROUPS in silent:
            yield who, audience


def _homes(current: Snapshot, previous: Snapshot, audiences: frozenset[Key]) -> Iterator[tuple[Key, Key]]:
    """Give the homes of the file, and those of what is kept: the classes and groups of its lessons among them."""
    met = {who for lesson in previous.lessons for who in lesson.audience}
    kept = ((who, home) for who, home in previous.homes.items() if who in audiences or who in met)
    yield from {**dict(kept), **current.homes}.items()
