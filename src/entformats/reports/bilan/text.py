"""The bilan as the text of the screen."""

from __future__ import annotations

from entformats.reports.bilan.document import Source
from entformats.rules import Preview
from entformats.rules.bilan import render

__all__ = ["text"]


def text(source: Source) -> str:
    """Texte de l'écran, byte for byte (bilan 2); no details, and no line end after the last line.

    >>> from entformats.rules import Snapshot
    >>> from entformats.rules.bilan import compare
    >>> text(compare(Snapshot(), Snapshot())).splitlines()[-1].strip()
    "- Total cumulé de cours exceptionnels depuis le début de l'année scolaire : 0"
    """
    return render(source.bilan if isinstance(source, Preview) else source)
