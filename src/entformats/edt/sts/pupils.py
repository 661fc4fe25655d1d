"""Pupils and guardians of SIECLE (sts 5, 6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TypeVar

from attrs import evolve

from entformats.edt.sts.document import Item, StsFile
from entformats.edt.sts.flat import flat
from entformats.edt.sts.people import read_day
from entformats.edt.sts.structures import Structures, class_ref, group_ref
from entformats.frozen import FrozenMap
from entformats.identity import IdentifierKind, Identity, Profile, Ref, identifiers
from entformats.timetable import Guardian, GuardianLink, Kind, Membership, Pupil, kind_of, ref

__all__ = ["read_guardians", "read_pupils"]

P = TypeVar("P", Pupil, Guardian)

FOREVER = 9999
"""Year of a date that stands for none: `31/12/9999`."""
MOST_GUARDIANS = 2
TYPES = frozenset({"D", "G"})
NAMES = ("NOM_USAGE", "NOM_DE_FAMILLE", "NOM", "PRENOM", "DATE_NAISS")
LEGAL = {"NIVEAU_RESPONSABILITE": {"1": 1}, "RESP_LEGAL": {"1": 1, "2": 2}}
"""Element -> its values that mean a legal guardian, and the rank that they give (sts 6)."""


def read_pupils(file: StsFile, school: str, structures: Structures, *, declared: bool) -> dict[Ref, Pupil]:
    """Read `BEE_ELEVES`, in whatever order its sections come.

    `declared` tells whether another file declares the divisions and groups: one that is not among them is reported.

    Problems: `sts_id_missing`, `sts_id_duplicate`, `sts_person_without_name`, `sts_date_unreadable`, `sts_ine_missing`,
    `sts_pupil_without_class`, `sts_two_classes`, `sts_structure_block_twice`, `sts_structure_type_unknown`,
    `sts_structure_unknown`, `sts_pupil_unknown`.
    """
    pupils: dict[Ref, Pupil] = {}
    items: dict[Ref, Item] = {}
    for item in _sections(file, "ELEVES", "ELEVE"):
        number = item.attribute("ELEVE_ID")
        name = ref(Kind.PUPIL, number)
        if not number or name in pupils:
            item.found("sts_id_duplicate" if number else "sts_id_missing", number)
        else:
            pupils[name], items[name] = _pupil(item, number, school), item
    _read_addresses(file, pupils)
    for name, item in _of_pupils(file, pupils, "OPTIONS", "OPTION"):
        _more(pupils, name, dict(flat(item.node, ("@ELEVE_ID", "@ELENOET"))))
    blocks: defaultdict[Ref, list[Item]] = defaultdict(list)
    for name, item in _of_pupils(file, pupils, "STRUCTURES", "STRUCTURES_ELEVE"):
        blocks[name].append(item)
    for name, item in items.items():
        homes = tuple(_memberships(item, blocks[name], structures, declared=declared))
        pupils[name] = evolve(pupils[name], memberships=homes)
        _more(pupils, name, _odd(blocks[name]))
        _check(pupils[name], item)
    return pupils


def _sections(file: StsFile, section: str, tag: str) -> Iterator[Item]:
    return (item for found in file.every(section) for item in found.each(tag))


def _of_pupils(file: StsFile, pupils: Mapping[Ref, Pupil], section: str, tag: str) -> Iterator[tuple[Ref, Item]]:
    """Give the elements of a section with the pupil that each is about."""
    for item in _sections(file, section, tag):
        number = item.attribute("ELEVE_ID")
        name = ref(Kind.PUPIL, number)
        if name in pupils:
            yield name, item
        else:
            item.found("sts_pupil_unknown" if number else "sts_id_missing", number)


def _pupil(item: Item, number: str, school: str) -> Pupil:
    texts = dict(flat(item.node, ("@ELEVE_ID", "@ELENOET", *NAMES)))
    born = read_day(item, number, "DATE_NAISS")
    if born is None and item.text("DATE_NAISS"):
        texts["DATE_NAISS"] = (item.text("DATE_NAISS"),)
    known = [(IdentifierKind.INE, item.text(tag)) for tag in ("ID_NATIONAL", "INE_RNIE", "INE_BEA")]
    numbers = {number, item.node.attributes.get("ELENOET", "").strip(), item.text("ELENOET")}
    known += [(IdentifierKind.SIECLE, one) for one in sorted(numbers)]
    identity = Identity(
        ref(Kind.PUPIL, number),
        Profile.PUPIL,
        school,
        item.text("PRENOM"),
        item.text("NOM_USAGE", "NOM_DE_FAMILLE", "NOM"),
        item.text("NOM_DE_FAMILLE", "NOM"),
        tuple(filter(None, (item.text("PRENOM2"), item.text("PRENOM3")))),
        born,
        identifiers(known),
    )
    return Pupil(identity, item.text("CODE_SEXE"), extra=FrozenMap(texts))


def _more(people: dict[Ref, P], name: Ref, texts: Mapping[str, tuple[str, ...]]) -> None:
    person = people[name]
    people[name] = evolve(person, extra=FrozenMap({**person.extra, **texts}))


def _read_addresses(file: StsFile, people: dict[Ref, P]) -> None:
    """Put the address that a person refers to with that person."""
    addresses = {item.attribute("ADRESSE_ID"): item for item in _sections(file, "ADRESSES", "ADRESSE")}
    for name, person in people.items():
        item = addresses.get("".join(person.extra.get("ADRESSE_ID", ())))
        if item is not None:
            _more(people, name, dict(flat(item.node, ("@ADRESSE_ID",), "ADRESSE/")))


Homes = Mapping[str, tuple[Callable[[str], Ref], Mapping[Ref, object], Callable[[str], Ref]]]


def _homes(structures: Structures) -> Homes:
    """Type of structure -> how it is named, what is known of that type, how one is added."""
    return {
        "D": (class_ref, structures.classes, structures.add_class),
        "G": (group_ref, structures.groups, structures.add_group),
    }


def _memberships(item: Item, blocks: list[Item], structures: Structures, *, declared: bool) -> Iterator[Membership]:
    """Read the division and the groups of a pupil; they hold from the pupil's entry to the exit [inferred]."""
    number = item.attribute("ELEVE_ID")
    if len(blocks) > 1:
        blocks[1].found("sts_structure_block_twice", number)
    start, end = (_bound(item, number, tag) for tag in ("DATE_ENTREE", "DATE_SORTIE"))
    homes = _homes(structures)
    found: dict[Ref, None] = {}
    for one in (one for block in blocks for one in block.each("STRUCTURE")):
        code, kind = one.attribute("CODE_STRUCTURE"), one.text("TYPE_STRUCTURE")
        if kind not in homes:
            one.found("sts_structure_type_unknown", number, "TYPE_STRUCTURE", value=kind, code=code)
        elif not code:
            one.found("sts_id_missing", number)
        else:
            named, known, add = homes[kind]
            if declared and named(code) not in known:
                one.found("sts_structure_unknown", number, code=code)
            found[add(code)] = None
    yield from (Membership(home, start, end) for home in found)


