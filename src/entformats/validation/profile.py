"""Profiles: another severity for some findings, or none, without touching the catalogue; data, in TOML."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from importlib.resources import files
from typing import Final

from attrs import evolve, field, frozen

from entformats.errors import InvalidValue
from entformats.frozen import FrozenMap
from entformats.problems import CATALOGUE, Entry, Report, Severity, entry

__all__ = ["DEFAULT", "LENIENT", "PROFILES", "STRICT", "CheckProfile", "Level"]

SHIPPED: Final = ("strict", "default", "lenient")
_FAMILY: Final = re.compile("([A-Z]+)(?:-([0-5]))?")


class Level(StrEnum):
    """Niveau donné par un profil: a severity, or silence."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    MUTE = "mute"
    """The finding is counted apart, and shown nowhere else."""


def _known(key: str) -> str:
    """Give the code of a slug, and a code or family as it is; raises InvalidValue for anything else."""
    if key in CATALOGUE:
        return entry(key).code
    if _FAMILY.fullmatch(key) and any(_belongs(code, key) for code in CATALOGUE):
        return key
    raise InvalidValue(f"expected a code, its slug, or a family such as AAF or AAF-3, found {key!r}")


def _belongs(code: str, key: str) -> bool:
    return code == key or (bool(_FAMILY.fullmatch(key)) and code.startswith(key if "-" in key else key + "-"))


def _keys(given: Iterable[str]) -> frozenset[str]:
    return frozenset(map(_known, given))


def _levels(given: Mapping[str, Level]) -> FrozenMap[str, Level]:
    return FrozenMap((_known(key), level) for key, level in given.items())


