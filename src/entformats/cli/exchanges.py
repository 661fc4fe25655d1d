"""What `entformats show` says of the files exchanged with Pronote, its identifiers apart: numbers, never names."""

from __future__ import annotations

from entformats import pronote
from entformats.cli.screen import counted
from entformats.identity import Profile
from entformats.reading import Exchange

__all__ = ["exchange_line"]

NOUNS = (
    (Profile.PUPIL, "élève"),
    (Profile.GUARDIAN, "responsable"),
    (Profile.TEACHER, "enseignant"),
    (Profile.STAFF, "personnel"),
)


def exchange_line(found: Exchange) -> str:
    """Count what one file holds, in one French sentence.

    >>> exchange_line(pronote.PronoteList())
    "Liste d'élèves de Pronote : 0 élève."
    """
    if isinstance(found, pronote.Reconciliation):
        schools = ", ".join(school.uai for school in found.schools) or "?"
        people = ", ".join(counted(len(found.of(profile)), noun) for profile, noun in NOUNS)
        return f"Rapprochement ENT → Pronote ({schools}) : {people}."
    if isinstance(found, pronote.Feed):
        marks = sum(len(pages.marks) for pages in found.pupils)
        whose = dict(NOUNS)[found.profile]
        return f"Page d'accueil ({whose}) : {counted(len(found.pupils), 'élève')}, {counted(marks, 'note')}."
    if isinstance(found, pronote.PronoteCalendar):
        return f"Calendrier de Pronote : {counted(len(found.lessons), 'séance')}."
    return f"Liste d'élèves de Pronote : {counted(len(found.pupils), 'élève')}."
