"""Why a source has its outcome, in plain French or English."""

from __future__ import annotations

from collections.abc import Mapping

from entformats.identity import Account, Identity
from entformats.problems import Lang
from entformats.rules.matching.outcomes import Outcome

__all__ = ["why"]


def why(person: Identity, outcome: Outcome, accounts: Mapping[Account, Identity], lang: Lang) -> str:
    """Pourquoi: explain an outcome."""
    return f"{person.source_key} {outcome} {len(accounts)} {lang}"
