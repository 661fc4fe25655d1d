"""The words of explanations, in French and English: data."""

from __future__ import annotations

from typing import Final

from entformats.identity import IdentifierKind
from entformats.problems import Lang
from entformats.rules.levels import Level
from entformats.rules.matching.outcomes import Difference
from entformats.rules.reasons import Hint

__all__ = ["DIFFERENCES", "HINTS", "IDENTIFIERS", "LEVELS", "WORDS"]

WORDS: Final[dict[Lang, dict[str, str]]] = {
    "fr": {
        "matched": "Personne reconnue : compte {}.",
        "same_names": "Mêmes noms ; date de naissance non vérifiée",
        "narrowed": "Ce qui distingue la personne de ses homonymes : {}.",
        "differs": "Ce qui diffère : {}.",
        "correct": "Où le corriger : dans le logiciel d'emploi du temps, saisir la personne comme son compte ; si c'est"
        " le compte qui est faux, à la source de l'annuaire (SIECLE pour un élève, la gestion des personnels sinon).",
        "dismissed": "Personne écartée : elle a été déclarée absente de l'ENT et n'est plus demandée",
        "at": ", le {}",
        "by": ", par {}",
        "repair": "À faire : {}",
        "account": "- compte {}",
        "taken": " ; déjà attribué à {}",
        "points": " ; {} points sur 11 (nom {}, prénom {}, date {})",
        "claimant": "- réclamé aussi par {}",
        "undated": "sans date de naissance",
        "refused": "Déclaré comme une autre personne : compte {}.",
    },
    "en": {
        "matched": "Person recognised: account {}.",
        "same_names": "Same names; birth date not checked",
        "narrowed": "What tells this person from their namesakes: {}.",
        "differs": "What differs: {}.",
        "correct": "Where to correct it: in the timetable program, enter the person as the account has them; if the"
        " account is wrong, at the source of the directory (SIECLE for a pupil, the management of staff otherwise).",
        "dismissed": "Person dismissed: declared absent from the ENT, and no longer asked about",
        "at": ", on {}",
        "by": ", by {}",
        "repair": "To do: {}",
        "account": "- account {}",
        "taken": "; already given to {}",
        "points": "; {} points of 11 (family name {}, given name {}, date {})",
        "claimant": "- also claimed by {}",
        "undated": "no birth date",
        "refused": "Said to be somebody else: account {}.",
    },
}

LEVELS: Final[dict[Lang, dict[Level, str]]] = {
    "fr": {
        Level.IDENTIFIER: "Identifiant commun : {}",
        Level.EXACT: "Même code source : prénom, nom et date de naissance sont identiques",
        Level.REMEMBERED: "Rapprochement fait à la main et mémorisé",
        Level.NORMALISED: "Mêmes noms, écrits autrement, et même date de naissance",
        Level.VARIANT: "Même date de naissance, et d'autres noms de la même personne",
        Level.CLASS: "Mêmes noms, uniques, et même classe ; date de naissance non vérifiée",
        Level.NAME: "Noms uniques dans le fichier et dans l'établissement ; date de naissance non vérifiée",
    },
    "en": {
        Level.IDENTIFIER: "Common identifier: {}",
        Level.EXACT: "Same source code: given name, family name and birth date are identical",
        Level.REMEMBERED: "Matched by hand, and remembered",
        Level.NORMALISED: "Same names, written otherwise, and same birth date",
        Level.VARIANT: "Same birth date, and other names of the same person",
        Level.CLASS: "Same names, unique, and same class; birth date not checked",
        Level.NAME: "Names unique in the file and in the school; birth date not checked",
    },
}

DIFFERENCES: Final[dict[Lang, dict[Difference, str]]] = {
    "fr": {
        Difference.CASE: "majuscules",
        Difference.ACCENTS: "accents ou ligatures",
        Difference.SEPARATORS: "espaces, traits d'union ou apostrophes",
        Difference.BIRTH_FAMILY: "nom de naissance à la place du nom d'usage",
        Difference.GIVEN_NAMES: "autres prénoms",
        Difference.CUT_GIVEN: "prénom coupé à dix caractères",
        Difference.NO_BIRTH_DATE: "date de naissance absente du fichier",
        Difference.ACCOUNT_UNDATED: "date de naissance absente du compte",
    },
    "en": {
        Difference.CASE: "capitals",
        Difference.ACCENTS: "accents or ligatures",
        Difference.SEPARATORS: "spaces, hyphens or apostrophes",
        Difference.BIRTH_FAMILY: "birth name in place of the usual name",
        Difference.GIVEN_NAMES: "other given names",
        Difference.CUT_GIVEN: "given name cut at ten characters",
        Difference.NO_BIRTH_DATE: "no birth date in the file",
        Difference.ACCOUNT_UNDATED: "no birth date on the account",
    },
}

HINTS: Final[dict[Lang, dict[Hint, str]]] = {
    "fr": {
        Hint.INE: "INE",
        Hint.CLASS: "classe",
        Hint.CHILD: "enfant commun",
        Hint.POSTAL_CODE: "code postal",
    },
    "en": {
        Hint.INE: "INE",
        Hint.CLASS: "class",
        Hint.CHILD: "child in common",
        Hint.POSTAL_CODE: "postal code",
    },
}

IDENTIFIERS: Final[dict[Lang, dict[IdentifierKind, str]]] = {
    "fr": {
        IdentifierKind.JOINTURE: "clé de jointure AAF",
        IdentifierKind.INE: "INE",
        IdentifierKind.IDPN: "identifiant Pronote (IDPN)",
        IdentifierKind.STS: "identifiant STS",
        IdentifierKind.SIECLE: "numéro SIECLE, avec la même date de naissance",
    },
    "en": {
        IdentifierKind.JOINTURE: "AAF jointure key",
        IdentifierKind.INE: "INE",
        IdentifierKind.IDPN: "Pronote identifier (IDPN)",
        IdentifierKind.STS: "STS identifier",
        IdentifierKind.SIECLE: "SIECLE number, with the same birth date",
    },
}
