"""Addresses of a Pronote server: what a person types, its root, every address made from it (pronote 11, 12)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final
from urllib.parse import quote, urlsplit

from attrs import frozen

from entformats.codes import uai
from entformats.identity import Profile
from entformats.problems import Location, Problem, Report, problem

__all__ = ["SPACES", "Address", "ReadAddress", "Space", "read_address"]


class Space(StrEnum):
    """Espace d'une personne: the value is the name of its page (pronote 11)."""

    PUPILS = "eleve"
    GUARDIANS = "parent"
    TEACHERS = "professeur"
    SCHOOL_LIFE = "viescolaire"
    MANAGEMENT = "direction"
    ASSISTANTS = "accompagnant"
    COMPANIES = "entreprise"
    ACADEMY = "academie"
    ENROLMENT = "inscription"


SPACES: Final = {
    Profile.PUPIL: Space.PUPILS,
    Profile.GUARDIAN: Space.GUARDIANS,
    Profile.TEACHER: Space.TEACHERS,
    Profile.STAFF: Space.SCHOOL_LIFE,
}
"""Profile -> its space. Of the staff only the head belongs to `direction` [inferred]."""
HOSTED: Final = ".index-education.net"
CONSOLES: Final = frozenset({"hebergement.index-education.net"})
"""Addresses of Index Éducation that are no server of a school."""
DEMOS: Final = frozenset({"demo.index-education.net"})
PORTS: Final = {"http": 80, "https": 443}
_UAI: Final = re.compile("[0-9]{7}[a-z]")
_PAGE: Final = re.compile(rf"/(?:mobile\.)?(?:{'|'.join(Space)}|mobile)\.html\Z")
_FORBIDDEN: Final = re.compile(r"[\s\x00-\x1f\x7f]")


@frozen
class Address:
    """Adresse d'un serveur Pronote, in its normal form: lower case, no default port, a path that ends with a slash.

    >>> Address("https", "0749999s.index-education.net").root
    'https://0749999s.index-education.net/pronote/'
    """

    scheme: str
    host: str
    """ASCII, in lower case."""
    port: int | None = None
    """None for that of the scheme."""
    path: str = "/pronote/"

    @property
    def root(self) -> str:
        """Racine: what every other address begins with."""
        port = "" if self.port is None else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}{self.path}"

    @property
    def hosted(self) -> bool:
        """Whether Index Éducation hosts it, by its name."""
        return self.host.endswith(HOSTED)

    @property
    def school(self) -> str | None:
        """UAI that the name of a hosted server has, in capitals; None when it has another name."""
        label = self.host.partition(".")[0]
        return label.upper() if self.hosted and _UAI.fullmatch(label) else None

    def page(self, space: Space, *, mobile: bool = False, token: str = "") -> str:
        """Give the page of a space; `token` is that of a page of the feed, opaque.

        >>> Address("https", "p.example.test").page(Space.PUPILS, mobile=True, token="a/b")
        'https://p.example.test/pronote/mobile.eleve.html?page=a%2Fb'
        """
        query = f"?page={quote(token, safe='')}" if token else ""
        return f"{self.root}{'mobile.' if mobile else ''}{space.value}.html{query}"

    @property
    def mobile(self) -> str:
        """Page mobile of any space, for newer clients."""
        return f"{self.root}mobile.html"

    @property
    def feed(self) -> str:
        """Adresse du flux de la page d'accueil; a proxy ticket goes with it."""
        return f"{self.root}donneesUtilisateur"

    @property
    def services(self) -> tuple[str, ...]:
        """Services CAS: every address that a ticket may be asked for: root, pages, mobile pages, feed (pronote 11)."""
        pages = (self.page(space, mobile=mobile) for mobile in (False, True) for space in Space)
        return (self.root, *pages, self.mobile, self.feed)


@frozen
class ReadAddress:
    """Adresse lue: None where it is none, and what was found in what was typed."""

    address: Address | None
    report: Report

    def __str__(self) -> str:
        """Show the root.

        >>> str(read_address("https://0749999S.index-education.net"))
        'https://0749999s.index-education.net/'
        """
        return "" if self.address is None else self.address.root


def read_address(text: str, *, field: str = "URL") -> ReadAddress:
    """Lire l'adresse d'un serveur Pronote as a person types or pastes it (pronote 11, 12).

    `field` names the setting in the findings. Errors, which give no address: `pronote_url_characters`,
    `pronote_url_not_absolute`, `pronote_url_credentials`, `pronote_url_query`, `pronote_url_console`. Others:
    `pronote_url_page` (the page is taken off), `pronote_url_insecure`, `pronote_url_demo`, `pronote_url_path`,
    `pronote_uai_letter`. No parameter is repeated in a finding: it may be a secret.

    >>> read = read_address("HTTPS://0749999s.Index-Education.net:443/pronote/eleve.html")
    >>> str(read), [one.slug for one in read.report.problems]
    ('https://0749999s.index-education.net/pronote/', ['pronote_url_page'])
    """
    where = Location(kind="Connecteur", attribute=field)
    refused = _refused(text.strip(), where)
    if refused is not None:
        return ReadAddress(None, Report.of([refused]))
    parts = urlsplit(text.strip())
    scheme, host = parts.scheme.lower(), _ascii(parts.hostname or "")
    port = None if parts.port in {None, PORTS[scheme]} else parts.port
    path = _PAGE.sub("/", parts.path)
    address = Address(scheme, host, port, _normal(path))
    stripped = [problem("pronote_url_page", where)] if path != parts.path else []
    return ReadAddress(address, Report.of([*stripped, *_doubts(address, where)]))


def _refused(text: str, where: Location) -> Problem | None:
    """Say why a text is no address that can be used, None when it is one."""
    try:
        parts = urlsplit(text)
        host, _ = _ascii(parts.hostname or ""), parts.port
    except ValueError:
        return problem("pronote_url_characters", where)
    if _FORBIDDEN.search(text) or parts.fragment:
        return problem("pronote_url_characters", where)
    if parts.scheme.lower() not in PORTS or not host:
        return problem("pronote_url_not_absolute", where)
    if parts.username is not None or parts.password is not None:
        return problem("pronote_url_credentials", where)
    if parts.query:
        return problem("pronote_url_query", where)
    return problem("pronote_url_console", where) if host in CONSOLES else None


def _ascii(host: str) -> str:
    """Give a name of host in ASCII; raises ValueError for one that no name server could know."""
    return host.lower().encode("idna").decode("ascii") if host else ""


def _normal(path: str) -> str:
    """Resolve `.` and `..`, and end with one slash."""
    kept: list[str] = []
    for step in path.split("/"):
        if step == "..":
            del kept[-1:]
        elif step not in {"", "."}:
            kept.append(step)
    return "/" + "".join(f"{step}/" for step in kept)


def _doubts(address: Address, where: Location) -> Iterator[Problem]:
    if address.scheme == "http":
        yield problem("pronote_url_insecure", where)
    if address.host in DEMOS:
        yield problem("pronote_url_demo", where)
    if address.hosted and address.path != "/pronote/":
        yield problem("pronote_url_path", where, path=address.path)
    if address.school and not uai.is_checked(uai.parse(address.school)):
        yield problem("pronote_uai_letter", where, uai=address.school)
