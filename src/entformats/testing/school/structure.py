"""Classes, class parts, groups, and who is in them."""

from __future__ import annotations

from random import Random
from typing import Final

from attrs import evolve

from entformats.identity import Ref
from entformats.testing.school.draft import Draft
from entformats.testing.school.family import Families
from entformats.testing.school.programme import LANGUAGES, LEVELS
from entformats.timetable import ClassPart, Kind, OptionGroup, SchoolClass

__all__ = ["AGES", "ULIS", "add_class", "add_group", "add_part", "build_classes", "build_groups", "part_labels"]

CLASS_SIZE: Final = 25
BLOCK: Final = 4
"""Classes of one level whose second languages are taught together."""
ULIS: Final = "ULIS"
AGES: Final = {"6": 11, "5": 12, "4": 13, "3": 14}
_LATIN, _WORKSHOP = 0.25, 0.1


def build_classes(draft: Draft, families: Families, size: int) -> None:
    """Make classes of about 25 pupils over four levels, and a class `ULIS` whose parts no group uses."""
    rng = families.registry.rng
    special = min(12, max(2, size // 35))
    count = max(2, round((size - special) / CLASS_SIZE))
    levels = sorted((LEVELS[n % len(LEVELS)] for n in range(count)), reverse=True)
    for n, level in enumerate(levels):
        number = levels[:n].count(level) + 1
        share = (size - special) * (n + 1) // count - (size - special) * n // count
        home = add_class(draft, f"{level}E{number}", level)
        _fill(draft, families, home, [part_labels(rng, level, i, share) for i in range(share)])
    _fill(draft, families, add_class(draft, ULIS, ULIS), [[f"ULIS{i % 3 + 1}"] for i in range(special)])


def add_class(draft: Draft, name: str, level: str) -> Ref:
    """Add a class without pupils."""
    home = draft.new_ref(Kind.CLASS)
    draft.classes[home] = SchoolClass(home, name)
    draft.levels[home] = level
    return home


def part_labels(rng: Random, level: str, rank: int, size: int) -> list[str]:
    """Tell which parts of a class the pupil of this rank is in: halves for sciences and support, language, options."""
    labels = ["SC1" if 2 * rank < size else "SC2", "APA" if rank % 2 else "APB"]
    if level != "6":
        labels.append(f"LV2 {rng.randrange(len(LANGUAGES))}")
        if rank == 0 or rng.random() < _LATIN:
            labels.append("LATIN")
    if rng.random() < _WORKSHOP:
        labels.append("ATEL")
    return labels


def _fill(draft: Draft, families: Families, home: Ref, labels: list[list[str]]) -> None:
    parts = {label: add_part(draft, home, label) for label in sorted({one for each in labels for one in each})}
    for each in labels:
        families.pupil(AGES.get(draft.levels[home], 12), [home, *(parts[label] for label in each)])


def add_part(draft: Draft, home: Ref, label: str) -> Ref:
    """Add a part to a class; files give it no name."""
    part = draft.new_ref(Kind.PART)
    draft.parts[part] = ClassPart(part, home)
    draft.labels[part] = label
    draft.classes[home] = evolve(draft.classes[home], parts=(*draft.classes[home].parts, part))
    return part


def add_group(
    draft: Draft,
    name: str,
    label: str,
    *,
    parts: list[Ref],
    classes: tuple[Ref, ...] = (),
    pupils: tuple[Ref, ...] = (),
) -> Ref:
    """Add a group made of class parts, classes and pupils listed one by one."""
    group = draft.new_ref(Kind.GROUP)
    draft.groups[group] = OptionGroup(group, name, classes, tuple(parts), pupils)
    draft.labels[group] = label
    return group


def build_groups(draft: Draft, rng: Random) -> None:
    """Make the groups: halves of a class, languages and Latin over a block of classes, workshops over the school."""
    homes = {home: entity.name for home, entity in draft.classes.items() if draft.levels[home] != ULIS}
    for home, name in homes.items():
        for label in ("SC1", "SC2", "APA", "APB"):
            add_group(draft, f"{name} {label}", label, parts=_parts(draft, [home], label))
    for level in LEVELS[1:]:
        same = [home for home in homes if draft.levels[home] == level]
        for start in range(0, len(same), BLOCK):
            _block(draft, f"{level}E" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[start // BLOCK], same[start : start + BLOCK])
    if parts := _parts(draft, list(homes), "ATEL"):
        add_group(draft, "ATELIER ÉCHECS", "ATEL", parts=parts)
    first = next(iter(homes))
    add_group(draft, f"CHORALE {homes[first]}", "CHORALE", parts=[], classes=(first,))
    members = rng.sample(sorted(draft.pupils), min(8, len(draft.pupils)))
    add_group(draft, "ATELIER THÉÂTRE", "THEATRE", parts=[], pupils=tuple(Ref(name) for name in members))


def _block(draft: Draft, name: str, homes: list[Ref]) -> None:
    for number, language in enumerate(LANGUAGES):
        if parts := _parts(draft, homes, f"LV2 {number}"):
            add_group(draft, f"{name} {language} G{number + 1}", f"LV2 {number}", parts=parts)
    add_group(draft, f"{name} LATIN", "LATIN", parts=_parts(draft, homes, "LATIN"))


def _parts(draft: Draft, homes: list[Ref], label: str) -> list[Ref]:
    return [part for home in homes for part in draft.classes[home].parts if draft.labels[part] == label]
