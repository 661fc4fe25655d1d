"""The French text of a bilan, byte for byte, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats.errors import InvalidValue
from entformats.identity import Key
from entformats.rules import Reach, Snapshot, bilan
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
from entformats.testing.strategies.imports import counts

SCREEN = """\
Bilan préliminaire d'import des données de vie scolaire sauvegardées après validation :
- Matières
  - 0 matière ajoutée
  - 0 matière modifiée
- Périodes de fermeture
  - 0 période de fermeture ajoutée
  - 0 période de fermeture supprimée
- Alternances
  - 2 alternances ajoutées
  - 0 alternance modifiée
  - 2 alternances supprimées
- Services d'enseignement
  - 0 service d'enseignement ajouté dont 0 incomplet
  - 194 services d'enseignement modifiés dont 0 incomplet
  - 0 service d'enseignement supprimé dont 0 incomplet
- Séances
  - 6749 séances en moins depuis l'import précédent
- Classes / Services d'enseignement
  - 16 classes dont les services ont été importés
  - 1 classe dont les services n'ont pas été importés
- Groupes d'option / Services d'enseignement
  - 89 groupes d'option dont les services ont été importés
  - 0 groupe d'option dont les services n'ont pas été importés
- Enseignants / Cours
  - 34 enseignants dont les cours ont été importés
  - 3 enseignants dont les cours n'ont pas été importés
- Gestion des classes et groupes d'option
  - 0 groupe d'option à créer
  - 0 groupe d'option à renommer
  - 0 classe et groupe d'option avec des enseignants à ajouter
  - 0 classe et groupe d'option avec des élèves à ajouter
Bilan des données "emploi du temps à la semaine" depuis le début de l'année scolaire
- Remplacements
  - Ecart depuis l'import précédent : 0 remplacement en plus
  - Total cumulé de remplacements depuis le début de l'année scolaire : 0
- Annulations de cours
  - Ecart depuis l'import précédent : 4 annulations de cours en plus
  - Total cumulé d'annulations de cours depuis le début de l'année scolaire : 4
- Cours exceptionnels
  - Ecart depuis l'import précédent : 1 cours exceptionnel en plus
  - Total cumulé de cours exceptionnels depuis le début de l'année scolaire : 7"""
SCREEN_COUNTS = Counts(
    Preliminary(
        week_alternations=AddedModifiedRemoved(2, 0, 2),
        teaching_services=Services(modified=ServiceCount(194, 0)),
        lessons=Delta(-6749),
        classes=Imported(16, 1),
        option_groups=Imported(89, 0),
        teachers=Imported(34, 3),
    ),
    Weekly(Running(0, 0), Running(4, 4), Running(1, 7)),
)
OTHER = """\
Bilan préliminaire d'import des données de vie scolaire sauvegardées après validation :
- Matières
  - 1 matière ajoutée
  - 3 matières modifiées
- Périodes de fermeture
  - 2 périodes de fermeture ajoutées
  - 1 période de fermeture supprimée
- Alternances
  - 0 alternance ajoutée
  - 2 alternances modifiées
  - 1 alternance supprimée
- Services d'enseignement
  - 2 services d'enseignement ajoutés dont 2 incomplets
  - 1 service d'enseignement modifié dont 1 incomplet
  - 5 services d'enseignement supprimés dont 0 incomplet
- Séances
  - 1 séance en plus depuis l'import précédent
- Classes / Services d'enseignement
  - 1 classe dont les services ont été importés
  - 0 classe dont les services n'ont pas été importés
- Groupes d'option / Services d'enseignement
  - 0 groupe d'option dont les services ont été importés
  - 2 groupes d'option dont les services n'ont pas été importés
- Enseignants / Cours
  - 1 enseignant dont les cours ont été importés
  - 0 enseignant dont les cours n'ont pas été importés
- Gestion des classes et groupes d'option
  - 2 groupes d'option à créer
  - 1 groupe d'option à renommer
  - 3 classes et groupes d'option avec des enseignants à ajouter
  - 1 classe et groupe d'option avec des élèves à ajouter
Bilan des données "emploi du temps à la semaine" depuis le début de l'année scolaire
- Remplacements
  - Ecart depuis l'import précédent : 2 remplacements en moins
  - Total cumulé de remplacements depuis le début de l'année scolaire : 5
- Annulations de cours
  - Ecart depuis l'import précédent : 1 annulation de cours en plus
  - Total cumulé d'annulations de cours depuis le début de l'année scolaire : 10
- Cours exceptionnels
  - Ecart depuis l'import précédent : 1 cours exceptionnel en moins
  - Total cumulé de cours exceptionnels depuis le début de l'année scolaire : 0"""
