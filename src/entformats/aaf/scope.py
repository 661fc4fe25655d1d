"""What a caller wants read: some categories, some schools, and no more personal data than needed (aaf 6.3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final, TypeAlias

import attrs
from attrs import frozen

from entformats.aaf.models import Guardian, Mef, Pupil, School, Staff, Subject
from entformats.aaf.table import Category
from entformats.errors import UsageError

__all__ = ["ADDRESSES", "ALL", "MAILS", "PHONES", "Scope", "Scoped", "scope_of"]

ADDRESSES: Final = frozenset({"address", "postal_code", "town", "country", "address_of", "address_shared"})
"""Adresses: fields that say where somebody lives; the town and postcode of schools too."""
PHONES: Final = frozenset({"home_phone", "work_phone", "mobiles", "sms_phone", "phone", "fax"})
"""Téléphones."""
MAILS: Final = frozenset({"mail", "mails", "contact_mail"})
"""Adresses électroniques."""

_FIELDS: Final = frozenset(
    one.name for kind in (School, Pupil, Guardian, Staff, Subject, Mef) for one in attrs.fields(kind)
) - {"key", "shape", "extra"}


def _categories(given: Iterable[Category]) -> frozenset[Category]:
    return frozenset(given)


def _texts(given: Iterable[str]) -> frozenset[str]:
    if isinstance(given, str):
        raise UsageError("a collection of texts is expected, not one text")
    return frozenset(given)


@frozen
class Scope:
    """Périmètre de lecture: what is read; the rest is never stored.

    Raises `UsageError` when `without` names something else than a field.

    >>> scope = Scope(categories={Category.PUPILS}, without=PHONES | {"ine"})
    >>> Category.PUPILS in scope, Category.STAFF in scope
    (True, False)
    """

    categories: frozenset[Category] = attrs.field(default=frozenset(Category), converter=_categories)
    schools: frozenset[str] = attrs.field(default=frozenset(), converter=_texts)
    """UAI or identifiers of structures; none means all. Of people, those who belong there, and the guardians of the
    pupils; of a lone file, what the record itself says."""
    without: frozenset[str] = attrs.field(default=frozenset(), converter=_texts)
    """Fields that are left out, such as `ine`: see `ADDRESSES`, `PHONES`, `MAILS`. The shape of a record does not have
    their attributes."""

    def __attrs_post_init__(self) -> None:
        """Refuse a field that no record has: something would be stored that should not."""
        if unknown := sorted(self.without - _FIELDS):
            message = f"no record has the field {unknown[0]!r}, or it cannot be left out"
            raise UsageError(message)

    def __contains__(self, category: object) -> bool:
        """Tell whether a category is read."""
        return category in self.categories


ALL: Final = Scope()
"""Tout lire."""
Scoped: TypeAlias = Scope | Collection[Category]
"""Périmètre, or only its categories."""


def scope_of(given: Scoped) -> Scope:
    """Give the scope that a caller means.

    >>> scope_of({Category.MEFS}).categories
    frozenset({<Category.MEFS: 'MefEducNat'>})
    """
    return given if isinstance(given, Scope) else Scope(categories=given)
