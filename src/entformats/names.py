"""The one normalisation of people's names: the same function on both sides of every comparison (rules 1.4)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["clean", "compact", "tokens"]

_APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u02b9\u0060\u00b4\uff07"), "'")
_HYPHENS = dict.fromkeys([*range(0x2010, 0x2015), 0x2212, 0xFE63, 0xFF0D], "-")
_UNIFIED = _APOSTROPHES | _HYPHENS
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th"})
_MEMO = 1 << 16


@lru_cache(_MEMO)
def clean(text: str) -> str:
    """Nettoyer: one spelling of apostrophes, hyphens and white space; case and accents are kept.

    NFC; apostrophe-like characters become U+0027, hyphen-like ones U+002D; any run of Unicode white space (no-break
    spaces included) becomes one space; the ends are stripped (rules 1.4).

    >>> clean("  Maëlle\u00a0D\u2019ARGENCOUR ")
    "Maëlle D'ARGENCOUR"
    """
    return " ".join(unicodedata.normalize("NFC", text).translate(_UNIFIED).split())


@lru_cache(_MEMO)
def tokens(text: str) -> tuple[str, ...]:
    """Mots: the folded words of a name, made of `a-z0-9` only (rules 1.4).

    >>> tokens("Jean-Marc LEBŒUF")
    ('jean', 'marc', 'leboeuf')
    """
    folded = unicodedata.normalize("NFKD", clean(text).casefold().translate(_LETTERS))
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    return tuple(re.findall("[a-z0-9]+", bare))


@lru_cache(_MEMO)
def compact(text: str) -> str:
    """Forme compacte: the words joined by nothing; empty for names in another script (rules 1.4).

    >>> compact("DE LA TOUR"), compact("d\u2019Arcy"), compact("Ана")
    ('delatour', 'darcy', '')
    """
    return "".join(tokens(text))