OTHER_COUNTS = Counts(
    Preliminary(
        subjects=AddedModified(1, 3),
        closure_periods=AddedRemoved(2, 1),
        week_alternations=AddedModifiedRemoved(0, 2, 1),
        teaching_services=Services(ServiceCount(2, 2), ServiceCount(1, 1), ServiceCount(5, 0)),
        lessons=Delta(1),
        classes=Imported(1, 0),
        option_groups=Imported(0, 2),
        teachers=Imported(1, 0),
        group_management=Management(2, 1, 3, 1),
    ),
    Weekly(Running(-2, 5), Running(1, 10), Running(-1, 0)),
)
GOLDENS = [(SCREEN, SCREEN_COUNTS), (OTHER, OTHER_COUNTS)]

PLAIN = {
    2: ("matière ajoutée", "matières ajoutées"),
    3: ("matière modifiée", "matières modifiées"),
    5: ("période de fermeture ajoutée", "périodes de fermeture ajoutées"),
    6: ("période de fermeture supprimée", "périodes de fermeture supprimées"),
    8: ("alternance ajoutée", "alternances ajoutées"),
    9: ("alternance modifiée", "alternances modifiées"),
    10: ("alternance supprimée", "alternances supprimées"),
    16: ("séance en plus depuis l'import précédent", "séances en plus depuis l'import précédent"),
    18: ("classe dont les services ont été importés", "classes dont les services ont été importés"),
    19: ("classe dont les services n'ont pas été importés", "classes dont les services n'ont pas été importés"),
    21: ("groupe d'option dont les services ont été importés", "groupes d'option dont les services ont été importés"),
    22: (
        "groupe d'option dont les services n'ont pas été importés",
        "groupes d'option dont les services n'ont pas été importés",
    ),
    24: ("enseignant dont les cours ont été importés", "enseignants dont les cours ont été importés"),
    25: ("enseignant dont les cours n'ont pas été importés", "enseignants dont les cours n'ont pas été importés"),
    27: ("groupe d'option à créer", "groupes d'option à créer"),
    28: ("groupe d'option à renommer", "groupes d'option à renommer"),
    29: (
        "classe et groupe d'option avec des enseignants à ajouter",
        "classes et groupes d'option avec des enseignants à ajouter",
    ),
    30: (
        "classe et groupe d'option avec des élèves à ajouter",
        "classes et groupes d'option avec des élèves à ajouter",
    ),
}
"""Number of a line of the text -> what follows its number, for 0 or 1 and from 2 on."""
SERVICES = {
    12: ("service d'enseignement ajouté dont", "services d'enseignement ajoutés dont"),
    13: ("service d'enseignement modifié dont", "services d'enseignement modifiés dont"),
    14: ("service d'enseignement supprimé dont", "services d'enseignement supprimés dont"),
}
EVENTS = {
    33: ("remplacement", "remplacements"),
    36: ("annulation de cours", "annulations de cours"),
    39: ("cours exceptionnel", "cours exceptionnels"),
}
TOTALS = {34: "de remplacements", 37: "d'annulations de cours", 40: "de cours exceptionnels"}


def same(n: int, *, incomplete: int = 0, delta: int = 0) -> Counts:
    """Give one number to every line."""
    service = ServiceCount(n, incomplete)
    return Counts(
        Preliminary(
            subjects=AddedModified(n, n),
            closure_periods=AddedRemoved(n, n),
            week_alternations=AddedModifiedRemoved(n, n, n),
            teaching_services=Services(service, service, service),
            lessons=Delta(delta),
            classes=Imported(n, n),
            option_groups=Imported(n, n),
            teachers=Imported(n, n),
            group_management=Management(n, n, n, n),
        ),
        Weekly(Running(delta, n), Running(delta, n), Running(delta, n)),
    )


@pytest.mark.parametrize(("text", "numbers"), GOLDENS, ids=["screen", "other"])
def test_goldens(text: str, numbers: Counts) -> None:
    """The two examples are written and read byte for byte, without a line end after the last line."""
    assert bilan.render(numbers) == text
    assert bilan.parse(text) == numbers


@pytest.mark.parametrize("n", [0, 1, 2, 6749])
def test_number_forms(n: int) -> None:
    """Every plain line is singular for 0 and 1 and plural from 2 on; thousands are not set apart."""
    lines = bilan.render(same(n, delta=n)).splitlines()
    assert {at: lines[at] for at in PLAIN} == {at: f"  - {n} {forms[n > 1]}" for at, forms in PLAIN.items()}


@pytest.mark.parametrize("n", [0, 1, 2])
@pytest.mark.parametrize(("k", "word"), [(0, "incomplet"), (1, "incomplet"), (2, "incomplets")])
def test_service_forms(n: int, k: int, word: str) -> None:
    """Services agree with their number, `incomplet` with its own."""
    lines = bilan.render(same(n, incomplete=k)).splitlines()
    expected = {at: f"  - {n} {forms[n > 1]} {k} {word}" for at, forms in SERVICES.items()}
    assert {at: lines[at] for at in SERVICES} == expected


