"""What Pronote tells the home page of an ENT: marks, absences, homework, messages (pronote 7.2)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from attrs import field, frozen

from entformats.frozen import FrozenMap
from entformats.identity import Profile
from entformats.problems import Report

__all__ = [
    "Absence",
    "Counts",
    "Event",
    "Feed",
    "Lateness",
    "Level",
    "Mark",
    "MarkStatus",
    "Notebook",
    "PupilPages",
    "Secret",
    "Shortcut",
    "Skill",
    "Task",
]


@frozen(repr=False)
class Secret:
    """Jeton: a text which gives access. `value` is for the request; `repr` and `str` never show it.

    >>> Secret("icalsecurise=68307F87"), str(Secret("1"))
    (<Secret>, '<Secret>')
    """

    value: str = ""

    def __bool__(self) -> bool:
        """Tell whether there is one."""
        return bool(self.value)

    def __repr__(self) -> str:
        """Show nothing of it."""
        return "<Secret>"


class MarkStatus(StrEnum):
    """Note non chiffrée: why there is no number (pronote 7.3)."""

    ABSENT = "abs"
    EXEMPT = "disp"
    NOT_MARKED = "n.not"
    UNFIT = "inap"
    NOT_HANDED_IN = "n.rdu"


class Level(StrEnum):
    """Niveau d'acquisition, by its wording: its number is not reliable (pronote 7.3)."""

    EXPERT = "expert"
    ACQUIRED = "acquis"
    NEARLY = "presque acquis"
    IN_PROGRESS = "en cours d'acquisition"
    BEGINNING = "début d'acquisition"
    NOT_ACQUIRED = "non acquis"
    ABSENT = "absent"
    NOT_ASSESSED = "non évalué"


@frozen
class Mark:
    """Note d'un devoir: `value` and `out_of` are numbers where they are some; `raw` is what the school wrote.

    >>> Mark("15,50", Decimal("15.50"), out_of=Decimal(20), subject="FRANCAIS").value
    Decimal('15.50')
    """

    raw: str = field(repr=False)
    value: Decimal | None = field(default=None, repr=False)
    status: MarkStatus | None = None
    out_of: Decimal | None = None
    subject: str = ""
    on: date | None = None
    page: Secret = Secret()


@frozen
class Skill:
    """Compétence: an `Evaluation`, an `Item` or a `Domaine`, by `kind`.

    >>> Skill("Item", "D1.1", level=Level.ACQUIRED).level
    <Level.ACQUIRED: 'acquis'>
    """

    kind: str
    competence: str
    item: str = ""
    title: str = ""
    subject: str = ""
    level: Level | None = None
    level_raw: str = ""
    on: date | None = None
    page: Secret = Secret()


@frozen
class Task:
    """Contenu de cours, or work to do where `due` is set. `html` is untrusted: clean it before you show it.

    `attachments` are as written, relative to the address of Pronote, and hold a session; `links` are the addresses
    that begin with http or https only.

    >>> Task(due=date(2022, 11, 24)).due
    datetime.date(2022, 11, 24)
    """

    title: str = ""
    category: str = ""
    html: str = field(default="", repr=False)
    due: date | None = None
    attachments: tuple[Secret, ...] = ()
    links: tuple[str, ...] = ()
    page: Secret = Secret()


@frozen
class Notebook:
    """Cahier de textes: one lesson, what was done and what is to be done.

    >>> Notebook("MATHEMATIQUES", None).tasks
    ()
    """

    subject: str
    on: date | None
    done: tuple[Task, ...] = ()
    tasks: tuple[Task, ...] = ()


@frozen
class Absence:
    """Absence: `end` is None while it lasts. Times are those of the school, without zone (pronote 7.3).

    >>> Absence(datetime(2022, 11, 21, 8), None, is_open=True).is_justified
    False
    """

    start: datetime | None
    end: datetime | None
    is_open: bool = False
    is_justified: bool = False
    reason: str = field(default="", repr=False)
    page: Secret = Secret()


@frozen
class Lateness:
    """Retard.

    >>> Lateness(datetime(2022, 11, 8, 8, 5)).is_justified
    False
    """

    at: datetime | None
    is_justified: bool = False
    reason: str = field(default="", repr=False)
    page: Secret = Secret()


@frozen
class Event:
    """Autre fait de vie scolaire: `PassageInfirmerie`, `Punition`, `Sanction` or `Observation`, by `kind`.

    >>> Event("PassageInfirmerie", datetime(2022, 11, 9, 10, 30)).kind
    'PassageInfirmerie'
    """

    kind: str
    at: datetime | None
    texts: FrozenMap[str, str] = field(factory=FrozenMap, repr=False)
    """The other elements by name: `Nature`, `Motif`, `Demandeur`… Untrusted."""
    page: Secret = Secret()


@frozen
class Shortcut:
    """Lien vers une page de Pronote: consumers do not agree on what `name` is (pronote 7.3).

    >>> Shortcut("Emploi du temps").name
    'Emploi du temps'
    """

    name: str
    page: Secret = Secret()


@frozen
class Counts:
    """Messagerie: what was not read yet; None where Pronote does not say.

    >>> Counts(discussions=3).informations is None
    True
    """

    discussions: int | None = None
    informations: int | None = None
    documents: int | None = None


@frozen(repr=False)
class PupilPages:
    """Pages d'un élève. In a pupil's own feed there is neither name nor identifier: they are the caller's.

    >>> PupilPages(pronote_id="9R7VASKJQNUC58XH")
    <PupilPages 0 marks, 0 absences>
    """

    family: str = ""
    given: str = ""
    pronote_id: str = ""
    marks: tuple[Mark, ...] = ()
    skills: tuple[Skill, ...] = ()
    notebook: tuple[Notebook, ...] = ()
    absences: tuple[Absence, ...] = ()
    latenesses: tuple[Lateness, ...] = ()
    events: tuple[Event, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    calendar: Secret = Secret()
    """Address of the timetable, relative or not, or the calendar itself: a secret."""
    notices: FrozenMap[str, str] = field(factory=FrozenMap)
    """Element of a page -> its message, where there is one. Untrusted."""

    def __repr__(self) -> str:
        """Show how much there is."""
        return f"<PupilPages {len(self.marks)} marks, {len(self.absences)} absences>"


@frozen(repr=False)
class Feed:
    """Flux de la page d'accueil: of one person (`profile`) and one school.

    A teacher has no `pupils`, a pupil one, a guardian one for each child.

    >>> Feed(Profile.TEACHER, counts=Counts(discussions=3))
    <Feed teacher 0 pupils>
    """

    profile: Profile
    pupils: tuple[PupilPages, ...] = ()
    counts: Counts = Counts()
    shortcuts: tuple[Shortcut, ...] = ()
    calendar: Secret = Secret()
    session: Secret = Secret()
    version: str = ""
    report: Report = field(factory=Report, eq=False)

    def __repr__(self) -> str:
        """Show whose profile it is, and how many pupils it tells of."""
        return f"<Feed {self.profile} {len(self.pupils)} pupils>"
