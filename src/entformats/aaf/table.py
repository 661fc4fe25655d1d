"""La table des attributs de l'AAF 2nd degré: what the files may say, as section 3 of the format page reads.

That of the 1er degré is in `degrees.py`.

One line an attribute, in the order of the files. Reading, writing and the documentation are driven by these tables; a
new attribute of AAF is one more line here and one more field in `models.py`.

| column | meaning |
| --- | --- |
| attribute, field | its name in the file, and in the record |
| values | `ONE` or `MANY` `<value>`; `LIST` for a list whose positions matter, where equal values are not repetitions |
| type | what a value holds, see `Type` |
| since | first AAF version or year known to hold it; empty for those of 2013 |
| mark | `must`: empty is a finding; `name`: idem, an error; `old`: derived, not written for a new record |
| sure | confidence: D seen in data, C in consuming code, P documented, I inferred |
| target | the category that a `REF` refers to; the fields of a composite name theirs |
"""

from __future__ import annotations

from enum import Enum, StrEnum, auto
from typing import Final, Literal, TypeAlias

from attrs import frozen

from entformats.aaf.models import Guardian, Mef, Pupil, Record, School, Staff, Subject
from entformats.frozen import FrozenMap

__all__ = ["CATEGORIES", "TABLES", "Attribute", "Category", "Table", "Type", "Values"]


class Category(StrEnum):
    """Catégorie de fichier; the value is the token of the file name."""

    SCHOOLS = "EtabEducNat"
    PUPILS = "Eleve"
    GUARDIANS = "PersRelEleve"
    STAFF = "PersEducNat"
    SUBJECTS = "MatiereEducNat"
    MEFS = "MefEducNat"

    @classmethod
    def of(cls, record: Record) -> Category:
        """Give the category of a record."""
        return _CATEGORY_OF[type(record)]


class Type(Enum):
    """Type d'une valeur."""

    __hash__ = object.__hash__

    KEY = auto()
    """Jointure of the record itself."""
    TEXT = auto()
    DATE = auto()
    """`jj/mm/aaaa`."""
    BOOL = auto()
    """`O` or `N`."""
    UAI = auto()
    REF = auto()
    """Jointure of another record."""
    LINES = auto()
    """Lines joined by `$`."""
    CLASS = auto()
    CLASS_SUBJECT = auto()
    CLASS_DATE = auto()
    MEF_TAUGHT = auto()
    SUBJECT_TAUGHT = auto()
    FUNCTION = auto()
    RELATION = auto()
    CODED = auto()
    LABEL_FIRST = auto()
    DECLARED_CLASS = auto()
    DECLARED_GROUP = auto()
    PRIMARY_CLASS = auto()
    """Class or group of the 1er degré, with its stable identifier."""
    AUTHORITY = auto()
    """Parental authority of the 1er degré."""


class Values(Enum):
    """Nombre de valeurs."""

    ONE = auto()
    MANY = auto()
    LIST = auto()


Mark: TypeAlias = Literal["", "must", "name", "old"]
Sure: TypeAlias = Literal["D", "C", "P", "I"]


@frozen
class Attribute:
    """Ligne de la table: one attribute of a category."""

    name: str
    field: str
    values: Values
    type: Type
    sure: Sure
    since: str = ""
    mark: Mark = ""
    target: Category | None = None

    @property
    def mandatory(self) -> bool:
        """Obligatoire: an empty value is a finding."""
        return self.mark in {"must", "name"}

    @property
    def deprecated(self) -> bool:
        """Ancien: derived from another attribute."""
        return self.mark == "old"


@frozen
class Table:
    """Table d'une catégorie: its record class, its operational attribute, its attributes."""

    category: Category
    record: type[Record]
    operational: tuple[str, str]
    """Name and value written in `operationalAttributes`."""
    attributes: tuple[Attribute, ...]
    also: tuple[str, ...] = ()
    """Other operational values met."""


ONE, MANY, LIST = Values
KEY, TEXT, DATE, BOOL, UAI, REF, LINES = list(Type)[:7]
CLASS, CLASS_SUBJECT, CLASS_DATE, MEF_TAUGHT, SUBJECT_TAUGHT, FUNCTION, RELATION = list(Type)[7:14]
CODED, LABEL_FIRST, DECLARED_CLASS, DECLARED_GROUP, PRIMARY_CLASS, AUTHORITY = list(Type)[14:]
SCHOOLS, PUPILS, GUARDIANS, STAFF, SUBJECTS, MEFS = Category
_ = Attribute

