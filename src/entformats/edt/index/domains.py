"""The weeks that the vendor writes twice: as a mask, and in a comment that decodes it (edt 3.2)."""

from __future__ import annotations

import re

from entformats import _files
from entformats._files import Source
from entformats.codes import weeks
from entformats.codes.weeks import WeekSet
from entformats.edt.index import values
from entformats.errors import InvalidValue, LimitExceeded
from entformats.limits import Limits
from entformats.problems import Findings, Location, Report, problem

__all__ = ["check_domains"]

_BOTH = re.compile(
    rb"<(\w+)(?=\s)[^<>]*?\s(?:Semaines|SemainesInclusion)\s*=\s*[\"']\s*(\d+)\s*[\"'][^<>]*>\s*"
    rb"<!--\s*Domaine\s*:\s*(\[[^\]<>]*\])\s*-->"
)


def check_domains(source: Source, *, limits: Limits = Limits()) -> Report:  # noqa: B008 - frozen
    """Contrôler les masques par leurs commentaires: each `<!--Domaine : [1..7,10]-->` against the mask beside it.

    A reader does not look at comments, and a file may have none. Where both are there and differ, one of them was
    changed by hand or by a program that does not know what they mean. The file is in clear and in an encoding that
    holds ASCII as it is.

    Problems: `weeks_comment_differs`. Raises LimitExceeded (`record_too_long`) for a file of more than
    `limits.record_bytes`, and what opening the source raises.

    >>> lesson = '<Classe Ident="2" Semaines="{}"><!--Domaine : [1..3]--></Classe>'
    >>> [len(check_domains(lesson.format(weeks).encode()).counts) for weeks in (14, 6)]
    [0, 1]
    """
    part = _files.one(source, limits=limits)
    content = bytearray()
    for chunk in part.chunks():
        content += chunk
        if len(content) > limits.record_bytes:
            raise LimitExceeded(problem("record_too_long", Location(part.name), limit=limits.record_bytes))
    findings = Findings(stored_per_code=limits.stored_per_code)
    for found in _BOTH.finditer(content):
        tag, mask, comment = (text.decode("ascii", "replace") for text in found.groups())
        if not _agree(mask, comment):
            where = Location(part.name, 1 + content.count(b"\n", 0, found.start()), kind=tag)
            findings.found("weeks_comment_differs", where, mask=mask, comment=comment)
    return findings.report()


def _agree(mask: str, comment: str) -> bool:
    try:
        return WeekSet(values.mask(mask) & ~1) == weeks.parse(comment)
    except InvalidValue:
        return False