def _odd(blocks: list[Item]) -> dict[str, tuple[str, ...]]:
    """Keep the structures of unknown type."""
    return {
        f"STRUCTURE/{one.attribute('CODE_STRUCTURE')}/TYPE_STRUCTURE": (one.text("TYPE_STRUCTURE"),)
        for block in blocks
        for one in block.each("STRUCTURE")
        if one.text("TYPE_STRUCTURE") not in TYPES
    }


def _bound(item: Item, number: str, tag: str) -> date | None:
    """Give the day of entry or exit; one that stands for none is None."""
    day = read_day(item, number, tag)
    return None if day is None or day.year == FOREVER else day


def _check(pupil: Pupil, item: Item) -> None:
    number = item.attribute("ELEVE_ID")
    if not pupil.identity.family:
        item.found("sts_person_without_name", number)
    if pupil.identity.identifier(IdentifierKind.INE) is None:
        item.found("sts_ine_missing", number)
    classes = sum(1 for one in pupil.memberships if kind_of(one.of) is Kind.CLASS)
    if classes == 0:
        item.found("sts_pupil_without_class", number)
    elif classes > 1:
        item.found("sts_two_classes", number)


def read_guardians(file: StsFile, school: str, pupils: dict[Ref, Pupil], *, known: bool) -> dict[Ref, Guardian]:
    """Read `BEE_RESPONSABLES`, and link the guardians to the pupils.

    A link is any child of `RESPONSABLES` that has `ELEVE_ID` and `PERSONNE_ID`; it also stays in the `extra` of its
    guardian. `known` tells whether the pupils were read: a link to one who is not among them is reported.

    Problems: `sts_id_missing`, `sts_id_duplicate`, `sts_person_without_name`, `sts_pupil_unknown`,
    `sts_guardian_unknown`, `sts_guardians_in_excess`.
    """
    guardians: dict[Ref, Guardian] = {}
    for item in _sections(file, "PERSONNES", "PERSONNE"):
        number = item.attribute("PERSONNE_ID")
        name = ref(Kind.GUARDIAN, number)
        if not number or name in guardians:
            item.found("sts_id_duplicate" if number else "sts_id_missing", number)
        else:
            guardians[name] = _guardian(item, number, school)
    _read_addresses(file, guardians)
    links: defaultdict[Ref, list[tuple[GuardianLink, Item]]] = defaultdict(list)
    for item in (one for found in file.every("RESPONSABLES") for one in found.children()):
        _read_link(item, guardians, pupils if known else None, links)
    for name, found in links.items():
        pupils[name] = evolve(pupils[name], guardians=tuple({link.guardian: link for link, _ in found}.values()))
        legal = [item for link, item in found if link.rank]
        if len(legal) > MOST_GUARDIANS:
            legal[MOST_GUARDIANS].found("sts_guardians_in_excess", name.partition(":")[2], count=len(legal))
    return guardians


