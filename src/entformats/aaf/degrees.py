"""La table des attributs de l'AAF 1er degré, and what tells one degree from the other (aaf 1.3, 3bis).

The categories, the records and most fields are those of the 2nd degré: a field has one attribute in each. No public
file of the 1er degré is known: names and grammars come from programs that read them, the order of the attributes is
that of the 2nd degré [inferred].
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import Final

from attrs import evolve

from entformats.aaf.models import Record, Shape
from entformats.aaf.table import TABLES, Attribute, Category, Table, Type, Values
from entformats.frozen import FrozenMap

__all__ = ["ATTRIBUTES", "PRIMARY", "Degree", "degree_of", "hints", "own_table", "table_of"]


class Degree(StrEnum):
    """Degré d'enseignement; the value is that of the `degre` comment (aaf 1.6).

    >>> Degree("1D")
    <Degree.FIRST: '1D'>
    """

    FIRST = "1D"
    """Écoles."""
    SECOND = "2D"
    """Collèges et lycées."""


ONE, MANY, LIST = Values
SCHOOLS, PUPILS, GUARDIANS, STAFF = list(Category)[:4]
_ = Attribute


def _same(category: Category, *names: str) -> tuple[Attribute, ...]:
    """Give rows of the 2nd degré, which the 1er degré has too."""
    rows = {one.name: one for one in TABLES[category].attributes}
    return tuple(evolve(rows[name], sure="C", since=_SINCE.get(name, "")) for name in names)


_SINCE: Final = {
    "ENTEleveINE": "2018",
    "ENTPersonCategorieEnseignant": "2018",
    "ENTStructureMailSI": "2018",
    "ENTEleveDateEntreeClasses": "2020",
    "ENTEleveDateSortieClasses": "2020",
    "ENTEleveDateEntreeStructRattach": "2021",
    "ENTEleveDateSortieStructRattach": "2021",
    "ENTStructureCodeTypeStruct": "2021",
    "ENTServAcCodeAcademie": "2021",
    "ENTPersonStructRattachDate": "2025",
    "ENTPersonFonctionsDate": "2025",
    "ENTPersonCategorieEnseignantDate": "2025",
}

# fmt: off
_SCHOOLS = (
    *_same(SCHOOLS, "ENTStructureJointure", "ENTStructureUAI", "ENTStructureSIREN", "ENTStructureNomCourant",
           "ENTStructureTypeStruct", "ENTStructureCodeTypeStruct"),
    _("ENTEcoleMinistereTutelle",     "ministry",      ONE, Type.TEXT, "C"),
    _("ENTEcoleCodeMinistereTutelle", "ministry_code", ONE, Type.TEXT, "C", "2021"),
    *_same(SCHOOLS, "ENTEtablissementContrat"),
    _("ENTStructureBoitePostale",     "post_box",      ONE, Type.TEXT, "C"),
    _("ENTStructureAdresse",          "street",        ONE, Type.TEXT, "C"),
    _("ENTStructureCodePostal",       "postal_code",   ONE, Type.TEXT, "C"),
    _("ENTStructureVille",            "town",          ONE, Type.TEXT, "C"),
    _("ENTStructureTelephone",        "phone",         ONE, Type.TEXT, "C"),
    _("ENTStructureFax",              "fax",           ONE, Type.TEXT, "C"),
    _("ENTStructureEmail",            "contact_mail",  ONE, Type.TEXT, "C"),
    *_same(SCHOOLS, "ENTStructureMailSI", "ENTServAcAcademie", "ENTServAcCodeAcademie"),
    _("ENTEcoleSecteur",              "sector",        ONE, Type.TEXT, "C"),
    _("ENTEcoleCirconscription",      "district",      ONE, Type.TEXT, "C"),
    _("ENTEcoleCommune",              "commune",       ONE, Type.TEXT, "C"),
    _("ENTEcoleRPI",                  "rpi",           ONE, Type.TEXT, "C"),
)

_PUPILS = (
    *_same(PUPILS, "ENTPersonJointure", "ENTEleveINE", "ENTPersonDateNaissance", "ENTPersonNomPatro"),
    _("ENTPersonNom",                "family",           ONE,  Type.TEXT,          "C", "", "name"),
    _("ENTPersonPrenom",             "given",            ONE,  Type.TEXT,          "C", "", "name"),
    *_same(PUPILS, "ENTPersonAutresPrenoms"),
    _("ENTPersonCivilite",           "title",            ONE,  Type.TEXT,          "C"),
    _("ENTPersonMail",               "mail",             ONE,  Type.TEXT,          "C", "2021"),
    _("ENTEleveAutoriteParentale",   "relations",        MANY, Type.AUTHORITY,     "C"),
    _("ENTEleveRestaurantScolaire",  "canteen",          ONE,  Type.BOOL,          "C"),
    *_same(PUPILS, "ENTEleveTransport"),
    _("ENTEleveGarderieMatin",       "morning_care",     ONE,  Type.BOOL,          "C"),
    _("ENTEleveGarderieSoir",        "evening_care",     ONE,  Type.BOOL,          "C"),
    _("ENTEleveEtudesSurveillees",   "supervised_study", ONE,  Type.BOOL,          "C"),
    *_same(PUPILS, "ENTPersonAdresse", "ENTPersonCodePostal", "ENTPersonVille", "ENTPersonPays"),
    _("ENTEleveNiveau",              "level",            ONE,  Type.TEXT,          "C"),
    _("ENTEleveCycle",               "cycle",            ONE,  Type.TEXT,          "C"),
    _("ENTEleveTypeClasse",          "class_type",       ONE,  Type.TEXT,          "C"),
    *_same(PUPILS, "ENTPersonStructRattach", "ENTEleveDateEntreeClasses", "ENTEleveDateSortieClasses",
           "ENTEleveDateEntreeStructRattach", "ENTEleveDateSortieStructRattach"),
    _("ENTPersonClasses",            "classes",          MANY, Type.PRIMARY_CLASS, "C"),
    _("ENTPersonGroupes",            "groups",           MANY, Type.PRIMARY_CLASS, "C"),
)

_GUARDIANS = (
    *_same(GUARDIANS, "ENTPersonJointure", "ENTPersonDateNaissance", "ENTPersonNomPatro"),
    _("ENTPersonNom",            "family",     ONE,  Type.TEXT, "C", "", "name"),
    _("ENTPersonPrenom",         "given",      ONE,  Type.TEXT, "C", "", "name"),
    *_same(GUARDIANS, "ENTPersonAutresPrenoms"),
    _("ENTPersonCivilite",       "title",      ONE,  Type.TEXT, "C"),
    _("ENTPersonTelPerso",       "home_phone", ONE,  Type.TEXT, "C"),
    _("ENTPersRelEleveTelPro",   "work_phone", ONE,  Type.TEXT, "C"),
    _("ENTPersRelEleveTelMobile", "mobiles",   MANY, Type.TEXT, "C"),
    _("ENTPersonMail",           "mails",      MANY, Type.TEXT, "C"),
    *_same(GUARDIANS, "ENTPersonAdresse", "ENTPersonCodePostal", "ENTPersonVille", "ENTPersonPays",
           "ENTPersonAdresseDiffusion"),
    _("ENTPersRelEleveEleve",    "children",   MANY, Type.REF,  "C", "2018", "", PUPILS),
)

_STAFF = (
    *_same(STAFF, "ENTPersonJointure", "ENTPersonDateNaissance", "ENTPersonNomPatro"),
    _("ENTPersonNom",            "family",         ONE,  Type.TEXT, "C", "", "name"),
    _("ENTPersonPrenom",         "given",          ONE,  Type.TEXT, "C", "", "name"),
    *_same(STAFF, "ENTPersonAutresPrenoms"),
    _("ENTPersonCivilite",       "title",          ONE,  Type.TEXT, "C"),
    _("ENTPersonMail",           "mail",           ONE,  Type.TEXT, "C"),
    *_same(STAFF, "ENTPersonStructRattach", "ENTPersonStructRattachDate", "ENTPersonFonctions",
           "ENTPersonFonctionsDate"),
    _("ENTEnsFonctionDir",       "director_of",    MANY, Type.REF,  "C", "",     "", SCHOOLS),
    _("ENTEnsFonctionDirDate",   "director_dates", LIST, Type.TEXT, "C", "2025"),
    *_same(STAFF, "ENTPersonCategorieEnseignant", "ENTPersonCategorieEnseignantDate"),
    *_same(STAFF, "ENTPersonSTSId"),
    _("ENTEnsSpecialites",       "specialities",   MANY, Type.TEXT, "C"),
)
# fmt: on

PRIMARY: Final[FrozenMap[Category, Table]] = FrozenMap(
    (category, evolve(TABLES[category], attributes=attributes))
    for category, attributes in ((SCHOOLS, _SCHOOLS), (PUPILS, _PUPILS), (GUARDIANS, _GUARDIANS), (STAFF, _STAFF))
)
"""Tables of the 1er degré, which has no nomenclature."""

_OF: Final = {Degree.FIRST: FrozenMap({**TABLES, **PRIMARY}), Degree.SECOND: TABLES}
_NAMES: Final = {
    (degree, category): frozenset(one.name for one in table.attributes)
    for degree, tables in _OF.items()
    for category, table in tables.items()
}
_OWN: Final = {
    category: {
        Degree.FIRST: _NAMES[Degree.FIRST, category] - _NAMES[Degree.SECOND, category],
        Degree.SECOND: _NAMES[Degree.SECOND, category] - _NAMES[Degree.FIRST, category],
    }
    for category in Category
}


def _every(category: Category, degree: Degree) -> FrozenMap[str, Attribute]:
    other = Degree.SECOND if degree is Degree.FIRST else Degree.FIRST
    rows = (*table_of(category, other).attributes, *table_of(category, degree).attributes)
    return FrozenMap((one.name, one) for one in rows)


def table_of(category: Category, degree: Degree) -> Table:
    """Give the table of a category in a degree; the nomenclatures are those of the 2nd degré.

    >>> [one.name for one in table_of(Category.PUPILS, Degree.FIRST).attributes if one.field == "family"]
    ['ENTPersonNom']
    """
    return _OF[degree][category]


ATTRIBUTES: Final = FrozenMap(
    ((category, degree), _every(category, degree)) for category in Category for degree in Degree
)
"""Every attribute known of a category, by name, as one degree reads it: no name is unknown because of its degree."""


def hints(category: Category, names: Iterable[str]) -> FrozenMap[Degree, int]:
    """Count the attributes of one degree only: none of either, of one, or of both where they are mixed.

    >>> dict(hints(Category.PUPILS, ("ENTPersonJointure", "sn")))
    {<Degree.SECOND: '2D'>: 1}
    """
    found = frozenset(names)
    counts = ((degree, len(own & found)) for degree, own in _OWN[category].items())
    return FrozenMap((degree, count) for degree, count in counts if count)


@lru_cache(maxsize=1_024)
def degree_of(category: Category, shape: Shape) -> Degree | None:
    """Give the degree that most of the names tell; None when they tell nothing, or as much of both.

    >>> degree_of(Category.PUPILS, ("ENTPersonJointure", "ENTPersonNom"))
    <Degree.FIRST: '1D'>
    """
    found = hints(category, shape)
    first, second = found.get(Degree.FIRST, 0), found.get(Degree.SECOND, 0)
    if first == second:
        return None
    return Degree.FIRST if first > second else Degree.SECOND


def own_table(record: Record, default: Degree = Degree.SECOND) -> Table:
    """Give the table that a record was read with; that of `default` for a record made by hand.

    >>> from entformats.aaf.models import Subject
    >>> from entformats.codes import jointure
    >>> own_table(Subject(jointure.parse("030201"))) is TABLES[Category.SUBJECTS]
    True
    """
    category = Category.of(record)
    return table_of(category, degree_of(category, record.shape) or default)
