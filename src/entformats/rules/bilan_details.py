"""What stands behind each number of a bilan: which subjects, which services, which lessons (rules 3.1, 3.3)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from attrs import frozen

from entformats.frozen import FrozenMap
from entformats.identity import Key
from entformats.rules import bilan_words as words
from entformats.rules.bilan_changes import Bilan, WeeklyChange
from entformats.timetable import Event, Kind, LessonKey, Service, ServiceKey, kind_of

__all__ = ["Detail", "bilan_details"]


@frozen(repr=False)
class Detail:
    """Détail: one thing that a number counts, in French words that name nobody; what it was, what it is.

    `people` are keys of teachers or pupils, or accounts: personal data where they are source codes.

    >>> Detail("SVT", before=("SCIENCES",), after=("SCIENCES DE LA VIE",))
    <Detail SVT>
    """

    what: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Show what, not whom."""
        return f"<Detail {self.what}>"


def bilan_details(bilan: Bilan) -> FrozenMap[str, tuple[Detail, ...]]:
    """Détails de chaque nombre: path in `Counts` -> what it counts, sorted; every line of the screen has one.

    Where the number is the size of a set there are as many details; of what is modified, only what differs. The signed
    numbers and the totals are explained by what comes and what goes. Removed subjects are there too, though the screen
    has no line for them.

    >>> from entformats.rules import Snapshot, SubjectContent, bilan
    >>> added = Snapshot(subjects=FrozenMap({Key("subject:SVT"): SubjectContent("SCIENCES")}))
    >>> [detail.what for detail in bilan_details(bilan.compare(Snapshot(), added))["preliminary.subjects.added"]]
    ['SVT']
    """
    found: dict[str, Iterable[Detail]] = {}
    for name, rows in (
        ("subjects", _subjects(bilan)),
        ("closure_periods", _closures(bilan)),
        ("week_alternations", _alternations(bilan)),
        ("teaching_services", _services(bilan)),
    ):
        for change in ("added", "modified", "removed"):
            ending = ".count" if name == "teaching_services" else ""
            found[f"preliminary.{name}.{change}{ending}"] = rows[change]
    found["preliminary.lessons.delta"] = _lessons(bilan)
    found |= _reaches(bilan)
    found |= _management(bilan)
    for name in ("substitutions", "cancellations", "exceptional_lessons"):
        change_of_week: WeeklyChange = getattr(bilan, name)
        found[f"weekly.{name}.delta"] = _moved(change_of_week)
        found[f"weekly.{name}.total"] = (_event(one) for one in change_of_week.after)
    return FrozenMap((path, tuple(sorted(rows, key=_order))) for path, rows in found.items())


def _order(detail: Detail) -> tuple[object, ...]:
    return detail.what, detail.before, detail.after, detail.people


Rows = dict[str, list[Detail]]


def _sorted_out(pairs: Iterable[tuple[Detail, bool, bool]]) -> Rows:
    """Sort details by what happened: whether there was a before, whether there is an after."""
    rows: Rows = {"added": [], "modified": [], "removed": []}
    for detail, was, stays in pairs:
        rows["modified" if was and stays else "removed" if was else "added"].append(detail)
    return rows


def _subjects(bilan: Bilan) -> Rows:
    return _sorted_out(
        (Detail(words.name(key), words.subject(old), words.subject(new)), old is not None, new is not None)
        for key, (old, new) in bilan.subjects.items()
    )


def _closures(bilan: Bilan) -> Rows:
    return _sorted_out(
        (Detail(words.closure(key)), old is not None, new is not None)
        for key, (old, new) in bilan.closure_periods.items()
    )


def _alternations(bilan: Bilan) -> Rows:
    return _sorted_out(
        (Detail(words.alternation(key), words.mondays(old), words.mondays(new)), old is not None, new is not None)
        for key, (old, new) in bilan.week_alternations.items()
    )


def _services(bilan: Bilan) -> Rows:
    return _sorted_out(
        (_service(bilan, key, old, new), old is not None, new is not None)
        for key, (old, new) in bilan.teaching_services.items()
    )


