"""Fictitious names, drawn from syllables; any likeness to a person is chance."""

from __future__ import annotations

import unicodedata
from random import Random
from typing import Final

__all__ = ["GIVEN", "family_name", "plain"]

_HEADS: Final = (
    *("AUBR", "BEL", "BRÉ", "CAST", "CHER", "COLV", "DURM", "ÉSTR", "FERL", "GARV", "GUÉR", "HERB", "JOLV", "KERM"),
    *("LANG", "MÉR", "MORV", "NORM", "ORV", "PELV", "QUEN", "ROCH", "SALV", "TERN", "VAUC", "YVR", "ZEL"),
)
_TAILS: Final = (
    *("ANDOUX", "ARDIEU", "ELLIER", "ERIN", "ETTAZ", "IBOIS", "IGNOL", "ILLAC", "INOT", "ONDEL", "OUVRET", "UREL"),
    *("USSAC", "ANTIN", "EMONT", "IVEAU", "OGNARD", "UMAZ"),
)

GIVEN: Final = {
    "M.": (
        *("Adam", "Bastien", "Baptiste", "Côme", "Cédric", "Elias", "Fabien", "François", "Gaël", "Gérald", "Hugo"),
        *("Ilyes", "Jean-Baptiste", "Jérôme", "Karim", "Léo", "Loïc", "Lyes", "Mathéo", "Nicolas", "Noël", "Olivier"),
        *("Paul-Émile", "Rémi", "Samuel", "Théo", "Tristan", "Ugo", "Victor", "Yanis", "Zacharie", "Jean-François"),
    ),
    "Mme": (
        *("Adèle", "Agathe", "Alix", "Anaïs", "Anne-Catherine", "Béatrice", "Camille", "Chloé", "Delphine", "Élise"),
        *("Fatou", "Gaëlle", "Hélène", "Inès", "Isabelle", "Jade", "Kadiatou", "Léa", "Lou", "Maëlle", "Maïwenn"),
        *("Marie-Françoise", "Nadia", "Nolwenn", "Odile", "Rose", "Salomé", "Solène", "Sylvie", "Yume", "Zoé", "Lina"),
    ),
}
"""Prénoms, by title."""

_PARTICLE, _DOUBLE = 0.07, 0.12


def family_name(rng: Random) -> str:
    """Nom de famille: capitals, sometimes with accents, an apostrophe, a particle or a hyphen; at most 20 letters.

    >>> family_name(Random(3))
    'ÉSTRUMAZ'
    """
    head, tail = rng.choice(_HEADS), rng.choice(_TAILS)
    roll = rng.random()
    if roll < _PARTICLE:
        return f"D'{head}{tail}" if plain(head[0]) in "AEIOUY" else f"DE LA {head}{tail}"
    if roll < _DOUBLE:
        return f"{head}EL-{rng.choice(_HEADS)}{rng.choice(_TAILS)}"
    return head + tail


def plain(text: str) -> str:
    """Écrire comme un logiciel ancien: capitals without accents; hyphens, apostrophes and spaces stay.

    >>> plain("Maëlle d'Orvinot")
    "MAELLE D'ORVINOT"
    """
    bare = (letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return "".join(bare).upper()