# fmt: off
_SCHOOLS = (
    _("ENTStructureJointure",                 "key",               ONE,  KEY,            "D", "",     "must"),
    _("ENTStructureUAI",                      "uai",               ONE,  UAI,            "D", "",     "must"),
    _("ENTEtablissementUAI",                  "establishment_uai", ONE,  UAI,            "D"),
    _("ENTStructureSIREN",                    "siren",             ONE,  TEXT,           "D"),
    _("ENTStructureNomCourant",               "name",              ONE,  TEXT,           "D", "",     "must"),
    _("ENTStructureTypeStruct",               "type_label",        ONE,  TEXT,           "D", "",     "must"),
    _("ENTStructureCodeTypeStruct",           "type_code",         ONE,  TEXT,           "D", "2021"),
    _("ENTEtablissementMinistereTutelle",     "ministry",          ONE,  TEXT,           "D"),
    _("ENTEtablissementCodeMinistereTutelle", "ministry_code",     ONE,  TEXT,           "D", "2021"),
    _("ENTEtablissementContrat",              "contract",          ONE,  TEXT,           "D"),
    _("postOfficeBox",                        "post_box",          ONE,  TEXT,           "D"),
    _("street",                               "street",            ONE,  TEXT,           "D"),
    _("postalCode",                           "postal_code",       ONE,  TEXT,           "D"),
    _("l",                                    "town",              ONE,  TEXT,           "D"),
    _("telephoneNumber",                      "phone",             ONE,  TEXT,           "D"),
    _("facsimileTelephoneNumber",             "fax",               ONE,  TEXT,           "D"),
    _("ENTStructureMailSI",                   "mail",              ONE,  TEXT,           "C", "2018"),
    _("ENTEtablissementStructRattachFctl",    "attached_to",       MANY, REF,            "D", "",     "",     SCHOOLS),
    _("ENTEtablissementBassin",               "training_area",     ONE,  CODED,          "D"),
    _("ENTServAcAcademie",                    "academy",           ONE,  TEXT,           "D", "",     "must"),
    _("ENTServAcCodeAcademie",                "academy_code",      ONE,  TEXT,           "D", "2021"),
    _("ENTStructureClasses",                  "classes",           MANY, DECLARED_CLASS, "C"),
    _("ENTStructureGroupes",                  "groups",            MANY, DECLARED_GROUP, "C"),
)

_PUPILS = (
    _("ENTPersonJointure",                    "key",                 ONE,  KEY,        "D", "",       "must"),
    _("ENTEleveINE",                          "ine",                 ONE,  TEXT,       "P", "VE1803"),
    _("ENTEleveStructRattachId",              "siecle_number",       ONE,  TEXT,       "D"),
    _("ENTEleveStructureRattachIdMEN",        "agricultural_number", ONE,  TEXT,       "C", "2020"),
    _("ENTPersonDateNaissance",               "birth_date",          ONE,  DATE,       "D", "",       "must"),
    _("ENTPersonNomPatro",                    "birth_family",        ONE,  TEXT,       "D"),
    _("sn",                                   "family",              ONE,  TEXT,       "D", "",       "name"),
    _("givenName",                            "given",               ONE,  TEXT,       "D", "",       "name"),
    _("ENTPersonAutresPrenoms",               "other_given",         MANY, TEXT,       "D"),
    _("personalTitle",                        "title",               ONE,  TEXT,       "D"),
    _("mail",                                 "mail",                ONE,  TEXT,       "C", "2021"),
    _("homePhone",                            "home_phone",          ONE,  TEXT,       "C", "2015"),
    _("ENTEleveParents",                      "parents",             MANY, REF,        "D", "",       "old", GUARDIANS),
    _("ENTElevePere",                         "father",              ONE,  REF,        "D", "",       "old", GUARDIANS),
    _("ENTEleveMere",                         "mother",              ONE,  REF,        "D", "",       "old", GUARDIANS),
    _("ENTEleveAutoriteParentale",            "parental_authority",  MANY, REF,        "D", "",       "old", GUARDIANS),
    _("ENTElevePersRelEleve1",                "related_1",           ONE,  REF,        "D", "",       "old", GUARDIANS),
    _("ENTEleveQualitePersRelEleve1",         "related_1_quality",   ONE,  TEXT,       "D", "",       "old"),
    _("ENTElevePersRelEleve2",                "related_2",           ONE,  REF,        "D", "",       "old", GUARDIANS),
    _("ENTEleveQualitePersRelEleve2",         "related_2_quality",   ONE,  TEXT,       "D", "",       "old"),
    _("ENTElevePersRelEleve",                 "relations",           MANY, RELATION,   "D"),
    _("ENTEleveBoursier",                     "grant_holder",        ONE,  BOOL,       "D"),
    _("ENTEleveRegime",                       "regime",              ONE,  TEXT,       "D"),
    _("ENTEleveTransport",                    "transport",           ONE,  BOOL,       "D"),
    _("ENTPersonAdresse",                     "address",             ONE,  LINES,      "D", "2015"),
    _("ENTPersonCodePostal",                  "postal_code",         ONE,  TEXT,       "C", "2015"),
    _("ENTPersonVille",                       "town",                ONE,  TEXT,       "C", "2015"),
    _("ENTPersonPays",                        "country",             ONE,  TEXT,       "C", "2015"),
    _("ENTEleveAdresseRel",                   "address_of",          MANY, REF,        "C", "2018",   "",    GUARDIANS),
    _("ENTEleveStatutEleve",                  "status",              ONE,  TEXT,       "D"),
    _("ENTEleveMEF",                          "mef",                 ONE,  REF,        "D", "",       "",     MEFS),
    _("ENTEleveLibelleMEF",                   "mef_label",           ONE,  TEXT,       "D"),
    _("ENTEleveNivFormation",                 "level",               ONE,  TEXT,       "D"),
    _("ENTEleveFiliere",                      "stream",              ONE,  TEXT,       "D"),
    _("ENTEleveEnseignements",                "subject_labels",      LIST, TEXT,       "D"),
    _("ENTEleveCodeEnseignements",            "subject_codes",       LIST, REF,        "D", "",       "",     SUBJECTS),
    _("ENTEleveEnseignementsEtablissementsAccueil", "hosted_subjects", LIST, TEXT,     "C", "2021"),
    _("ENTPersonStructRattach",               "school",              ONE,  REF,        "D", "",       "must", SCHOOLS),
    _("ENTEleveDateEntreeClasses",            "class_entries",       MANY, CLASS_DATE, "C", "2019"),
    _("ENTEleveDateSortieClasses",            "class_exits",         MANY, CLASS_DATE, "C", "2019"),
    _("ENTEleveDateEntreeStructRattach",      "entry_date",          ONE,  DATE,       "I", "2021"),
    _("ENTEleveDateSortieStructRattach",      "exit_date",           ONE,  DATE,       "I", "2021"),
    _("ENTEleveClasses",                      "classes",             MANY, CLASS,      "D"),
    _("ENTEleveGroupes",                      "groups",              MANY, CLASS,      "D"),
)

