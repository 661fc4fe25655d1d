"""Directories of AAF and their successions: records with unknown attributes, odd and empty values, absent attributes.

Everything is drawn as short lists of edits on what files would deliver, from pools so small that identifiers come back
and that most of a directory is also in the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, cast

from hypothesis import strategies as st

from entformats.aaf import Category, Degree, Directory, Record
from entformats.aaf.convert import read_values
from entformats.aaf.degrees import table_of
from entformats.aaf.table import Attribute, Type, Values
from entformats.codes.jointure import Jointure
from entformats.frozen import FrozenMap

__all__ = ["directories", "directory_successions", "record_of"]

Texts: TypeAlias = tuple[str, ...]
Delivered: TypeAlias = dict[str, Texts]
"""Attribute name -> texts of its values, in order."""
State: TypeAlias = dict[tuple[Category, Jointure], Delivered]
Edit: TypeAlias = tuple[Category, Jointure, Delivered | None]

KEYS: Final = tuple(map(Jointure, ("61001", "61002", "3100456", "3100457", "3400001")))
UNKNOWN: Final = ("ENTNouveau", "ENTAutre")
POOLS: Final[Mapping[Type, Texts]] = FrozenMap(
    {
        Type.TEXT: ("", "A", "B  C", " É'à<&>\"$"),
        Type.DATE: ("", "29/02/2012", "31/02/2012"),
        Type.BOOL: ("", "O", "N", "y", "?"),
        Type.UAI: ("", "0749999S", "0749998r", "?"),
        Type.REF: ("", *KEYS, "a b"),
        Type.LINES: ("", "1 RUE FICTIVE$$", "2 RUE FICTIVE"),
        Type.CLASS: ("", "61001$5 C", "61002$5 C", "?"),
        Type.CLASS_SUBJECT: ("", "61001$5 C$020700", "61001$5 C"),
        Type.CLASS_DATE: ("", "61001$01/09/2024$5 C", "61001$5 C"),
        Type.RELATION: ("", "3400001$10$1$1$1$0", "3400001$10", "?"),
        Type.PRIMARY_CLASS: ("", "71001$x$y$90210$CM1 B", "71001$$$90211$CM2", "71001$CM1"),
        Type.AUTHORITY: ("", "3400001$20", "3400002", "a b"),
        Type.FUNCTION: ("", "61001$ENS$ENSEIGNEMENT$L1300$MATHS", "61002$-$SANS OBJET$-$SANS OBJET"),
        Type.DECLARED_CLASS: ("", "5 C$5EME$10110001110", "5 C$AUTRE", "5 D"),
        Type.DECLARED_GROUP: ("", "5 C_GR1$GROUPE 1$5 C", "LATIN"),
    }
)
OTHER: Final = ("", "61001$A", "61001$A$B", "A")
"""Of the other composites."""


def record_of(
    category: Category,
    key: Jointure,
    delivered: Mapping[str, Texts],
    *,
    degree: Degree = Degree.SECOND,
    shaped: bool = True,
) -> Record:
    """Build the record that a file with these attributes gives; without shape, as one made by hand.

    >>> record_of(Category.SUBJECTS, KEYS[0], {"ENTLibelleMatiere": ("ANGLAIS", "LATIN")}).extra["ENTLibelleMatiere"]
    ('ANGLAIS', 'LATIN')
    """
    table = table_of(category, degree)
    known = {one.name: one for one in table.attributes}
    values: dict[str, object] = {"key": key}
    extra: Delivered = {}
    for name, texts in delivered.items():
        attribute = known.get(name) or Attribute(name, "", Values.LIST, Type.TEXT, "I")
        reading = read_values(attribute, texts)
        if name in known:
            values[attribute.field] = reading.value
        if not reading.exact:
            extra[name] = texts
        elif name not in known and reading.value:
            extra[name] = cast("Texts", reading.value)
    make: Callable[..., Record] = table.record
    shape = (table.attributes[0].name, *delivered) if shaped else ()
    return make(**values, shape=shape, extra=FrozenMap(extra))


def _texts(attribute: Attribute) -> st.SearchStrategy[Texts]:
    """Draw the values of an attribute: none, one, several, repeated, odd ones."""
    pool = st.sampled_from(POOLS.get(attribute.type, OTHER))
    return st.one_of(pool.map(lambda text: (text,)), st.lists(pool, min_size=1, max_size=3).map(tuple))


def _delivered(category: Category, degree: Degree) -> st.SearchStrategy[Delivered]:
    attributes = {one.name: _texts(one) for one in table_of(category, degree).attributes if one.type is not Type.KEY}
    attributes |= {name: _texts(Attribute(name, "", Values.LIST, Type.TEXT, "I")) for name in UNKNOWN}
    names = st.lists(st.sampled_from(sorted(attributes)), min_size=2, max_size=8, unique=True)
    return names.flatmap(lambda drawn: st.fixed_dictionaries({name: attributes[name] for name in drawn}))


_EDITS: Final = {
    degree: st.one_of(
        [
            st.tuples(st.just(category), st.sampled_from(KEYS[-3:]), drawn)
            for category in Category
            for drawn in (*[_delivered(category, degree)] * 3, st.none())
        ]
    )
    for degree in Degree
}


def _edited(state: State, edits: list[Edit]) -> State:
    """Delete, create, or deliver some attributes anew."""
    after = dict(state)
    for category, key, delivered in edits:
        if delivered is None:
            after.pop((category, key), None)
        else:
            after[category, key] = after.get((category, key), {}) | delivered
    return after


def _directory(state: State, degree: Degree) -> Directory:
    return Directory.of(
        record_of(category, key, delivered, degree=degree, shaped=key != KEYS[-1])
        for (category, key), delivered in state.items()
    )


@st.composite
def directory_successions(draw: st.DrawFn, length: int = 2, degree: Degree = Degree.SECOND) -> tuple[Directory, ...]:
    """Draw `length` directories of one degree, each edited from the one before."""
    state: State = {}
    found = []
    for number in range(length):
        state = _edited(state, draw(st.lists(_EDITS[degree], min_size=1, max_size=16 if number == 0 else 8)))
        found.append(_directory(state, degree))
    return tuple(found)


def directories() -> st.SearchStrategy[Directory]:
    """Draw one directory."""
    return directory_successions(1).map(lambda found: found[0])
