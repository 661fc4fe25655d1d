"""Links between a pupil and a guardian: the composites of both degrees, and what their codes mean (aaf 3.6.3, 3.7)."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from entformats.aaf.codelists import Link, Responsibility
from entformats.aaf.scalars import fields_of, format_flag, parse_digit, parse_flag, parse_name
from entformats.aaf.versions import two_digit_links
from entformats.codes import jointure
from entformats.codes.jointure import Jointure

__all__ = ["ParentalAuthority", "Relation"]


@frozen
class Relation:
    """Lien d'un élève avec une personne responsable (aaf 3.6.3).

    `personne$lien$responsable financier$responsabilité légale$contact$paiement`.

    >>> mother = Relation.parse("3400001$10$1$1$1$0")
    >>> mother.kind, mother.responsibility
    (<Link.MOTHER: ('2', '10')>, <Responsibility.LEGAL: 'legal'>)
    """

    shortest: ClassVar[int] = 2
    width: ClassVar[int] = 6
    padding: ClassVar[str] = "0"
    free: ClassVar[int] = 5
    person: Jointure
    link: str
    """Code of the link, as delivered; see `kind`."""
    financial: bool = False
    """Responsable financier."""
    legal: int = 0
    """Code of the legal responsibility, 0 to 9; see `responsibility`."""
    contact: bool = False
    """Personne à contacter."""
    payment: bool = False
    """Perçoit les aides."""

    @classmethod
    def parse(cls, text: str) -> Relation:
        """Read exactly six fields. Raises `InvalidValue`."""
        return cls.of(fields_of(text, 6))

    @classmethod
    def of(cls, fields: list[str]) -> Relation:
        """Build from the fields. Raises `InvalidValue`."""
        person, link, financial, legal, contact, payment = fields
        return cls(
            jointure.parse(person),
            link,
            parse_flag(financial),
            parse_digit(legal),
            parse_flag(contact),
            parse_flag(payment),
        )

    @property
    def kind(self) -> Link | None:
        """Lien: meaning of the code, None where the code is not known."""
        return Link.of(self.link)

    @property
    def responsibility(self) -> Responsibility:
        """Responsabilité légale, by the coding of the link (aaf 3.7.2)."""
        return self.responsibility_under("")

    def responsibility_under(self, version: str) -> Responsibility:
        """Responsabilité légale; code 2 changed its meaning with the two-digit links [inferred] (aaf 3.7.2).

        The coding is that of the link; where there is no link, that of the AAF version, then the old one.

        >>> Relation.parse("3400001$$0$2$0$0").responsibility_under("AAF-VE2407")
        <Responsibility.IN_CHARGE: 'in_charge'>
        """
        if self.legal == 1:
            return Responsibility.LEGAL
        if self.legal == 2:  # noqa: PLR2004 - the code of the file
            new = len(self.link) > 1 if self.link else two_digit_links(version)
            return Responsibility.IN_CHARGE if new else Responsibility.SECOND_LEGAL
        return Responsibility.NONE

    @property
    def text(self) -> str:
        """Valeur: as the file writes it."""
        flags = f"{format_flag(self.financial)}${self.legal}${format_flag(self.contact)}${format_flag(self.payment)}"
        return f"{self.person}${self.link}${flags}"


@frozen
class ParentalAuthority(Relation):
    """Titulaire de l'autorité parentale, 1er degré: `personne$lien`, or the person alone in an older form (aaf 3bis).

    Whoever has it is a legal representative, to contact, and pays.

    >>> father = ParentalAuthority.parse("3400001$20")
    >>> father.kind, father.responsibility, father.financial
    (<Link.FATHER: ('1', '20')>, <Responsibility.LEGAL: 'legal'>, True)
    """

    shortest: ClassVar[int] = 2
    width: ClassVar[int] = 2
    padding: ClassVar[str] = ""
    free: ClassVar[int] = 1
    person: Jointure
    link: str = ""
    """Code of the link, empty where only the person is named."""
    financial: bool = True
    legal: int = 1
    contact: bool = True
    payment: bool = False

    @classmethod
    def parse(cls, text: str) -> ParentalAuthority:
        """Read the person, and the link when there is one. Raises `InvalidValue`."""
        if "$" not in text:
            return cls(jointure.parse(text))
        found = cls.of(fields_of(text, 2))
        parse_name(found.link)
        return found

    @classmethod
    def of(cls, fields: list[str]) -> ParentalAuthority:
        """Build from the fields. Raises `InvalidValue`."""
        person, link = fields
        return cls(jointure.parse(person), link)

    @property
    def text(self) -> str:
        """Valeur: as the file writes it; the rights are not written."""
        return f"{self.person}${self.link}" if self.link else self.person
