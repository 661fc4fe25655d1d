"""What AAF says of a school, a person, a subject or a MEF: one frozen class a category (aaf 3).

Every field is one attribute of the file; `table.py` says which. An empty attribute is `""`, `None` or `()`; `shape`
tells whether it was there. What a field cannot hold stays in `extra`: unknown attributes, surplus or repeated values,
texts that do not convert. Text is kept verbatim: labels are cut at 40 characters and hold double spaces in real files.

Two records are equal when they say the same thing: `shape` does not count.
"""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

from attrs import field, frozen

from entformats.aaf.values import (
    ClassDate,
    ClassRef,
    ClassSubject,
    Coded,
    DeclaredClass,
    DeclaredGroup,
    Function,
    LabelFirst,
    MefTaught,
    PrimaryClassRef,
    Relation,
    SubjectTaught,
)
from entformats.codes.jointure import Jointure
from entformats.codes.uai import Uai
from entformats.frozen import FrozenMap

__all__ = ["Extra", "Guardian", "Mef", "Person", "Pupil", "Record", "School", "Shape", "Staff", "Subject"]

Shape: TypeAlias = tuple[str, ...]
"""Forme: names of the attributes present, in order; the same object for all records of one shape."""
Extra: TypeAlias = FrozenMap[str, tuple[str, ...]]
"""Surplus: attribute name -> every text delivered, for what the fields cannot hold exactly."""

NOTHING: Extra = FrozenMap()


class _Keyed:
    """Show the kind and the key only: the rest is personal data."""

    __slots__ = ()
    key: Jointure

    def __repr__(self) -> str:
        """Hide the content."""
        return f"<{type(self).__name__} {self.key}>"


@frozen(repr=False)
class School(_Keyed):
    """Structure (`EtabEducNat`): an establishment, or an administrative unit such as a replacement zone (aaf 3.1).

    >>> from entformats.codes import jointure
    >>> School(jointure.parse("61001"), name="CLG$JULES FICTIF$VALFICTIF").usual_name
    'JULES FICTIF'
    """

    key: Jointure
    uai: Uai | None = None
    """UAI actuel."""
    establishment_uai: Uai | None = None
    """UAI de l'établissement: the older or main one; usually equal."""
    siren: str = ""
    """Named SIREN, holds a SIRET."""
    name: str = ""
    """Nom courant, as delivered: `TYPE$NOM$VILLE`, or `TYPE-NOM-ac-ACADEMIE` before SDET v6.1."""
    type_label: str = ""
    type_code: str = ""
    """Nature d'UAI."""
    ministry: str = ""
    ministry_code: str = ""
    contract: str = ""
    """`PU` public; other codes are an open list."""
    post_box: str = ""
    street: str = ""
    postal_code: str = ""
    town: str = ""
    phone: str = ""
    fax: str = ""
    mail: str = ""
    attached_to: tuple[Jointure, ...] = ()
    """Structures de rattachement fonctionnel."""
    training_area: Coded | None = None
    """Bassin de formation."""
    academy: str = ""
    academy_code: str = ""
    classes: tuple[DeclaredClass, ...] = ()
    groups: tuple[DeclaredGroup, ...] = ()
    contact_mail: str = ""
    """Adresse de messagerie, 1er degré; so are the fields that follow: as text, their grammar is not known."""
    sector: str = ""
    """Secteur."""
    district: str = ""
    """Circonscription."""
    commune: str = ""
    rpi: str = ""
    """Regroupement pédagogique intercommunal."""
    shape: Shape = field(default=(), eq=False)
    extra: Extra = NOTHING

    @property
    def usual_name(self) -> str:
        """Nom seul: the name without its type, town and academy, whichever of the two forms is used."""
        separator = "$" if "$" in self.name else "-"
        parts = self.name.split(separator)
        return parts[1] if len(parts) > 1 else self.name