@pytest.mark.parametrize("delta", [-2, -1, 0, 1, 2])
def test_signed_forms(delta: int) -> None:
    """The sign is in the words, 0 is `en plus`; the nouns of the totals never agree."""
    n, sign = abs(delta), "en moins" if delta < 0 else "en plus"
    lines = bilan.render(same(n, delta=delta)).splitlines()
    assert lines[16] == f"  - {n} séance{'s' if n > 1 else ''} {sign} depuis l'import précédent"
    for at, forms in EVENTS.items():
        assert lines[at] == f"  - Ecart depuis l'import précédent : {n} {forms[n > 1]} {sign}"
    for at, words in TOTALS.items():
        assert lines[at] == f"  - Total cumulé {words} depuis le début de l'année scolaire : {n}"


def test_every_line_has_its_forms() -> None:
    """The tables of this test speak of every count of the text."""
    counted = {at for at, line in enumerate(SCREEN.splitlines()) if line.startswith("  - ")}
    assert {*PLAIN, *SERVICES, *EVENTS, *TOTALS} == counted


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(("text", "numbers"), GOLDENS, ids=["screen", "other"])
def test_line_ends(text: str, numbers: Counts, end: str) -> None:
    """A final line end and the line ends of Windows are read; an empty line after them is one line too many."""
    written = text.replace("\n", end)
    assert bilan.parse(written) == bilan.parse(written + end) == numbers
    with pytest.raises(InvalidValue, match=r"^line 42 of the bilan: expected the end, found ''"):
        bilan.parse(written + end + end)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        (1, "Bilan"),
        (2, "- Matieres"),
        (3, "  - 1 matières ajoutées"),
        (3, "  - 2 matière ajoutée"),
        (3, "  - 00 matière ajoutée"),
        (3, "  - -1 matière ajoutée"),
        (3, "- 0 matière ajoutée"),
        (3, "  - ٣ matières ajoutées"),
        (3, "  - " + "9" * 5000 + " matières ajoutées"),
        (13, "  - 0 service d'enseignement ajouté dont 0 incomplets"),
        (13, "  - 0 service d'enseignement ajouté dont 2 incomplet"),
        (17, "  - 0 séance en moins depuis l'import précédent"),
        (17, "  - 6 749 séances en moins depuis l'import précédent"),
        (32, ""),
        (35, "  - Total cumulé de remplacement depuis le début de l'année scolaire : 0"),
        (41, ""),
    ],
)
def test_errors_name_the_line(line: int, wrong: str) -> None:
    """A text that this library would not write is refused, and the first wrong line is named."""
    lines = SCREEN.splitlines()
    lines[line - 1] = wrong
    with pytest.raises(InvalidValue, match=f"^line {line} of the bilan: expected "):
        bilan.parse("\n".join(lines))


def test_too_short_and_too_long() -> None:
    """A text that stops early or goes on is refused where it does."""
    with pytest.raises(InvalidValue, match=r"^line 41 of the bilan: expected .*, found ''"):
        bilan.parse("\n".join(SCREEN.splitlines()[:-1]))
    with pytest.raises(InvalidValue, match=r"^line 42 of the bilan: expected the end, found 'Valider cet import'"):
        bilan.parse(SCREEN + "\nValider cet import")
    with pytest.raises(InvalidValue, match=r"^line 1 "):
        bilan.parse("")


@given(counts())
def test_b12_parsing_is_the_inverse_of_rendering(numbers: Counts) -> None:
    """B12: rendering is injective, since reading back gives the numbers, and writing again gives the text."""
    text = bilan.render(numbers)
    assert bilan.parse(text) == numbers
    assert bilan.render(bilan.parse(text)) == text


@given(counts(), st.sampled_from(["- ", "", "• ", "* ", "{n} ", "\\d"]), st.sampled_from(["", "    ", "\t", "{sign}"]))
def test_bullets_and_indent(numbers: Counts, bullet: str, indent: str) -> None:
    """Bullets and indent are the renderer's choice; read with the same ones, the text gives the numbers."""
    text = bilan.render(numbers, bullet=bullet, indent=indent)
    assert bilan.parse(text, bullet=bullet, indent=indent) == numbers
    assert text.splitlines()[1:3] == [
        f"{bullet}Matières",
        f"{indent}{bullet}{bilan.render(numbers).splitlines()[2][4:]}",
    ]


@given(counts(), st.integers(0, 40), st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=12))
def test_no_other_error(numbers: Counts, at: int, noise: str) -> None:
    """Whatever a line becomes, it is read as it would be written or refused with our error."""
    lines = bilan.render(numbers).split("\n")
    lines[at] = lines[at].replace(" ", f" {noise}", 1)
    text = "\n".join(lines)
    try:
        found = bilan.parse(text)
    except InvalidValue:
        return
    assert bilan.render(found) == text


def test_a_bilan_and_its_numbers_have_one_text() -> None:
    """What is rendered of a bilan is its counts."""
    first = bilan.compare(Snapshot(), Snapshot(option_groups=Reach(frozenset(), frozenset({Key("group:6 LATIN")}))))
    assert first.counts != Counts()
    assert bilan.render(first) == bilan.render(first.counts)
