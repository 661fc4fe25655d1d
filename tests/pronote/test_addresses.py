"""Addresses of a Pronote server: the table of pronote 12, the grammar of pronote 11, anything a person may paste."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats.identity import Profile
from entformats.pronote.addresses import SPACES, Address, Space, read_address

ROOT = "https://0749999s.index-education.net/pronote/"
HOST = "index-education.net"
PIECES = [
    "https",
    "://",
    "user:pw@",
    "0749999S",
    ".index-education.net",
    ":443",
    ":x",
    "/pronote",
    "/eleve.html",
    "/..",
    "?a=b",
    "#c",
    "é",
    "[",
    "]",
    "%",
]


@pytest.mark.parametrize(
    ("text", "root", "slugs"),
    [
        (ROOT, ROOT, []),
        ("https://0749999s.index-education.net/pronote", ROOT, []),
        ("  HTTPS://0749999S.Index-Education.NET:443/x/../pronote/./ ", ROOT, []),
        (ROOT + "eleve.html", ROOT, ["pronote_url_page"]),
        (ROOT + "mobile.parent.html", ROOT, ["pronote_url_page"]),
        (ROOT + "mobile.html", ROOT, ["pronote_url_page"]),
        (
            "http://notes.example.test:8080/mon/chemin",
            "http://notes.example.test:8080/mon/chemin/",
            ["pronote_url_insecure"],
        ),
        ("https://192.0.2.7/", "https://192.0.2.7/", []),
        ("https://collège.example.test/pronote", "https://xn--collge-6ua.example.test/pronote/", []),
        ("https://0749999s.index-education.net/", "https://0749999s.index-education.net/", ["pronote_url_path"]),
        (
            "https://demo.index-education.net/pronote/",
            "https://demo.index-education.net/pronote/",
            ["pronote_url_demo"],
        ),
        (
            "https://0749999a.index-education.net/pronote/",
            "https://0749999a.index-education.net/pronote/",
            ["pronote_uai_letter"],
        ),
        ("0749999s.index-education.net/pronote", "", ["pronote_url_not_absolute"]),
        ("ftp://0749999s.index-education.net", "", ["pronote_url_not_absolute"]),
        ("https:///pronote", "", ["pronote_url_not_absolute"]),
        ("", "", ["pronote_url_not_absolute"]),
        ("https://me:secret@notes.example.test/", "", ["pronote_url_credentials"]),
        (ROOT + "?login=true", "", ["pronote_url_query"]),
        (ROOT + "eleve.html?ticket=ST-1", "", ["pronote_url_query"]),
        (ROOT + "#top", "", ["pronote_url_characters"]),
        ("https://notes.example.test/mon chemin", "", ["pronote_url_characters"]),
        ("https://notes.example.test:99999/", "", ["pronote_url_characters"]),
        ("https://[notes/", "", ["pronote_url_characters"]),
        ("https://hebergement.index-education.net/", "", ["pronote_url_console"]),
    ],
)
def test_what_is_typed(text: str, root: str, slugs: list[str]) -> None:
    """Each row of the table: the normal form, or why there is none."""
    read = read_address(text)
    assert str(read) == root
    assert [one.slug for one in read.report.problems] == slugs


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=8).map("".join))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    """Never both, never neither; what is accepted is its own normal form, and no finding repeats what was typed."""
    read = read_address(text)
    errors = [one for one in read.report.problems if one.severity == "error"]
    assert (read.address is None) == bool(errors)
    if read.address is not None:
        again = read_address(read.address.root)
        assert again.address == read.address
        assert "pronote_url_page" not in {one.slug for one in again.report.problems}
    assert "secret" not in str(read_address(f"https://a:secret@b.test/{text}").report.problems)


def test_addresses_made_from_the_root() -> None:
    """Pages, mobile pages, feed; a token is opaque; services are all of them."""
    address = Address("https", "p.example.test", 8443, "/notes/")
    root = "https://p.example.test:8443/notes/"
    assert address.root == root
    assert address.page(Space.TEACHERS) == root + "professeur.html"
    assert address.page(Space.GUARDIANS, mobile=True) == root + "mobile.parent.html"
    assert address.page(Space.PUPILS, token="é&")  # noqa: S106 - a token of a test == root + "eleve.html?page=%C3%A9%26"
    assert (address.mobile, address.feed) == (root + "mobile.html", root + "donneesUtilisateur")
    assert len(address.services) == len(set(address.services)) == 3 + 2 * len(Space)
    assert all(one.startswith(root) for one in address.services)


def test_schools_of_hosted_servers() -> None:
    """Only a hosted server named after a UAI tells a school; every profile has its space."""
    names = ("0749999s.index-education.net", "lycee.index-education.net", "0749999s.example.test")
    assert [Address("https", name).school for name in names] == ["0749999S", None, None]
    assert set(SPACES) == set(Profile)