@frozen(repr=False)
class Pupil(_Keyed):
    """Élève (`Eleve`) (aaf 3.2).

    >>> from entformats.codes import jointure
    >>> Pupil(jointure.parse("3100456"), family="D'AUBREPIN", given="Maïwenn")
    <Pupil 3100456>
    """

    key: Jointure
    ine: str = ""
    """Identifiant national élève; may be empty."""
    siecle_number: str = ""
    """Numéro SIECLE: `ELEVE_ID` or `ELENOET`, not established; meant inside one school."""
    agricultural_number: str = ""
    """Same, agricultural schools."""
    birth_date: date | None = None
    birth_family: str = ""
    """Nom patronymique."""
    family: str = ""
    """Nom d'usage."""
    given: str = ""
    other_given: tuple[str, ...] = ()
    """Prénoms; the first repeats `given`."""
    title: str = ""
    """Civilité: `M.`, `Mme`, `Mlle`, or empty."""
    mail: str = ""
    home_phone: str = ""
    parents: tuple[Jointure, ...] = ()
    """Old, derived from `relations`; so are the eight fields that follow."""
    father: Jointure | None = None
    mother: Jointure | None = None
    parental_authority: tuple[Jointure, ...] = ()
    related_1: Jointure | None = None
    related_1_quality: str = ""
    related_2: Jointure | None = None
    related_2_quality: str = ""
    relations: tuple[Relation, ...] = ()
    """Personnes responsables: the authoritative list."""
    grant_holder: bool | None = None
    """Boursier."""
    regime: str = ""
    """Régime: a label, open list."""
    transport: bool | None = None
    """Transport scolaire."""
    address: tuple[str, ...] = ()
    """Lines of the address, empty ones included."""
    postal_code: str = ""
    town: str = ""
    country: str = ""
    address_of: tuple[Jointure, ...] = ()
    """Responsables dont l'adresse est celle de l'élève."""
    status: str = ""
    """Statut: `SCOLAIRE`, `APPRENTI`; open list."""
    mef: Jointure | None = None
    mef_label: str = ""
    level: str = ""
    """Niveau de formation."""
    stream: str = ""
    """Filière."""
    subject_labels: tuple[str, ...] = ()
    """Enseignements suivis; position by position the label of `subject_codes`."""
    subject_codes: tuple[Jointure, ...] = ()
    hosted_subjects: tuple[str, ...] = ()
    """Enseignements suivis dans un autre établissement: grammar not known, kept as text."""
    school: Jointure | None = None
    """Structure de rattachement."""
    class_entries: tuple[ClassDate, ...] = ()
    class_exits: tuple[ClassDate, ...] = ()
    entry_date: date | None = None
    exit_date: date | None = None
    """Date de sortie; in the future, an announced leaver."""
    classes: tuple[ClassRef | PrimaryClassRef, ...] = ()
    """In the 1er degré, with the stable identifier of each class, and of each group."""
    groups: tuple[ClassRef | PrimaryClassRef, ...] = ()
    cycle: str = ""
    """Cycle, 1er degré; so are the fields that follow."""
    class_type: str = ""
    """Type de classe."""
    canteen: bool | None = None
    """Restaurant scolaire."""
    morning_care: bool | None = None
    """Garderie du matin."""
    evening_care: bool | None = None
    """Garderie du soir."""
    supervised_study: bool | None = None
    """Études surveillées."""
    shape: Shape = field(default=(), eq=False)
    extra: Extra = NOTHING

    @property
    def level_label(self) -> str:
        """Niveau: its label alone; the 1er degré writes `code$libellé`, or the label (aaf 3bis).

        >>> from entformats.codes import jointure
        >>> Pupil(jointure.parse("5"), level="CM1"), Pupil(jointure.parse("6"), level="12$CM1").level_label
        (<Pupil 5>, 'CM1')
        """
        return self.level.rpartition("$")[2]


@frozen(repr=False)
class Guardian(_Keyed):
    """Personne en relation avec l'élève (`PersRelEleve`): a parent, another adult, or a body (aaf 3.3).

    >>> from entformats.codes import jointure
    >>> Guardian(jointure.parse("3400001"), family="D'AUBREPIN").birth_date is None
    True
    """

    key: Jointure
    birth_date: date | None = None
    """Always empty in real deliveries."""
    birth_family: str = ""
    family: str = ""
    given: str = ""
    other_given: tuple[str, ...] = ()
    title: str = ""
    """Civilité; empty for bodies, and when unknown."""
    home_phone: str = ""
    """May hold a mobile number."""
    work_phone: str = ""
    mobiles: tuple[str, ...] = ()
    sms_phone: str = ""
    mails: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    """Lines of the address, empty ones included."""
    postal_code: str = ""
    town: str = ""
    country: str = ""
    """A label, not an ISO code."""
    address_shared: bool | None = None
    """Autorise la diffusion de son adresse."""
    children: tuple[Jointure, ...] = ()
    shape: Shape = field(default=(), eq=False)
    extra: Extra = NOTHING


