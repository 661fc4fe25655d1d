"""One way between our values and JSON: dates as ISO text, week sets as `1..7,10`, mappings as pairs, sets sorted."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, time
from hashlib import blake2b
from typing import Any, TypeVar, get_args, get_origin

import cattrs

from entformats.codes import weeks
from entformats.codes.weeks import WeekSet
from entformats.errors import InvalidValue
from entformats.frozen import FrozenMap
from entformats.identity import SourceKey

__all__ = ["digest", "dump", "load"]

T = TypeVar("T")


def _converter() -> cattrs.Converter:
    converter = cattrs.Converter()
    for kind in (date, datetime, time):
        converter.register_unstructure_hook(kind, kind.isoformat)
        converter.register_structure_hook(kind, _reads(kind.fromisoformat))
    converter.register_unstructure_hook(WeekSet, weeks.format)
    converter.register_structure_hook(WeekSet, _reads(weeks.parse))
    converter.register_unstructure_hook(SourceKey, str)
    converter.register_structure_hook(SourceKey, _reads(SourceKey.parse))
    converter.register_unstructure_hook_func(_is(FrozenMap), lambda rows: _pairs(converter, rows))
    converter.register_structure_hook_factory(_is(FrozenMap), lambda kind: _map_reader(converter, kind))
    converter.register_unstructure_hook_func(_is(frozenset), lambda rows: _sorted(converter.unstructure(row) for row in rows))
    return converter


def _is(kind: type) -> Callable[[Any], bool]:
    return lambda found: found is kind or get_origin(found) is kind


def _reads(parse: Callable[[str], T]) -> Callable[[Any, Any], T]:
    return lambda text, _: parse(text)


def _pairs(converter: cattrs.Converter, rows: FrozenMap[Any, Any]) -> list[Any]:
    return _sorted([converter.unstructure(key), converter.unstructure(value)] for key, value in rows.items())


def _map_reader(converter: cattrs.Converter, kind: Any) -> Callable[[Any, Any], FrozenMap[Any, Any]]:
    key_type, value_type = get_args(kind)
    return lambda rows, _: FrozenMap(
        (converter.structure(key, key_type), converter.structure(value, value_type)) for key, value in rows
    )


def _sorted(rows: Any) -> list[Any]:
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


_CONVERTER = _converter()


def dump(value: object) -> str:
    """Write a value as JSON text: equal values give equal texts."""
    return json.dumps(_CONVERTER.unstructure(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load(text: str, kind: type[T]) -> T:
    """Read back what `dump` wrote; raises `InvalidValue` for anything else."""
    try:
        return _CONVERTER.structure(json.loads(text), kind)
    except (ValueError, TypeError, KeyError, AttributeError, cattrs.BaseValidationError, RecursionError) as error:
        raise InvalidValue(f"expected the JSON text of a {kind.__name__}") from error


def digest(*texts: str) -> str:
    """Empreinte: 32 hexadecimal digits of the texts, the same in every process."""
    return blake2b(json.dumps(texts).encode(), digest_size=16).hexdigest()