_GUARDIANS = (
    _("ENTPersonJointure",        "key",            ONE,  KEY,   "D", "",     "must"),
    _("ENTPersonDateNaissance",   "birth_date",     ONE,  DATE,  "D"),
    _("ENTPersonNomPatro",        "birth_family",   ONE,  TEXT,  "D"),
    _("sn",                       "family",         ONE,  TEXT,  "D", "",     "name"),
    _("givenName",                "given",          ONE,  TEXT,  "D", "",     "name"),
    _("ENTPersonAutresPrenoms",   "other_given",    MANY, TEXT,  "C", "2024"),
    _("personalTitle",            "title",          ONE,  TEXT,  "D"),
    _("homePhone",                "home_phone",     ONE,  TEXT,  "D"),
    _("telephoneNumber",          "work_phone",     ONE,  TEXT,  "D"),
    _("mobile",                   "mobiles",        MANY, TEXT,  "C", "2015"),
    _("ENTPersonMobileSMS",       "sms_phone",      ONE,  TEXT,  "C", "2015"),
    _("mail",                     "mails",          MANY, TEXT,  "C", "2015"),
    _("ENTPersonAdresse",         "address",        ONE,  LINES, "D"),
    _("ENTPersonCodePostal",      "postal_code",    ONE,  TEXT,  "D"),
    _("ENTPersonVille",           "town",           ONE,  TEXT,  "D"),
    _("ENTPersonPays",            "country",        ONE,  TEXT,  "D"),
    _("ENTPersonAdresseDiffusion", "address_shared", ONE, BOOL,  "C", "2015"),
    _("ENTAuxPersRelEleveEleve",  "children",       MANY, REF,   "C", "2018", "",     PUPILS),
)

