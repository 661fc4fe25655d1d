"""The French text of a bilan, written and read back byte for byte (bilan 2 to 4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import frozen

from entformats.errors import InvalidValue
from entformats.rules.bilan_counts import (
    AddedModified,
    AddedModifiedRemoved,
    AddedRemoved,
    Counts,
    Delta,
    Imported,
    Management,
    Preliminary,
    Running,
    ServiceCount,
    Services,
    Weekly,
)

__all__ = ["ScreenLine", "parse_counts", "render_counts", "screen_lines"]

Numbers = dict[str, int]


@frozen
class Line:
    """Ligne: the path of its number, and its text in the singular (0 and 1) and in the plural.

    In the texts `{n}` is the number, `{k}` that of the incomplete services, `{sign}` the words `en plus` or `en moins`.
    """

    path: str
    singular: str
    plural: str

    def write(self, numbers: Numbers) -> str:
        """Give the text of the line."""
        n = numbers[self.path]
        text = (self.plural if abs(n) > 1 else self.singular).replace("{sign}", "en moins" if n < 0 else "en plus")
        incomplete = numbers.get(self.incomplete, 0)
        return text.format(n=abs(n), k=f"{incomplete} incomplet{'s' if incomplete > 1 else ''}")

    def read(self, text: str) -> Numbers | None:
        """Give the numbers of a text that this very line would write, else None."""
        for form in (self.singular, self.plural):
            found = re.fullmatch(_pattern(form), text)
            if found:
                groups = found.groupdict()
                numbers = {self.path: int(groups["n"]) * (-1 if groups.get("sign") == "en moins" else 1)}
                if "k" in groups:
                    numbers[self.incomplete] = int(groups["k"])
                return numbers if self.write(numbers) == text else None
        return None

    @property
    def incomplete(self) -> str:
        """Path of the number of incomplete services."""
        return self.path.removesuffix(".count") + ".incomplete"


def _pattern(form: str) -> str:
    pattern = re.escape(form)
    for mark, group in (
        ("{n}", "(?P<n>[0-9]{1,18})"),
        ("{k}", "(?P<k>[0-9]{1,18}) incomplets?"),
        ("{sign}", "(?P<sign>en plus|en moins)"),
    ):
        pattern = pattern.replace(re.escape(mark), group)
    return pattern


def _count(path: str, singular: str, plural: str) -> Line:
    return Line(path, "{n} " + singular, "{n} " + plural)


def _service(path: str, word: str) -> Line:
    return _count(
        f"teaching_services.{path}.count",
        f"service d'enseignement {word} dont {{k}}",
        f"services d'enseignement {word}s dont {{k}}",
    )


def _delta(path: str, singular: str, plural: str) -> Line:
    start = "Ecart depuis l'import précédent : {n} "
    return Line(f"{path}.delta", f"{start}{singular} {{sign}}", f"{start}{plural} {{sign}}")


def _total(path: str, of: str) -> Line:
    text = f"Total cumulé {of} depuis le début de l'année scolaire : {{n}}"
    return Line(f"{path}.total", text, text)


def _imported(path: str, singular: str, plural: str, what: str) -> tuple[Line, Line]:
    return (
        _count(
            f"{path}.imported", f"{singular} dont {what} ont été importés", f"{plural} dont {what} ont été importés"
        ),
        _count(
            f"{path}.not_imported",
            f"{singular} dont {what} n'ont pas été importés",
            f"{plural} dont {what} n'ont pas été importés",
        ),
    )


PRELIMINARY = "Bilan préliminaire d'import des données de vie scolaire sauvegardées après validation :"
WEEKLY = 'Bilan des données "emploi du temps à la semaine" depuis le début de l\'année scolaire'

SCREEN: tuple[tuple[str, tuple[tuple[str, tuple[Line, ...]], ...]], ...] = (
    (
        PRELIMINARY,
        (
            (
                "Matières",
                (
                    _count("subjects.added", "matière ajoutée", "matières ajoutées"),
                    _count("subjects.modified", "matière modifiée", "matières modifiées"),
                ),
            ),
            (
                "Périodes de fermeture",
                (
                    _count("closure_periods.added", "période de fermeture ajoutée", "périodes de fermeture ajoutées"),
                    _count(
                        "closure_periods.removed", "période de fermeture supprimée", "périodes de fermeture supprimées"
                    ),
                ),
            ),
            (
                "Alternances",
                (
                    _count("week_alternations.added", "alternance ajoutée", "alternances ajoutées"),
                    _count("week_alternations.modified", "alternance modifiée", "alternances modifiées"),
                    _count("week_alternations.removed", "alternance supprimée", "alternances supprimées"),
                ),
            ),
            (
                "Services d'enseignement",
                (_service("added", "ajouté"), _service("modified", "modifié"), _service("removed", "supprimé")),
            ),
            (
                "Séances",
                (
                    Line(
                        "lessons.delta",
                        "{n} séance {sign} depuis l'import précédent",
                        "{n} séances {sign} depuis l'import précédent",
                    ),
                ),
            ),
            ("Classes / Services d'enseignement", _imported("classes", "classe", "classes", "les services")),
            (
                "Groupes d'option / Services d'enseignement",
                _imported("option_groups", "groupe d'option", "groupes d'option", "les services"),
            ),
            ("Enseignants / Cours", _imported("teachers", "enseignant", "enseignants", "les cours")),
            (
                "Gestion des classes et groupes d'option",
                (
                    _count("group_management.groups_to_create", "groupe d'option à créer", "groupes d'option à créer"),
                    _count(
                        "group_management.groups_to_rename", "groupe d'option à renommer", "groupes d'option à renommer"
                    ),
                    _count(
                        "group_management.audiences_with_teachers_to_add",
                        "classe et groupe d'option avec des enseignants à ajouter",
                        "classes et groupes d'option avec des enseignants à ajouter",
                    ),
                    _count(
                        "group_management.audiences_with_pupils_to_add",
                        "classe et groupe d'option avec des élèves à ajouter",
                        "classes et groupes d'option avec des élèves à ajouter",
                    ),
                ),
            ),
        ),
    ),
    (
        WEEKLY,
        (
            (
                "Remplacements",
                (_delta("substitutions", "remplacement", "remplacements"), _total("substitutions", "de remplacements")),
            ),
            (
                "Annulations de cours",
                (
                    _delta("cancellations", "annulation de cours", "annulations de cours"),
                    _total("cancellations", "d'annulations de cours"),
                ),
            ),
            (
                "Cours exceptionnels",
                (
                    _delta("exceptional_lessons", "cours exceptionnel", "cours exceptionnels"),
                    _total("exceptional_lessons", "de cours exceptionnels"),
                ),
            ),
        ),
    ),
)
"""L'écran: title, then sections, then lines, in order. Writing and reading both follow this table."""


