"""Tables of the layouts that an export of identifiers may have: one real file corrects them (pronote 3)."""

from __future__ import annotations

from typing import Final

from entformats._sniff import fold
from entformats.frozen import FrozenMap
from entformats.identity import Profile

__all__ = ["CATEGORIES", "FIELD_OF", "LAST_RESORT", "OTHERS", "PASSWORDS", "category", "field_of"]


def _table(rows: dict[str, str]) -> FrozenMap[str, str]:
    return FrozenMap((synonym, name) for name, synonyms in rows.items() for synonym in synonyms.split())


CATEGORIES: Final = FrozenMap(
    (word, profile)
    for profile, words in {
        Profile.PUPIL: "eleve eleves elevesetleursresponsables etudiant apprenant national1",
        Profile.GUARDIAN: "responsable responsables parent parents responsablelegal national2",
        Profile.TEACHER: "professeur professeurs enseignant enseignants prof national3",
        Profile.STAFF: "personnel personnels nonenseignant administratif viescolaire national4",
    }.items()
    for word in words.split()
)
"""Folded category, element or table name -> profile (pronote 3.5)."""

FIELD_OF: Final = _table(
    {
        "pronote_id": "idpn identifiantpronote idpronote identpronote codepronote clepronote identifiantunique",
        "family": "nom nomdefamille nomeleve nomresponsable lastname sn",
        "given": "prenom prenoms prenomeleve prenomresponsable firstname givenname",
        "birth_date": "datenaissance datedenaissance datenaiss neele nele neeele naissance birthdate",
        "classes": "classe classes division libelleclasse classeseleves",
        "profile": "categorie categories profil population typeutilisateur",
        "cas_id": "identifiantcas idcas logincas idpartenaire identifiantent loginent",
        "national_id": "numeronational nnational nonational ine idnational numeroine",
        "postal_code": "codepostal cp",
        "local_ref": "ident numero num",
        "uai": "uai rne codeuai coderne etablissement numeroetablissement",
    }
)
"""Folded title of a column, attribute or child -> field of the row (pronote 3.7)."""
LAST_RESORT: Final = "identifiant"
"""Title that is an identifier of Pronote only where no better one is there."""
OTHERS: Final = _table({"family": "nomusage nomdusage", "given": "prenomusage"})
"""Second names: alternates beside the first ones, and the names themselves where they are alone."""
PASSWORDS: Final = frozenset(["motdepasse", "mdp", "password", "passe", "codeaccess", "codeacces"])
"""Titles that make a file a list of logins."""


def category(word: str) -> Profile | None:
    """Catégorie: the profile that a word, an element or a table is about; None where it is not known.

    >>> category("Élèves"), category("National_3")
    (<Profile.PUPIL: 'pupil'>, <Profile.TEACHER: 'teacher'>)
    """
    return CATEGORIES.get(fold(word))


def field_of(title: str) -> str:
    """Champ: the field that a title is about; "" for an unknown one.

    `other_family` and `other_given` are second names, `password` and `last_resort` what their tables say.

    >>> field_of("Né(e) le"), field_of("N° national"), field_of("Nom d'usage")
    ('birth_date', 'national_id', 'other_family')
    """
    folded = fold(title)
    if folded in PASSWORDS:
        return "password"
    if folded in OTHERS:
        return f"other_{OTHERS[folded]}"
    return "last_resort" if folded == LAST_RESORT else FIELD_OF.get(folded, "")
