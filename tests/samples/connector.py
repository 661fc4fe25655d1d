"""Samples of findings about the settings of the Pronote connector."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import evolve

from entformats.problems import Report
from entformats.pronote.addresses import read_address
from entformats.pronote.cas import Recognition
from entformats.pronote.connector import Circumstances, Connector, Sso, check, shared_roots

Sample = tuple[Callable[[], Report], Callable[[], Report]]
ROOT = "https://0749999s.index-education.net/pronote/"
GOOD = Connector(url=ROOT, version="PRONOTE 2022", show_block=True)
KNOWN = Circumstances(schools=["0749999S"], school_year=2022, cas_pattern=".*")


def good() -> Report:
    """Check settings that are right."""
    return check(GOOD, KNOWN)


def typed(text: str) -> Sample:
    """Read an address, and the right one."""
    return lambda: read_address(text).report, lambda: read_address(ROOT).report


def settings(**changes: Any) -> Sample:  # noqa: ANN401 - one setting of any type
    """Check settings of which one is off."""
    return lambda: check(evolve(GOOD, **changes), KNOWN), good


def known(**changes: Any) -> Sample:  # noqa: ANN401 - one circumstance of any type
    """Check right settings where something else is off."""
    return lambda: check(GOOD, evolve(KNOWN, **changes)), good


SAMPLES: dict[str, Sample] = {
    "pronote_url_characters": typed(ROOT + "#top"),
    "pronote_url_not_absolute": typed(ROOT.removeprefix("https://")),
    "pronote_url_credentials": typed("https://me:word@0749999s.index-education.net/pronote/"),
    "pronote_url_query": typed(ROOT + "?login=true"),
    "pronote_url_console": typed("https://hebergement.index-education.net/"),
    "pronote_url_page": typed(ROOT + "eleve.html"),
    "pronote_url_insecure": typed(ROOT.replace("https", "http")),
    "pronote_url_demo": typed(ROOT.replace("0749999s", "demo")),
    "pronote_url_path": typed(ROOT + "notes/"),
    "pronote_uai_letter": typed(ROOT.replace("0749999s", "0749999a")),
    "pronote_cas_host_differs": settings(cas_url="https://notes.example.test/pronote/"),
    "pronote_url_other_school": known(schools=["0749998R"]),
    "pronote_version_unknown": settings(version="PRONOTE"),
    "pronote_version_old": settings(version="PRONOTE 2021"),
    "pronote_block_without_sso": settings(sso=Sso.NONE),
    "pronote_identifiers_missing": settings(recognition=Recognition.PRONOTE_IDENTITY),
    "pronote_anonymous_with_sso": settings(anonymous=True),
    "pronote_no_access": settings(access=[]),
    "pronote_cas_pattern": known(cas_pattern=ROOT),
    "pronote_with_own_school_life": known(own_school_life=True),
    "pronote_shared_root": (
        lambda: shared_roots([("0749999S", GOOD), ("0749998R", GOOD)]),
        lambda: shared_roots([("0749999S", GOOD)]),
    ),
}
