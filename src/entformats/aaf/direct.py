"""The direct lane: a record in the spelling that exports use, read by one pattern, without building a tree.

A pattern stands for one sequence of attributes and matches a whole record, character by character, so that what it
matches is well-formed and holds nothing else; whatever it does not match is left to the tree. It reads what `fast.py`
reads of the same record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import Final, NamedTuple, TypeAlias

from entformats._xml import BLOCK
from entformats.aaf.convert import ENTITY
from entformats.aaf.fast import SURPRISES, FastLane, Memo, SeenShape, Surprise, Typed, Unique, are_references
from entformats.aaf.hollow import HOLLOW
from entformats.aaf.table import CATEGORIES, Category
from entformats.frozen import FrozenMap
from entformats.limits import Limits

__all__ = ["DirectLane", "fits"]

AFTER: Final = 4
"""A pattern costs as much as forty records: it is compiled for the fourth record of a sequence."""
MOST: Final = 64
"""Patterns of one file; other sequences of attributes are left to the tree."""
LEVELS: Final = 5
"""Depth of a `<value>`, the root included."""
GAP: Final = r"[ \t\n]*+"
KEY: Final = r"[0-9A-Za-z_-]++"
TEXT: Final = r"[^<\x00-\x20][^<\x00-\x1f]*+"
"""A text that does not begin with a blank and that may stand as it is, but for what `_unescaped` and `_odd` see."""
BETWEEN: Final = "</value><value>"
HEAD: Final = (
    rf'{GAP}<addRequest>{GAP}<operationalAttributes>{GAP}<attr name="[0-9A-Za-z_.-]*+">{GAP}<value>(%s)</value>{GAP}'
    rf"</attr>{GAP}</operationalAttributes>{GAP}<identifier>{GAP}<id>({KEY})</id>{GAP}</identifier>{GAP}"
    rf"<attributes>{GAP}"
)
VALUE: Final = rf'<attr name="%s">(?:<value>%s</value>|<value></value>|<value ?/>)</attr>{GAP}'
HEADING: Final = re.compile(HEAD % "[0-9A-Za-z]++").match
NAMES: Final = re.compile(r'<attr name="([0-9A-Za-z_.:-]++)">').findall
REFERENCE: Final = re.compile("&(?:(amp|gt|quot|apos)|#([0-9]{2,7})|#x([0-9A-Fa-f]{2,6}));")
PREDEFINED: Final = {"amp": "&", "gt": ">", "quot": '"', "apos": "'"}
_Known: TypeAlias = tuple[Category, tuple[str, ...]]


def fits(limits: Limits) -> bool:
    """Tell whether what fits in one block cannot pass any limit.

    >>> fits(Limits()), fits(Limits(text_chars=100))
    (True, False)
    """
    return min(limits.text_chars, limits.record_elements, limits.record_bytes) >= BLOCK and limits.depth >= LEVELS


class _Pattern(NamedTuple):
    """Gabarit: a sequence of attributes, compiled. Its groups: category, identifier, then one an attribute."""

    match: Callable[[str], re.Match[str] | None]
    lane: FastLane
    shape: SeenShape
    order: Callable[[tuple[object, ...]], Iterable[object]]
    """From the groups, followed by the arguments of an empty record, to the arguments; texts are in their place."""
    blank: tuple[object, ...]
    references: tuple[tuple[int, int], ...]
    """Group and place of the identifiers that stay as they are."""
    ones: tuple[tuple[int, int, Memo], ...]
    """Group, place and converter of the other single values."""
    lists: tuple[tuple[int, int, Memo | None, Unique | None], ...]
    """Same for lists; what gives their distinct values, where a repetition is a finding."""
    unknown: tuple[tuple[int, str], ...]
    """Group and name of the attributes that are not known."""


class DirectLane:
    """Voie directe d'un fichier: gives the records that it understands, nothing of the others."""

    __slots__ = ("_lanes", "_last", "_patterns", "_seen", "_usual")

    def __init__(self, lanes: Mapping[Category, FastLane], expected: Category | None) -> None:
        """Read the categories of `lanes`, or only the one that the file announces."""
        self._lanes = {name: lane for name, lane in lanes.items() if expected in {None, name}}
        self._patterns: dict[_Known, _Pattern] = {}
        self._seen: dict[_Known, int] = {}
        self._usual: dict[Category, _Pattern] = {}
        """Last pattern of each category."""
        self._last: _Pattern | None = None

    def read(self, data: bytes) -> Typed | None:
        """Read one record, in UTF-8, up to its last tag and without it."""
        if len(data) > BLOCK:
            return None
        record = data.decode()
        if "\r" in record:
            record = record.replace("\r\n", "\n")
        if _odd(record):
            return None
        pattern = self._last
        try:
            found = pattern.match(record) if pattern is not None else None
            if pattern is None or found is None:
                pattern, found = self._other(record)
            groups = found.groups("")
            return _typed(pattern, _unescaped(groups) if "&" in record else groups)
        except SURPRISES:
            return None

    def _other(self, record: str) -> tuple[_Pattern, re.Match[str]]:
        """Match with another pattern than the last one. Raises `SURPRISES`."""
        head = HEADING(record)
        if head is None:
            raise Surprise
        category = CATEGORIES[head[1]]
        pattern = self._usual.get(category)
        found = pattern.match(record) if pattern is not None and pattern is not self._last else None
        if pattern is None or found is None:
            pattern = self._pattern((category, tuple(NAMES(record, head.end()))))
            found = pattern.match(record)
        if found is None:
            raise Surprise
        self._last = self._usual[category] = pattern
        return pattern, found

    def _pattern(self, known: _Known) -> _Pattern:
        """Give the pattern of a sequence of attributes that comes back. Raises `SURPRISES`."""
        pattern = self._patterns.get(known)
        if pattern is not None:
            return pattern
        if len(self._seen) >= MOST:
            self._seen.clear()
        seen = self._seen[known] = self._seen.get(known, 0) + 1
        if seen < AFTER or len(self._patterns) >= MOST:
            raise Surprise
        category, names = known
        pattern = self._patterns[known] = _compiled(category, self._lanes[category], names)
        return pattern


