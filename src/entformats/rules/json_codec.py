"""One way between our values and JSON: dates as ISO text, week sets as `1..7,10`, mappings as pairs, sets sorted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from hashlib import blake2b
from typing import Any, TypeVar, get_args, get_origin

import cattrs

from entformats.codes import weeks
from entformats.codes.weeks import WeekSet
from entformats.errors import InvalidValue
from entformats.frozen import FrozenMap
from entformats.identity import SourceKey
from entformats.names import clean

__all__ = ["digest", "dump", "load"]

T = TypeVar("T")


def _converter() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True)
    for kind in (date, datetime, time):
        converter.register_unstructure_hook(kind, kind.isoformat)
        converter.register_structure_hook(kind, _reads(kind.fromisoformat))
    converter.register_unstructure_hook(WeekSet, weeks.format)
    converter.register_structure_hook(WeekSet, _reads(weeks.parse))
    for plain in (str, int, bool):
        converter.register_structure_hook(plain, _accepts(plain))
    converter.register_unstructure_hook(SourceKey, _source_key)
    converter.register_structure_hook(SourceKey, lambda value, _: _read_source_key(value))
    converter.register_unstructure_hook_func(_is(FrozenMap), lambda rows: _pairs(converter, rows))
    converter.register_structure_hook_factory(_is(FrozenMap), lambda kind: _map_reader(converter, kind))
    converter.register_unstructure_hook_func(
        _is(frozenset), lambda rows: _sorted(converter.unstructure(row) for row in rows)
    )
    return converter


def _is(kind: type) -> Callable[[Any], bool]:
    return lambda found: found is kind or get_origin(found) is kind


def _accepts(plain: type) -> Callable[[object, Callable[[object], T]], T]:
    """Take a plain value as it is: a text is no number, a number no truth value. An enum is made from its value."""

    def take(value: object, kind: Callable[[object], T]) -> T:
        if type(value) is not plain:
            raise TypeError(plain.__name__)
        return kind(value)

    return take


def _source_key(key: SourceKey) -> str | list[str | None]:
    """Write `prenom$nom$date`, or the three fields where a name holds a `$` (rules 1.2)."""
    if "$" not in key.given + key.family:
        return str(key)
    return [key.given, key.family, key.birth_date.isoformat() if key.birth_date else None]


def _read_source_key(value: str | list[str | None]) -> SourceKey:
    if isinstance(value, str):
        return SourceKey.parse(value)
    given, family, born = value
    return SourceKey(clean(given or ""), clean(family or ""), date.fromisoformat(born) if born else None)


def _reads(parse: Callable[[str], T]) -> Callable[[Any, Any], T]:
    return lambda text, _: parse(text)


def _pairs(converter: cattrs.Converter, rows: FrozenMap[Any, Any]) -> list[Any]:
    return _sorted([converter.unstructure(key), converter.unstructure(value)] for key, value in rows.items())


def _map_reader(converter: cattrs.Converter, kind: object) -> Callable[[Any, Any], FrozenMap[Any, Any]]:
    key_type, value_type = get_args(kind)
    return lambda rows, _: FrozenMap(
        (converter.structure(key, key_type), converter.structure(value, value_type)) for key, value in rows
    )


_TEXT = json.JSONEncoder(sort_keys=True).encode


def _sorted(rows: Iterable[object]) -> list[Any]:
    return sorted(rows, key=_TEXT)


_CONVERTER = _converter()


def rows(values: Iterable[object], *, unless: Mapping[str, object]) -> str:
    """Write records as a JSON array of objects, without the fields that are as `unless` says.

    >>> rows([], unless={})
    '[]'
    """
    written: Iterable[dict[str, object]] = (_CONVERTER.unstructure(value) for value in values)
    kept = [
        {name: found for name, found in row.items() if name not in unless or found != unless[name]} for row in written
    ]
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def dump(value: object) -> str:
    """Write a value as JSON text: equal values give equal texts.

    >>> dump(frozenset({date(2022, 9, 5), date(2022, 9, 1)}))
    '["2022-09-01","2022-09-05"]'
    """
    return json.dumps(_CONVERTER.unstructure(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load(text: str, kind: type[T], *, migrate: Callable[[Any], Any] | None = None) -> T:
    """Read back what `dump` wrote; raises `InvalidValue` for anything else.

    `migrate` gives an object of today's version for one of an earlier version, None where the version is not known:
    that raises `InvalidValue` too. The error is silent about the text: it may hold personal data.

    >>> load('"2022-09-05"', date)
    datetime.date(2022, 9, 5)
    """
    try:
        data = json.loads(text)
        data = migrate(data) if migrate else data
        value = _CONVERTER.structure(data, kind) if data is not None or not migrate else None
    except (ValueError, TypeError, KeyError, AttributeError, cattrs.BaseValidationError, RecursionError):
        raise InvalidValue(f"expected the JSON text of a {kind.__name__}") from None
    if value is None:
        raise InvalidValue(f"expected a {kind.__name__} of a version that is known, found another")
    return value


def digest(*texts: str) -> str:
    """Empreinte: 32 hexadecimal digits of the texts, the same in every process.

    >>> digest("a", "b") == digest("ab")
    False
    """
    return blake2b(json.dumps(texts).encode(), digest_size=16).hexdigest()
