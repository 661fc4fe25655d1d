"""From texts to rows of the model: values read, oddities told, rows without identifier left out (pronote 3.6)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from attrs import evolve

from entformats.identity import Profile
from entformats.problems import Findings, Location
from entformats.pronote.layout import category
from entformats.pronote.models import PronoteIdentifier
from entformats.pronote.raw import RawRow
from entformats.pronote.values import DAMAGED, USUAL, only_classes, read_birth_date, read_uai

__all__ = ["Rows"]

INE = 11


class Rows:
    """Lecture des lignes d'un fichier."""

    __slots__ = ("_default", "_file", "_findings", "_latest")

    def __init__(self, findings: Findings, file: str, default: Profile | None, latest: date | None) -> None:
        """Keep where findings go, the category of rows without one, and the day after which nobody was born."""
        self._findings = findings
        self._file = file
        self._default = default
        self._latest = latest

    def read(self, raws: Iterable[RawRow]) -> Iterator[PronoteIdentifier]:
        """Give the rows that can be used; then tie guardians to the children that name them."""
        ranks: Counter[int] = Counter()
        children: defaultdict[str, list[str]] = defaultdict(list)
        found: list[PronoteIdentifier] = []
        for raw in raws:
            ranks[raw.line] += 1
            if row := self._row(raw, ranks[raw.line]):
                found.append(row)
                for guardian in raw.guardians if row.local_ref else ():
                    children[guardian].append(row.local_ref or "")
        for row in found:
            tied = row.profile is Profile.GUARDIAN and children.get(row.local_ref or "")
            yield evolve(row, child_refs=tuple(tied)) if tied else row

    def _found(self, slug: str, raw: RawRow, **params: str) -> None:
        self._findings.found(slug, Location(self._file, raw.line), **params)

    def _row(self, raw: RawRow, rank: int) -> PronoteIdentifier | None:
        texts = {name: text for name, text in raw.fields.items() if text}
        if not self._usable(raw, texts):
            return None
        born, slug = read_birth_date(texts.get("birth_date", ""), self._latest)
        if slug:
            self._found(slug, raw)
        return PronoteIdentifier(
            texts["pronote_id"],
            texts["family"],
            texts["given"],
            self._profile(raw, texts.get("profile", "")),
            born,
            (*raw.classes, *only_classes(texts.get("classes", ""))),
            texts.get("cas_id"),
            self._national(raw, texts.get("national_id", "")),
            texts.get("postal_code"),
            texts.get("local_ref"),
            uai=read_uai(texts.get("uai", "")),
            other_family=texts.get("other_family"),
            other_given=texts.get("other_given"),
            position=raw.line,
            rank=rank,
        )

    def _usable(self, raw: RawRow, texts: dict[str, str]) -> bool:
        """Tell whether a row has an identifier and names; say what is wrong with its identifier."""
        known = texts.get("pronote_id", "")
        if not known:
            self._found("missing_identifier", raw)
        elif DAMAGED.fullmatch(known):
            self._found("damaged_identifier", raw)
        elif not (texts.get("family") and texts.get("given")):
            self._found("identifier_without_name", raw)
        else:
            if not USUAL.fullmatch(known):
                self._found("unusual_identifier", raw)
            return True
        return False

    def _profile(self, raw: RawRow, word: str) -> Profile | None:
        if not word:
            return raw.profile or self._default
        found = category(word)
        if found is None:
            self._found("unknown_person_category", raw, category=word)
        return found

    def _national(self, raw: RawRow, text: str) -> str | None:
        number = "".join(text.split()).upper()
        if number and len(number) != INE:
            self._found("unusual_national_id", raw)
        return number or None