def _guardian(item: Item, number: str, school: str) -> Guardian:
    family = item.text("NOM_USAGE", "NOM_DE_FAMILLE", "NOM")
    if not family:
        item.found("sts_person_without_name", number)
    name = ref(Kind.GUARDIAN, number)
    born = item.text("NOM_DE_FAMILLE", "NOM")
    identity = Identity(name, Profile.GUARDIAN, school, item.text("PRENOM"), family, born)
    return Guardian(identity, FrozenMap(flat(item.node, ("@PERSONNE_ID", *NAMES))))


def _read_link(
    item: Item,
    guardians: dict[Ref, Guardian],
    pupils: Mapping[Ref, Pupil] | None,
    links: Mapping[Ref, list[tuple[GuardianLink, Item]]],
) -> None:
    child, person = item.attribute("ELEVE_ID"), item.attribute("PERSONNE_ID")
    pupil, guardian = ref(Kind.PUPIL, child), ref(Kind.GUARDIAN, person)
    if not child or not person:
        item.found("sts_id_missing", child or person)
    elif guardian not in guardians:
        item.found("sts_guardian_unknown", child, number=person)
    else:
        _more(guardians, guardian, dict(flat(item.node, ("ELEVE_ID", "PERSONNE_ID"), f"ELEVE/{child}/")))
        if pupils is not None and pupil in pupils:
            links[pupil].append((GuardianLink(guardian, _rank(item)), item))
        elif pupils is not None:
            item.found("sts_pupil_unknown", child)


def _rank(item: Item) -> int:
    """Give the rank of a legal guardian, 0 for anybody else; since 2018 two persons may both be first (sts 6)."""
    return max((ranks.get(item.text(tag), 0) for tag, ranks in LEGAL.items()), default=0)