_STAFF = (
    _("ENTPersonJointure",                "key",                     ONE,  KEY,            "D", "",     "must"),
    _("ENTPersonDateNaissance",           "birth_date",              ONE,  DATE,           "D"),
    _("ENTPersonNomPatro",                "birth_family",            ONE,  TEXT,           "D"),
    _("sn",                               "family",                  ONE,  TEXT,           "D", "",     "name"),
    _("givenName",                        "given",                   ONE,  TEXT,           "D", "",     "name"),
    _("ENTPersonAutresPrenoms",           "other_given",             MANY, TEXT,           "C", "2024"),
    _("personalTitle",                    "title",                   ONE,  TEXT,           "D"),
    _("mail",                             "mail",                    ONE,  TEXT,           "D"),
    _("ENTPersonStructRattach",           "school",                  ONE,  REF,            "D", "",     "",  SCHOOLS),
    _("ENTPersonStructRattachDate",       "school_dates",            LIST, TEXT,           "C", "2025"),
    _("ENTAuxEnsCategoDiscipline",        "discipline_families",     MANY, CODED,          "D"),
    _("ENTAuxEnsCategoDisciplineDate",    "discipline_family_dates", LIST, TEXT,           "C", "2025"),
    _("ENTAuxEnsDisciplinesPoste",        "post_discipline",         ONE,  LABEL_FIRST,    "D"),
    _("ENTAuxEnsMEF",                     "mefs_taught",             MANY, MEF_TAUGHT,     "D"),
    _("ENTAuxEnsMEFDate",                 "mef_dates",               LIST, TEXT,           "C", "2025"),
    _("ENTAuxEnsMatiereEnseignEtab",      "subjects_taught",         MANY, SUBJECT_TAUGHT, "D"),
    _("ENTAuxEnsClasses",                 "classes",                 MANY, CLASS,          "D"),
    _("ENTAuxEnsGroupes",                 "groups",                  MANY, CLASS,          "D"),
    _("ENTAuxEnsClassesMatieres",         "class_subjects",          MANY, CLASS_SUBJECT,  "D"),
    _("ENTAuxEnsClassesMatieresDate",     "class_subject_dates",     LIST, TEXT,           "C", "2025"),
    _("ENTAuxEnsGroupesMatieres",         "group_subjects",          MANY, CLASS_SUBJECT,  "D"),
    _("ENTAuxEnsGroupesMatieresDate",     "group_subject_dates",     LIST, TEXT,           "C", "2025"),
    _("ENTAuxEnsClassesPrincipal",        "head_teacher_of",         MANY, CLASS,          "D"),
    _("ENTAuxEnsClassesPrincipalDate",    "head_teacher_dates",      LIST, TEXT,           "C", "2025"),
    _("ENTPersonFonctions",               "functions",               MANY, FUNCTION,       "D"),
    _("ENTPersonFonctionsDate",           "function_dates",          LIST, TEXT,           "C", "2025"),
    _("ENTEnsFonctionDir",                "director_of",             MANY, REF,            "C", "2020", "",  SCHOOLS),
    _("ENTPersonCategorieEnseignant",     "is_teacher",              ONE,  BOOL,           "C", "2018"),
    _("ENTPersonCategorieEnseignantDate", "teacher_date",            ONE,  TEXT,           "C", "2025"),
    _("PersEducNatPresenceDevantEleves",  "faces_pupils",            ONE,  BOOL,           "D"),
    _("ENTPersonSTSId",                   "sts_ids",                 MANY, TEXT,           "C", "2025"),
)

_SUBJECTS = (
    _("ENTMatJointure",    "key",         ONE, KEY,  "D", "",     "must"),
    _("ENTLibelleMatiere", "label",       ONE, TEXT, "D", "",     "must"),
    _("ENTMatiereRattach", "attached_to", ONE, REF,  "C", "2019", "",    SUBJECTS),
)

_MEFS = (
    _("ENTMefJointure", "key",         ONE, KEY,  "D", "",     "must"),
    _("ENTLibelleMef",  "label",       ONE, TEXT, "D", "",     "must"),
    _("ENTMEFRattach",  "attached_to", ONE, REF,  "D", "",     "",    MEFS),
    _("ENTMEFSTAT11",   "mefstat11",   ONE, TEXT, "D"),
    _("ENTNivFormation", "level",      ONE, TEXT, "C", "2018"),
    _("ENTFiliere",     "stream",      ONE, TEXT, "C", "2018"),
)

TABLES: Final[FrozenMap[Category, Table]] = FrozenMap({table.category: table for table in (
    Table(SCHOOLS,   School,   ("categorieStructure", "EtabEducNat"), _SCHOOLS),
    Table(PUPILS,    Pupil,    ("categoriePersonne", "Eleve"),        _PUPILS),
    Table(GUARDIANS, Guardian, ("categoriePersonne", "PersRelEleve"), _GUARDIANS),
    Table(STAFF,     Staff,    ("categoriePersonne", "PersEducNat"),  _STAFF),
    Table(SUBJECTS,  Subject,  ("categorieMatiere", "MatEducNat"),    _SUBJECTS, ("MatiereEducNat", "Matiere")),
    Table(MEFS,      Mef,      ("categorieMef", "MefEducNat"),        _MEFS,     ("Mef",)),
)})
# fmt: on

_CATEGORY_OF: Final = {table.record: table.category for table in TABLES.values()}
CATEGORIES: Final[FrozenMap[str, Category]] = FrozenMap(
    (value, table.category) for table in TABLES.values() for value in (table.operational[1], *table.also)
)
"""Operational value -> category."""

MISSPELT: Final = FrozenMap({"ENTServCodeAcAcademie": "ENTServAcCodeAcademie"})
"""Names met in place of the real one (aaf 7)."""