def _service(bilan: Bilan, key: ServiceKey, old: Service | None, new: Service | None) -> Detail:
    """Describe a service; of one that goes, whether it was incomplete."""
    incomplete = bilan.incomplete_before if new is None else bilan.incomplete
    what = words.taught(key.subject, key.audience) + (" (incomplet)" if key in incomplete else "")
    before, after = words.service(old), words.service(new)
    if old is not None and new is not None:
        before, after = _apart(before, after), _apart(after, before)
    return Detail(what, before, after, key.teachers)


def _apart(mine: Iterable[str], other: Iterable[str]) -> tuple[str, ...]:
    """Leave out what the other side says too."""
    return tuple((Counter(mine) - Counter(other)).elements())


def _lessons(bilan: Bilan) -> Iterator[Detail]:
    """Group the dated lessons that come and go by slot, subject, audience and teachers."""
    groups: defaultdict[tuple[object, ...], tuple[list[date], list[date]]] = defaultdict(lambda: ([], []))
    samples: dict[tuple[object, ...], LessonKey] = {}
    for key, (old, _) in bilan.lessons.items():
        place = (key.date.isoweekday(), key.start, key.end, key.subject, _audience(key), _teachers(key))
        samples[place] = key
        groups[place][0 if old is not None else 1].append(key.date)
    for taken, (gone, come) in groups.items():
        one = samples[taken]
        slot = words.slot(one.date.isoweekday(), one.start, one.end)
        what = f"{slot}, {words.taught(one.subject, _audience(one))}"
        yield Detail(what, words.dates(gone, "en moins"), words.dates(come, "en plus"), _teachers(one))


def _audience(lesson: LessonKey) -> tuple[Key, ...]:
    return tuple(sorted(who for who in lesson.participants if kind_of(who) in {Kind.CLASS, Kind.GROUP}))


def _teachers(lesson: LessonKey) -> tuple[Key, ...]:
    return tuple(sorted(who for who in lesson.participants if kind_of(who) is Kind.TEACHER))


def _reaches(bilan: Bilan) -> Mapping[str, Iterable[Detail]]:
    found: dict[str, Iterable[Detail]] = {}
    for name in ("imported", "not_imported"):
        for population in ("classes", "option_groups"):
            keys: frozenset[Key] = getattr(getattr(bilan, population), name)
            found[f"preliminary.{population}.{name}"] = [Detail(words.name(key)) for key in keys]
        teachers: frozenset[Key] = getattr(bilan.teachers, name)
        found[f"preliminary.teachers.{name}"] = [Detail("enseignant", people=(key,)) for key in teachers]
    return found


def _management(bilan: Bilan) -> Mapping[str, Iterable[Detail]]:
    management, path = bilan.group_management, "preliminary.group_management"
    renamed = [
        Detail(words.name(new), (words.name(old),), (words.name(new),)) for old, new in management.to_rename.items()
    ]
    return {
        f"{path}.groups_to_create": [Detail(words.name(key)) for key in management.to_create],
        f"{path}.groups_to_rename": renamed,
        f"{path}.audiences_with_teachers_to_add": _to_add(management.teachers_to_add, "enseignant"),
        f"{path}.audiences_with_pupils_to_add": _to_add(management.pupils_to_add, "élève"),
    }


def _to_add(members: Mapping[Key, frozenset[str]], noun: str) -> list[Detail]:
    return [
        Detail(words.name(key), (), (f"{words.counted(len(accounts), noun)} à ajouter",), tuple(sorted(accounts)))
        for key, accounts in members.items()
    ]


def _moved(change: WeeklyChange) -> Iterator[Detail]:
    """Give the events of one import only: those gone, those come."""
    before, after = Counter(change.before), Counter(change.after)
    for event in (before - after).elements():
        yield _event(event, before=("compté à l'import précédent",))
    for event in (after - before).elements():
        yield _event(event, after=("en plus",))


def _event(event: Event, *, before: tuple[str, ...] = (), after: tuple[str, ...] = ()) -> Detail:
    slot = words.slot(event.date.isoweekday(), event.start, event.end)
    day, _, hours = slot.partition(" ")
    what = f"{day} {words.day(event.date)} {hours}".rstrip()
    taught = words.taught(event.service.subject, event.service.audience)
    return Detail(f"{what}, {taught}", before, after, tuple(sorted(event.teachers)))
