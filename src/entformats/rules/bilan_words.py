"""French words for the things that a bilan counts; none of them names a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

from entformats.codes import weeks
from entformats.identity import Key
from entformats.rules.snapshot import SubjectContent
from entformats.timetable import Closure, Pattern, Service

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def name(key: Key) -> str:
    """Nom: a key without its kind.

    >>> name(Key("class:6A"))
    '6A'
    """
    return key.partition(":")[2]


def day(value: date) -> str:
    """Date en français.

    >>> day(date(2022, 9, 5))
    '05/09/2022'
    """
    return f"{value:%d/%m/%Y}"


def counted(number: int, noun: str) -> str:
    """Accorder: singular for 0 and 1.

    >>> counted(1, "séance"), counted(2, "séance")
    ('1 séance', '2 séances')
    """
    return f"{number} {noun}{'s' if number > 1 else ''}"


def subject(content: SubjectContent | None) -> tuple[str, ...]:
    """Matière: its label, and its national code where there is one.

    >>> subject(SubjectContent("SCIENCES", "062900"))
    ('SCIENCES', 'code national 062900')
    """
    if content is None:
        return ()
    return (content.label, *([f"code national {content.national_code}"] if content.national_code else []))


def closure(closed: Closure) -> str:
    """Période de fermeture.

    >>> closure(Closure(date(2022, 12, 17), date(2023, 1, 2), "Noël"))
    'du 17/12/2022 au 02/01/2023 (Noël)'
    """
    period = (
        f"le {day(closed.first)}" if closed.first == closed.last else f"du {day(closed.first)} au {day(closed.last)}"
    )
    return f"{period} ({closed.label})" if closed.label else period


def alternation(key: Key) -> str:
    """Alternance: its code where the program declares it.

    >>> alternation(Key("alternation:Q1")), alternation(Key("alternation:2022-09-05,2022-09-19"))
    ('Q1', 'déduite, à partir du lundi 05/09/2022')
    """
    code = name(key)
    try:
        first = date.fromisoformat(code.partition(",")[0])
    except ValueError:
        return code
    return f"déduite, à partir du lundi {day(first)}"


def mondays(dates: frozenset[date] | None) -> tuple[str, ...]:
    """Semaines d'une alternance, by their Mondays.

    >>> mondays(frozenset({date(2022, 9, 19), date(2022, 9, 5)}))
    ('semaines du 05/09/2022, 19/09/2022',)
    """
    return () if dates is None else ("semaines du " + ", ".join(map(day, sorted(dates))),)


def dates(days: Iterable[date], sign: str) -> tuple[str, ...]:
    """Séances à ces dates: how many, from when to when.

    >>> dates([date(2022, 9, 12), date(2022, 9, 5)], "en plus")
    ('2 séances en plus, du 05/09/2022 au 12/09/2022',)
    """
    known = sorted(days)
    if not known:
        return ()
    return (f"{counted(len(known), 'séance')} {sign}, {closure(Closure(known[0], known[-1]))}",)


def slot(weekday: int, start: time | None, end: time | None) -> str:
    """Créneau.

    >>> slot(1, time(8), time(9)), slot(2, None, None)
    ('lundi 08:00-09:00', 'mardi')
    """
    hours = "-".join(f"{moment:%H:%M}" for moment in (start, end) if moment is not None)
    return f"{WEEKDAYS[weekday - 1]} {hours}".rstrip()


def taught(subject_key: Key, audience: Iterable[Key]) -> str:
    """Ce qui est enseigné, et à qui.

    >>> taught(Key("subject:SVT"), [Key("class:6A")]), taught(Key(""), [])
    ('SVT, 6A', 'matière inconnue, sans classe ni groupe')
    """
    whom = " + ".join(map(name, audience))
    return f"{name(subject_key) or 'matière inconnue'}, {whom or 'sans classe ni groupe'}"


def service(content: Service | None) -> tuple[str, ...]:
    """Contenu d'un service: its slots, then what the program states.

    >>> from entformats.codes.weeks import WeekSet
    >>> from entformats.timetable import ServiceKey
    >>> monday = Pattern(1, "08:00", "09:00", WeekSet.of([2, 3]))
    >>> service(Service(ServiceKey(Key("subject:SVT"), (), ()), (monday,), minutes=90, co_teaching=True))
    ('lundi 08:00-09:00, semaines 2..3', '1 h 30 par semaine', 'co-enseignement')
    """
    if content is None:
        return ()
    stated = (
        "" if content.minutes is None else f"{content.minutes // 60} h {content.minutes % 60:02} par semaine",
        f"alternance {content.alternation}" if content.alternation else "",
        f"modalité {', '.join(content.modality)}" if content.modality else "",
        "co-enseignement" if content.co_teaching else "",
    )
    return (*map(pattern, content.patterns), *filter(None, stated))


def pattern(one: Pattern) -> str:
    """Créneau d'un service: places of the grid where there are no times.

    >>> from entformats.codes.weeks import WeekSet
    >>> pattern(Pattern(1, "#3", "+2", WeekSet.of([2])))
    'lundi place 3, sur 2, semaines 2'
    """
    return f"{WEEKDAYS[one.weekday - 1]} {_hours(one.start, one.end)}, semaines {weeks.format(one.weeks)}"


def _hours(start: str, end: str) -> str:
    if not start.startswith("#"):
        return "-".join(filter(None, (start, end)))
    place, count = start.removeprefix("#"), end.removeprefix("+")
    return "sans heure" if place == "None" else f"place {place}, sur {count}"