def _layout(bullet: str) -> Iterator[str | Line]:
    for title, sections in SCREEN:
        yield title
        for section, lines in sections:
            yield f"{bullet}{section}"
            yield from lines


@frozen
class ScreenLine:
    """Ligne affichée d'un bilan: its block and section, the path of its number in `Counts`, its number, its text.

    >>> next(screen_lines(Counts())).path
    'preliminary.subjects.added'
    """

    block: str
    section: str
    path: str
    number: int
    text: str


def screen_lines(counts: Counts) -> Iterator[ScreenLine]:
    """Lignes de l'écran, dans l'ordre: titles taken away from their final colon.

    >>> [line.text for line in screen_lines(Counts())][:2]
    ['0 matière ajoutée', '0 matière modifiée']
    """
    numbers = _flatten(counts)
    for title, sections in SCREEN:
        half = "preliminary" if title == PRELIMINARY else "weekly"
        for section, lines in sections:
            for line in lines:
                path = f"{half}.{line.path}"
                yield ScreenLine(title.removesuffix(" :"), section, path, numbers[line.path], line.write(numbers))


def render_counts(counts: Counts, *, bullet: str = "- ", indent: str = "  ") -> str:
    """Écrire le texte; no line end after the last line.

    >>> render_counts(Counts()).splitlines()[-1]
    "  - Total cumulé de cours exceptionnels depuis le début de l'année scolaire : 0"
    """
    numbers = _flatten(counts)
    rows = (row if isinstance(row, str) else f"{indent}{bullet}{row.write(numbers)}" for row in _layout(bullet))
    return "\n".join(rows)


def parse_counts(text: str, *, bullet: str = "- ", indent: str = "  ") -> Counts:
    """Lire le texte; a final line end and CRLF are accepted.

    Raises `InvalidValue`, which names the first wrong line.

    >>> parse_counts(render_counts(Counts())) == Counts()
    True
    """
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    rows = tuple(_layout(bullet))
    numbers: Numbers = {}
    for number, row in enumerate(rows):
        line = lines[number] if number < len(lines) else ""
        expected = row if isinstance(row, str) else f"{indent}{bullet}{row.singular}"
        found: Numbers | None = {} if line == row else None
        if isinstance(row, Line) and line.startswith(indent + bullet):
            found = row.read(line.removeprefix(indent + bullet))
        if found is None:
            raise InvalidValue(f"line {number + 1} of the bilan: expected {expected!r}, found {line!r}")
        numbers |= found
    if len(lines) > len(rows):
        raise InvalidValue(f"line {len(rows) + 1} of the bilan: expected the end, found {lines[len(rows)]!r}")
    return _unflatten(numbers)


def _flatten(counts: Counts) -> Numbers:
    """Give the numbers by path: names never repeat between the two halves of the screen."""
    numbers: Numbers = {}

    def walk(path: str, value: object) -> None:
        if isinstance(value, int):
            numbers[path] = value
            return
        for name in getattr(value, "__match_args__", ()):
            walk(f"{path}.{name}" if path else name, getattr(value, name))

    walk("", counts.preliminary)
    walk("", counts.weekly)
    return numbers


def _unflatten(numbers: Numbers) -> Counts:
    def take(path: str, *names: str) -> list[int]:
        return [numbers[f"{path}.{name}"] for name in names]

    def services(change: str) -> ServiceCount:
        return ServiceCount(*take(f"teaching_services.{change}", "count", "incomplete"))

    return Counts(
        Preliminary(
            subjects=AddedModified(*take("subjects", "added", "modified")),
            closure_periods=AddedRemoved(*take("closure_periods", "added", "removed")),
            week_alternations=AddedModifiedRemoved(*take("week_alternations", "added", "modified", "removed")),
            teaching_services=Services(services("added"), services("modified"), services("removed")),
            lessons=Delta(*take("lessons", "delta")),
            classes=Imported(*take("classes", "imported", "not_imported")),
            option_groups=Imported(*take("option_groups", "imported", "not_imported")),
            teachers=Imported(*take("teachers", "imported", "not_imported")),
            group_management=Management(*take("group_management", *Management.__match_args__)),
        ),
        Weekly(*(Running(*take(name, "delta", "total")) for name in Weekly.__match_args__)),
    )