@frozen
class CheckProfile:
    """Profil de contrôle: which findings count, and how much.

    A key is a code (`AAF-344`), its slug, or a family: a prefix (`AAF`) or one of its layers (`AAF-3`); the most
    precise one wins. Raises `InvalidValue` for a key that stands for no finding.

    >>> profile = CheckProfile("vendor", levels={"AAF": Level.MUTE, "missing_part": Level.WARNING})
    >>> profile.level("AAF-001").value, profile.level("missing_part").value, profile.level("io_missing").value
    ('mute', 'warning', 'error')
    """

    name: str
    severities: FrozenMap[Severity, Level] = field(factory=FrozenMap)
    """Severity of the catalogue -> level, for the findings that `levels` does not name."""
    levels: FrozenMap[str, Level] = field(factory=FrozenMap, converter=_levels)
    select: frozenset[str] = field(default=frozenset(), converter=_keys)
    """What is wanted, by code, slug or family; nothing named means everything."""
    ignore: frozenset[str] = field(default=frozenset(), converter=_keys)
    """What is not wanted; it prevails over `select` where it is as precise."""

    def level(self, code: str) -> Level:
        """Give the level of a code or slug."""
        known = entry(code)
        return Level.MUTE if self._unwanted(known.code) else self._given(known)

    def _given(self, known: Entry) -> Level:
        closest = max((key for key in self.levels if _belongs(known.code, key)), key=len, default=None)
        return self.severities.get(known.severity, Level(known.severity)) if closest is None else self.levels[closest]

    def _unwanted(self, code: str) -> bool:
        """Compare how precisely a code is ignored and selected; where nothing is selected, everything is, vaguely."""
        ignored = max((len(key) for key in self.ignore if _belongs(code, key)), default=-1)
        selected = max((len(key) for key in self.select if _belongs(code, key)), default=-1 if self.select else 0)
        return ignored >= selected

    def wanting(self, *, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> CheckProfile:
        """Give the profile that selects and ignores more; raises `InvalidValue` for what stands for no finding.

        >>> DEFAULT.wanting(ignore=["AAF-0"]).level("missing_part").value
        'mute'
        """
        return evolve(self, select=self.select | _keys(select), ignore=self.ignore | _keys(ignore))

    def apply(self, report: Report) -> Report:
        """Appliquer le profil: findings get their level, those that are muted are only counted.

        >>> from entformats.problems import problem
        >>> STRICT.apply(Report.of([problem("ignored_file")])).verdict.value
        'usable'
        """
        levels = {code: self.level(code) for code in report.counts}
        kept = {code: Severity(level) for code, level in levels.items() if level is not Level.MUTE}
        return evolve(
            report,
            problems=tuple(evolve(one, severity=kept[one.code]) for one in report.problems if one.code in kept),
            counts=FrozenMap((code, number) for code, number in report.counts.items() if code in kept),
            levels=FrozenMap((code, level) for code, level in kept.items() if level is not entry(code).severity),
            muted=FrozenMap((code, number) for code, number in report.counts.items() if code not in kept),
            profile=self.name,
        )

    @classmethod
    def parse(cls, text: str) -> CheckProfile:
        r"""Lire un profil en TOML: `name`, `extends`, `select`, `ignore`, tables `severities` and `levels`.

        Raises `InvalidValue` for what is not TOML, an unknown key, level or profile.

        >>> CheckProfile.parse('name = "vendor"\nextends = "strict"\nignore = ["AAF"]').level("AAF-003")
        <Level.MUTE: 'mute'>
        """
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise InvalidValue(f"expected a profile in TOML: {error}") from error
        if unknown := sorted(data.keys() - {"name", "extends", "select", "ignore", "severities", "levels"}):
            raise InvalidValue(f"a profile has no {unknown[0]!r}")
        name, base = _text(data, "name"), _base(_text(data, "extends", "default"))
        severities = {_severity(key): level for key, level in _table(data, "severities").items()}
        return cls(
            name,
            FrozenMap({**base.severities, **severities}),
            FrozenMap({**base.levels, **{_known(key): level for key, level in _table(data, "levels").items()}}),
            base.select | _keys(_texts(data, "select")),
            base.ignore | _keys(_texts(data, "ignore")),
        )


def _base(name: str) -> CheckProfile:
    """Give a shipped profile; they extend nothing but the default one."""
    if name == "default":
        return CheckProfile(name)
    if name not in SHIPPED:
        raise InvalidValue(f"expected one of {', '.join(SHIPPED)}, found {name!r}")
    return _shipped(name)


def _text(data: Mapping[str, object], name: str, default: str | None = None) -> str:
    match data.get(name, default):
        case str(text):
            return text
        case _:
            raise InvalidValue(f"expected a text as {name!r} of a profile")


def _texts(data: Mapping[str, object], name: str) -> list[str]:
    match data.get(name, []):
        case list(texts) if all(isinstance(one, str) for one in texts):
            return [str(one) for one in texts]
        case _:
            raise InvalidValue(f"expected a list of texts as {name!r} of a profile")


def _table(data: Mapping[str, object], name: str) -> dict[str, Level]:
    match data.get(name, {}):
        case dict(rows) if all(isinstance(one, str) and one in set(Level) for one in rows.values()):
            return {str(key): Level(level) for key, level in rows.items()}
        case _:
            raise InvalidValue(f"expected a table of {', '.join(Level)} as {name!r} of a profile")


def _severity(text: str) -> Severity:
    if text not in set(Severity):
        raise InvalidValue(f"expected one of {', '.join(Severity)}, found {text!r}")
    return Severity(text)


def _shipped(name: str) -> CheckProfile:
    path = files("entformats").joinpath("validation", "profiles", f"{name}.toml")
    return CheckProfile.parse(path.read_text(encoding="utf-8"))


DEFAULT: Final = CheckProfile("default")
"""Profil par défaut: the severities of the catalogue."""
STRICT: Final = _shipped("strict")
"""Profil strict, for whoever produces the files: a warning is an error."""
LENIENT: Final = _shipped("lenient")
"""Profil tolérant: only what prevents an import counts."""
PROFILES: Final = FrozenMap({one.name: one for one in (STRICT, DEFAULT, LENIENT)})
"""Profils livrés, by name."""
