"""What one `<value>` of AAF may hold: the `$` composites and their grammar (aaf 3.6).

A composite is `field$field$...`: no escape is known. Each class reads its strict form with `parse` and gives it back
with `text`. For the tolerant reading, those of a fixed `width` say how few fields are enough (`shortest`), what stands
for a missing one (`padding`), and which one may hold a separator of its own (`free`).
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar, TypeAlias

from attrs import frozen

from entformats.aaf.relations import ParentalAuthority, Relation
from entformats.aaf.scalars import fields_of, format_date, parse_date, parse_name
from entformats.codes import jointure
from entformats.codes.jointure import Jointure
from entformats.errors import InvalidValue

__all__ = [
    "ClassDate",
    "ClassRef",
    "ClassSubject",
    "Coded",
    "Composite",
    "Declared",
    "DeclaredClass",
    "DeclaredGroup",
    "Fixed",
    "Function",
    "LabelFirst",
    "MefTaught",
    "ParentalAuthority",
    "PrimaryClassRef",
    "Relation",
    "SubjectTaught",
]


def _optional(text: str) -> Jointure | None:
    return jointure.parse(text) if text else None


@frozen
class ClassRef:
    """Classe ou groupe d'une structure: `structure$nom` (aaf 3.6.1).

    >>> ClassRef.parse("61001$5 C")
    ClassRef(school='61001', name='5 C')
    """

    shortest: ClassVar[int] = 2
    width: ClassVar[int] = 2
    padding: ClassVar[str] = ""
    free: ClassVar[int] = 1
    school: Jointure
    name: str

    @classmethod
    def parse(cls, text: str) -> ClassRef:
        """Read exactly two fields. Raises `InvalidValue`."""
        return cls.of(fields_of(text, 2))

    @classmethod
    def of(cls, fields: list[str]) -> ClassRef:
        """Build from the fields. Raises `InvalidValue`."""
        school, name = fields
        return cls(jointure.parse(school), parse_name(name))

    @property
    def text(self) -> str:
        """Valeur: as the file writes it."""
        return f"{self.school}${self.name}"


@frozen
class PrimaryClassRef(ClassRef):
    """Classe ou groupe, 1er degré: `structure$?$?$identifiant$libellé` (aaf 3bis).

    The identifier is stable: a class that is renamed keeps it. `name` is the label.

    >>> PrimaryClassRef.parse("71001$x$y$90210$CM1 B").id
    '90210'
    """

    shortest: ClassVar[int] = 5
    width: ClassVar[int] = 5
    free: ClassVar[int] = 4
    id: str = ""
    """Identifiant stable of the class, in its structure."""
    second: str = ""
    """Second field: meaning not known, kept; so is the third."""
    third: str = ""

    @classmethod
    def parse(cls, text: str) -> PrimaryClassRef:
        """Read exactly five fields, an identifier among them. Raises `InvalidValue`."""
        found = cls.of(fields_of(text, 5))
        parse_name(found.id)
        return found

    @classmethod
    def of(cls, fields: list[str]) -> PrimaryClassRef:
        """Build from the fields, with or without an identifier. Raises `InvalidValue`."""
        school, second, third, key, name = fields
        return cls(jointure.parse(school), parse_name(name), key, second, third)

    @property
    def text(self) -> str:
        """Valeur: as the file writes it."""
        return f"{self.school}${self.second}${self.third}${self.id}${self.name}"


@frozen
class ClassSubject:
    """Classe (ou groupe) et matière enseignée: `structure$nom$matière` (aaf 3.6.1).

    >>> ClassSubject.parse("61001$5 C$020700").subject
    '020700'
    """

    shortest: ClassVar[int] = 2
    width: ClassVar[int] = 3
    padding: ClassVar[str] = ""
    free: ClassVar[int] = 2
    school: Jointure
    name: str
    subject: Jointure | None = None

    @classmethod
    def parse(cls, text: str) -> ClassSubject:
        """Read exactly three fields. Raises `InvalidValue`."""
        return cls.of(fields_of(text, 3))

    @classmethod
    def of(cls, fields: list[str]) -> ClassSubject:
        """Build from the fields. Raises `InvalidValue`."""
        school, name, subject = fields
        return cls(jointure.parse(school), parse_name(name), _optional(subject))

    @property
    def text(self) -> str:
        """Valeur: as the file writes it."""
        return f"{self.school}${self.name}${self.subject or ''}"


@frozen
class ClassDate:
    """Date d'entrée dans une classe, ou de sortie: `structure$jj/mm/aaaa$classe` (aaf 3.6.1).

    >>> ClassDate.parse("61001$01/09/2024$5 C").on
    datetime.date(2024, 9, 1)
    """

    shortest: ClassVar[int] = 3
    width: ClassVar[int] = 3
    padding: ClassVar[str] = ""
    free: ClassVar[int] = 2
    school: Jointure
    on: date
    name: str

    @classmethod
    def parse(cls, text: str) -> ClassDate:
        """Read exactly three fields. Raises `InvalidValue`."""
        return cls.of(fields_of(text, 3))

    @classmethod
    def of(cls, fields: list[str]) -> ClassDate:
        """Build from the fields. Raises `InvalidValue`."""
        school, on, name = fields
        return cls(jointure.parse(school), parse_date(on), parse_name(name))

    @property
    def text(self) -> str:
        """Valeur: as the file writes it."""
        return f"{self.school}${format_date(self.on)}${self.name}"


@frozen
class MefTaught:
    """MEF enseigné: `structure$mef$libellé` (aaf 3.6.6).

    >>> MefTaught.parse("61001$10110001110$5EME").mef
    '10110001110'
    """

    shortest: ClassVar[int] = 2
    width: ClassVar[int] = 3
    padding: ClassVar[str] = ""
    free: ClassVar[int] = 2
    school: Jointure
    mef: Jointure
    label: str = ""

    @classmethod
    def parse(cls, text: str) -> MefTaught:
        """Read exactly three fields. Raises `InvalidValue`."""
        return cls.of(fields_of(text, 3))

    @classmethod
    def of(cls, fields: list[str]) -> MefTaught:
        """Build from the fields. Raises `InvalidValue`."""
        school, mef, label = fields
        return cls(jointure.parse(school), jointure.parse(mef), label)

    @property
    def text(self) -> str:
        """Valeur: as the file writes it."""
        return f"{self.school}${self.mef}${self.label}"


@frozen
class SubjectTaught:
    """Matière enseignée dans un établissement: `structure$libellé`, a label and no code (aaf 3.6.6).

    >>> SubjectTaught.parse("61001$CHANT CHORAL").label
    'CHANT CHORAL'
    """

    shortest: ClassVar[int] = 2
    width: ClassVar[int] = 2
    padding: ClassVar[str] = ""
    free: ClassVar[int] = 1
    school: Jointure
    label: str

    @classmethod
    def parse(cls, text: str) -> SubjectTaught:
        """Read exactly two fields. Raises `InvalidValue`."""
        return cls.of(fields_of(text, 2))

    @classmethod
    def of(cls, fields: list[str]) -> SubjectTaught:
        """Build from the fields. Raises `InvalidValue`."""
        school, label = fields
        return cls(jointure.parse(school), parse_name(label))

    @property
    def text(self) -> str:
        """Valeur: as the file writes it."""
        return f"{self.school}${self.label}"


@frozen
class Function:
    """Fonction d'un personnel: `structure$code$libellé$code de poste$libellé de poste` (aaf 3.6.7).

    The codes are an open list (3.7.3); `-` means that there is no function.

    >>> Function.parse("61001$ENS$ENSEIGNEMENT$L1300$MATHEMATIQUES").is_teaching
    True
    >>> Function.parse("61001$-$SANS OBJET$-$SANS OBJET").is_none
    True
    """

    shortest: ClassVar[int] = 2
    width: ClassVar[int] = 5
    padding: ClassVar[str] = ""
    free: ClassVar[int] = 4
    school: Jointure
    code: str
    label: str = ""
    position: str = ""
    position_label: str = ""

    @classmethod
    def parse(cls, text: str) -> Function:
        """Read exactly five fields. Raises `InvalidValue`."""
        return cls.of(fields_of(text, 5))

    @classmethod
    def of(cls, fields: list[str]) -> Function:
        """Build from the fields. Raises `InvalidValue`."""
        school, code, label, position, position_label = fields
        return cls(jointure.parse(school), code, label, position, position_label)

    @property
    def is_none(self) -> bool:
        """Sans objet: the value says that the person has no function there."""
        return self.code in {"", "-"}

    @property
    def is_teaching(self) -> bool:
        """Enseignement ou documentation: the functions that make a teacher (aaf 3.7.3)."""
        return self.code in {"ENS", "DOC"}

    @property
    def text(self) -> str:
        """Valeur: as the file writes it."""
        return f"{self.school}${self.code}${self.label}${self.position}${self.position_label}"


@frozen
class Coded:
    """Code et libellé: `code$libellé` (aaf 3.6.5).

    >>> Coded.parse("13$MATHEMATIQUES").label
    'MATHEMATIQUES'
    """

    shortest: ClassVar[int] = 1
    width: ClassVar[int] = 2
    padding: ClassVar[str] = ""
    free: ClassVar[int] = 1
    code: str
    label: str = ""

    @classmethod
    def parse(cls, text: str) -> Coded:
        """Read exactly two fields. Raises `InvalidValue`."""
        return cls.of(fields_of(text, 2))

    @classmethod
    def of(cls, fields: list[str]) -> Coded:
        """Build from the fields. Raises `InvalidValue`."""
        code, label = fields
        return cls(code, label)

    @property
    def text(self) -> str:
        """Valeur: as the file writes it."""
        return f"{self.code}${self.label}"


@frozen
class LabelFirst:
    """Libellé puis code: `libellé$code`, the reverse of `Coded`; the code may be empty (aaf 3.6.5).

    >>> LabelFirst.parse("SANS OBJET$").code
    ''
    """

    shortest: ClassVar[int] = 1
    width: ClassVar[int] = 2
    padding: ClassVar[str] = ""
    free: ClassVar[int] = 0
    label: str
    code: str = ""

    @classmethod
    def parse(cls, text: str) -> LabelFirst:
        """Read exactly two fields. Raises `InvalidValue`."""
        return cls.of(fields_of(text, 2))

    @classmethod
    def of(cls, fields: list[str]) -> LabelFirst:
        """Build from the fields. Raises `InvalidValue`."""
        label, code = fields
        return cls(label, code)

    @property
    def text(self) -> str:
        """Valeur: as the file writes it."""
        return f"{self.label}${self.code}"


@frozen
class DeclaredClass:
    """Classe déclarée par une structure: `nom$libellé$mef$mef...` (aaf 3.6.2).

    >>> DeclaredClass.parse("5 C$5EME$10110001110").mefs
    ('10110001110',)
    """

    name: str
    label: str = ""
    mefs: tuple[Jointure, ...] = ()

    @classmethod
    def parse(cls, text: str) -> DeclaredClass:
        """Read two fields or more. Raises `InvalidValue`."""
        name, label, *mefs = _at_least_two(text)
        return cls(parse_name(name), label, tuple(map(jointure.parse, mefs)))

    @property
    def text(self) -> str:
        """Valeur: as the file writes it."""
        return "$".join((self.name, self.label, *self.mefs))


@frozen
class DeclaredGroup:
    """Groupe déclaré par une structure: `code$libellé$classe$classe...` (aaf 3.6.2).

    >>> DeclaredGroup.parse("5 C_GR1$GROUPE 1$5 C").classes
    ('5 C',)
    """

    code: str
    label: str = ""
    classes: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> DeclaredGroup:
        """Read two fields or more. Raises `InvalidValue`."""
        code, label, *classes = _at_least_two(text)
        return cls(parse_name(code), label, tuple(map(parse_name, classes)))

    @property
    def text(self) -> str:
        """Valeur: as the file writes it."""
        return "$".join((self.code, self.label, *self.classes))


def _at_least_two(text: str) -> list[str]:
    fields = text.split("$")
    if len(fields) < 2:  # noqa: PLR2004 - a name and a label
        raise InvalidValue("expected a name and a label separated by '$'")
    return fields


Fixed: TypeAlias = (
    ClassRef | ClassSubject | ClassDate | MefTaught | SubjectTaught | Function | Relation | Coded | LabelFirst
)
"""Valeur composée dont le nombre de champs est fixe."""
Declared: TypeAlias = DeclaredClass | DeclaredGroup
"""Classe ou groupe déclaré: as many fields as there are MEF or classes."""
Composite: TypeAlias = Fixed | Declared
"""Valeur composée: any of the `$` composites."""