def _odd(record: str) -> bool:
    """Tell of characters that XML forbids, or changes."""
    return "\r" in record or "\ufffe" in record or "\uffff" in record or ("]" in record and "]]>" in record)


def _compiled(category: Category, lane: FastLane, names: tuple[str, ...]) -> _Pattern:
    """Compile a sequence of attributes. Raises `SURPRISES`."""
    shape = lane.shape(names)
    blank = (*lane.blank[:-2], shape.kept, lane.blank[-1])
    order = list(range(len(names) + 2, len(names) + 2 + len(blank)))
    references: list[tuple[int, int]] = []
    ones: list[tuple[int, int, Memo]] = []
    lists: list[tuple[int, int, Memo | None, Unique | None]] = []
    unknown: list[tuple[int, str]] = []
    written = [HEAD % "|".join(text for text, one in CATEGORIES.items() if one is category)]
    for group, (name, (place, memo, valid, many, unique, known)) in enumerate(zip(names, shape.slots, strict=True), 2):
        item = KEY if valid is are_references else TEXT
        values = rf"({item}(?:{BETWEEN}{item})*+)" if many else f"({item})"
        written.append(VALUE % (re.escape(name), r"(\2)" if place == 0 else values))
        if place < 0:
            unknown.append((group, known))
        elif not known:
            continue
        elif many:
            lists.append((group, place, memo, unique))
        elif memo is not None:
            ones.append((group, place, memo))
        elif valid is are_references:
            references.append((group, place))
        else:
            order[place] = group
    match = re.compile("".join((*written, f"</attributes>{GAP}"))).fullmatch
    kinds = tuple(references), tuple(ones), tuple(lists), tuple(unknown)
    return _Pattern(match, lane, shape, itemgetter(*order), blank, *kinds)


def _typed(pattern: _Pattern, groups: tuple[str, ...]) -> Typed:  # noqa: C901 - a call costs more
    """Convert what was matched, and build the record. Raises `SURPRISES`."""
    _, lane, shape, order, blank, references, ones, lists, unknown = pattern
    args = list(order(groups + blank))
    for group, place in references:
        if text := groups[group]:
            args[place] = text
    for group, place, memo in ones:
        if text := groups[group]:
            args[place] = memo[text]
    for group, place, shared, unique in lists:
        if not (text := groups[group]):
            continue
        if BETWEEN not in text:
            args[place] = (text if shared is None else shared[text],)
            continue
        texts = text.split(BETWEEN)
        if unique is not None and len(unique(texts)) < len(texts):
            raise Surprise
        args[place] = tuple(texts) if shared is None else tuple([shared[text] for text in texts])
    if unknown:
        extra = [(name, tuple(groups[group].split(BETWEEN))) for group, name in unknown if groups[group]]
        args[-1] = FrozenMap(extra) if extra else args[-1]
    if not lane.complete(args, shape):
        raise Surprise
    return Typed(lane.make(*args), shape.tallies, (), lane.kind, HOLLOW, shape.told)


def _unescaped(groups: tuple[str, ...]) -> tuple[str, ...]:
    """Replace the references of every text. Raises `Surprise` on what the tree may see in another way."""
    return tuple([_without_references(text) if "&" in text else text for text in groups])


def _without_references(text: str) -> str:
    plain, count = REFERENCE.subn(_character, text)
    if count < text.count("&") or ENTITY.search(plain):
        raise Surprise
    return plain


def _character(reference: re.Match[str]) -> str:
    """Give a character that is neither a blank, nor markup, nor forbidden."""
    name, decimal, hexadecimal = reference.groups()
    if name:
        return PREDEFINED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    character = chr(code)
    if not character.isprintable() or character in "< ":
        raise Surprise
    return character