@frozen(repr=False)
class Staff(_Keyed):
    """Personnel (`PersEducNat`): teachers and everybody else who works in a school (aaf 3.4).

    >>> from entformats.codes import jointure
    >>> Staff(jointure.parse("2700691"), is_teacher=True).teaches
    True
    """

    key: Jointure
    birth_date: date | None = None
    birth_family: str = ""
    """Nom patronymique; differs from `family` for half of the women."""
    family: str = ""
    given: str = ""
    other_given: tuple[str, ...] = ()
    title: str = ""
    mail: str = ""
    """Adresse académique."""
    school: Jointure | None = None
    """Structure de rattachement administratif; may be a replacement zone."""
    discipline_families: tuple[Coded, ...] = ()
    post_discipline: LabelFirst | None = None
    """Discipline de poste."""
    mefs_taught: tuple[MefTaught, ...] = ()
    subjects_taught: tuple[SubjectTaught, ...] = ()
    classes: tuple[ClassRef, ...] = ()
    """Classes enseignées; `class_subjects` is the authoritative list."""
    groups: tuple[ClassRef, ...] = ()
    class_subjects: tuple[ClassSubject, ...] = ()
    group_subjects: tuple[ClassSubject, ...] = ()
    head_teacher_of: tuple[ClassRef, ...] = ()
    """Professeur principal de."""
    functions: tuple[Function, ...] = ()
    director_of: tuple[Jointure, ...] = ()
    """Fonction de direction."""
    is_teacher: bool | None = None
    """Catégorie enseignant, as the file says; see `teaches`."""
    faces_pupils: bool | None = None
    """Présence devant élèves."""
    sts_ids: tuple[str, ...] = ()
    """Identifiants STS: grammar not known, kept as text."""
    school_dates: tuple[str, ...] = ()
    """Dates of `school`: grammar not known, kept as text; so are the seven fields that follow."""
    discipline_family_dates: tuple[str, ...] = ()
    mef_dates: tuple[str, ...] = ()
    class_subject_dates: tuple[str, ...] = ()
    group_subject_dates: tuple[str, ...] = ()
    head_teacher_dates: tuple[str, ...] = ()
    function_dates: tuple[str, ...] = ()
    teacher_date: str = ""
    specialities: tuple[str, ...] = ()
    """Spécialités, 1er degré."""
    director_dates: tuple[str, ...] = ()
    """Dates of `director_of`, 1er degré: kept as text."""
    shape: Shape = field(default=(), eq=False)
    extra: Extra = NOTHING

    @property
    def teaches(self) -> bool:
        """Enseignant: the category if given, else in front of pupils, else a function `ENS` or `DOC` (aaf 3.7.3)."""
        if self.is_teacher is not None:
            return self.is_teacher
        return bool(self.faces_pupils) or any(function.is_teaching for function in self.functions)


@frozen(repr=False)
class Subject(_Keyed):
    """Matière (`MatiereEducNat`) (aaf 3.5).

    >>> from entformats.codes import jointure
    >>> Subject(jointure.parse("030201"), label="ANGLAIS LV1").label
    'ANGLAIS LV1'
    """

    key: Jointure
    label: str = ""
    attached_to: Jointure | None = None
    """Matière nationale de rattachement."""
    shape: Shape = field(default=(), eq=False)
    extra: Extra = NOTHING


@frozen(repr=False)
class Mef(_Keyed):
    """Module élémentaire de formation (`MefEducNat`) (aaf 3.5).

    >>> from entformats.codes import jointure
    >>> Mef(jointure.parse("10110001110"), label="5EME").label
    '5EME'
    """

    key: Jointure
    label: str = ""
    attached_to: Jointure | None = None
    """MEF de rattachement; itself for most."""
    mefstat11: str = ""
    """MEF statistique."""
    level: str = ""
    stream: str = ""
    shape: Shape = field(default=(), eq=False)
    extra: Extra = NOTHING


Person: TypeAlias = Pupil | Guardian | Staff
"""Personne: the three categories that share one space of identifiers."""
Record: TypeAlias = School | Pupil | Guardian | Staff | Subject | Mef
"""Enregistrement: one record of any category."""
