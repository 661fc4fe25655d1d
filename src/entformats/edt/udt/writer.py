"""Writing the archive of UDT: its members, for the caller to zip under a name that holds the UAI (udt 2.1, 2.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from itertools import chain

from entformats.codes import weeks
from entformats.edt.index.markup import batches, element
from entformats.edt.udt.calendar import EVERY_WEEK, LONGEST_MINUTES, iso_mask
from entformats.edt.udt.codes import Codes
from entformats.edt.udt.document import SAID_BY
from entformats.edt.udt.listed import with_parts
from entformats.edt.udt.plan import Plan, Planned
from entformats.identity import IdentifierKind, Identity, Ref
from entformats.timetable import Membership, StaffMember, Teacher, Timetable
from entformats.timetable.models import Extra

__all__ = ["write_udt"]

Attributes = Mapping[str, str | None]
Lines = Iterator[str]


def write_udt(timetable: Timetable) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Write the members of an archive; the same timetable always gives the same bytes.

    An actual week is written for each week that differs from the theoretical one. What UDT cannot carry is in
    `edt.carried`. Raises UsageError for a timetable whose weeks do not begin on a Monday, or whose
    lessons name a subject, a room or a person that it does not hold.
    """
    writer = _Writer(with_parts(timetable))
    optional = {f"UDCal_{number}.xml" for domain in timetable.silent_on for number in SAID_BY.get(domain, ())}
    for name, root, written in writer.members():
        lines = list(written)
        if lines or name not in optional:
            yield name, batches(element(root, {}, lines))


class _Writer:
    """Écriture d'une archive, un membre après l'autre."""

    __slots__ = ("_codes", "_plan", "_timetable", "_year")

    def __init__(self, timetable: Timetable) -> None:
        self._timetable = timetable
        self._plan = Plan(timetable)
        self._year = self._plan.year
        self._codes = Codes(timetable)

    def members(self) -> Iterator[tuple[str, str, Iterable[str]]]:
        """Give the name, the root and the records of each member, in the order of their references."""
        yield "UDCal_24.xml", "calendrier", self._calendar()
        yield "UDCal_00.xml", "parametres", self._parameters()
        yield "semaines.xml", "semaines", self._published()
        yield "UDCal_03.xml", "salles", self._rooms()
        yield "UDCal_04.xml", "professeurs", self._teachers()
        yield "UDCal_05.xml", "matieres", self._subjects()
        yield "UDCal_07.xml", "demi_sequences", self._slots()
        yield "UDCal_08.xml", "divisions", self._classes()
        yield "UDCal_10.xml", "eleves", self._pupils()
        yield "UDCal_19.xml", "groupes", self._parts()
        yield "UDCal_13.xml", "regroupements", self._groupings()
        yield "UDCal_21.xml", "eleves_groupes", self._memberships()
        yield "UDCal_11.xml", "fiches", self._fiches()
        yield from self._week("", self._plan.theory)
        for week in self._plan.different:
            yield from self._week(f"_{self._iso(week):02d}", self._plan.of(week))

    def _iso(self, week: int) -> int:
        assert self._year.first_monday is not None
        return weeks.iso_number(week, self._year.first_monday)

    def _calendar(self) -> Lines:
        start, monday = self._year.start, self._year.first_monday
        rest = self._timetable.extra
        autumn = start.year if start else monday.isocalendar().year if monday else None
        if autumn is not None:
            yield f"<annee>{autumn}</annee>"
        for tag, day in (("debut_eleve", start), ("fin_eleve", self._year.end)):
            if day is not None:
                yield f"<{tag}>{_day(day)}</{tag}>"
            elif tag in rest:
                yield from element(tag, {}, text=rest[tag][0])
        for closure in self._year.closures:
            label = closure.label or None
            yield from element("fermeture", {"debut": _day(closure.first), "fin": _day(closure.last), "libelle": label})

    def _parameters(self) -> Lines:
        monday, minutes = self._year.first_monday, self._timetable.grid.slot_minutes
        own: dict[str, str | None] = {
            "premiere_semaine_ISO": str(monday.isocalendar().week) if monday else None,
            "duree_seq": None if minutes is None else _length(minutes),
        }
        kept = {name.partition("/")[2]: texts[0] for name, texts in self._timetable.extra.items() if "init/" in name}
        yield from element("init", {**own, **kept})

    def _published(self) -> Lines:
        if self._year.first_monday is not None:
            for week in self._plan.open_weeks:
                yield from element("semaine", {"num": str(self._iso(week))})

    def _rooms(self) -> Lines:
        for name, room in self._timetable.rooms.items():
            yield from element("salle", {"code": self._codes.of(name), "nom": room.name, **_kept(room.extra)})

    def _teachers(self) -> Lines:
        everyone: tuple[Teacher | StaffMember, ...] = (
            *self._timetable.teachers.values(),
            *self._timetable.staff.values(),
        )
        for person in everyone:
            identity = person.identity
            own = {
                "code": self._codes.of(Ref(identity.ref)),
                "nom": identity.family,
                "prenom": identity.given,
                "date_naissance": _born(identity),
                "epj": identity.identifier(IdentifierKind.JOINTURE),
            }
            if isinstance(person, StaffMember):
                own["code_matppl"] = ""
            yield from element("prof", _with(own, person.extra))

    def _subjects(self) -> Lines:
        for name, subject in self._timetable.subjects.items():
            national = subject.national_code or None
            own = {"code": self._codes.of(name), "libelle": subject.label, "code_gep1": national}
            yield from element("mat", _with(own, subject.extra))

    def _slots(self) -> Lines:
        for (day, number, site), one in sorted(self._plan.slots.items(), key=lambda item: item[0]):
            yield from element(
                "demi_seq",
                {
                    "code_jour": str(day),
                    "code": str(number),
                    "code_site": site,
                    "hre_deb": _clock(one.start),
                    "hre_fin": _clock(one.end),
                },
            )

    def _classes(self) -> Lines:
        for name, one in self._timetable.classes.items():
            yield from element("div", {"code": self._codes.of(name), **_kept(one.extra)})

    def _pupils(self) -> Lines:
        for name, pupil in self._timetable.pupils.items():
            identity = pupil.identity
            own = {
                "code": self._codes.of(name),
                "nom": identity.family,
                "prenom": identity.given,
                "naissance": _born(identity),
            }
            kept = {key: texts for key, texts in pupil.extra.items() if "/" not in key}
            yield from element("eleve", _with(own, kept))

    def _parts(self) -> Lines:
        for name, part in self._timetable.class_parts.items():
            if part.school_class in self._timetable.classes:
                division, code = self._codes.part(name)
                sts = self._codes.sts(name)
                number = self._codes.number(division, code)
                yield from element("gpe", {"id": number, "code_div": division, "code": code, "code_sts": sts})

    def _groupings(self) -> Lines:
        for group, code in self._codes.groupings.items():
            label = self._timetable.option_groups[group].name
            for division, part in self._codes.members(group):
                yield from element(
                    "rgpmt", {"id": code, "code": code, "nom": label, "code_div": division, "code_gpe": part}
                )

    def _memberships(self) -> Lines:
        for name, pupil in self._timetable.pupils.items():
            number = 0
            for one in pupil.memberships:
                home = self._codes.home(one.of)
                mask = self._mask(one)
                if home is None or mask is None:
                    continue
                number += 1
                division, part = home
                raw = pupil.extra.get(f"ele_gpe[{number}]/semaines")
                yield from element(
                    "ele_gpe",
                    {
                        "ele": self._codes.of(name),
                        "code_div": division,
                        "gpe": part,
                        "semaines": raw[0] if raw and self._says(raw[0], one) else mask,
                    },
                )

    def _says(self, text: str, membership: Membership) -> bool:
        """Tell whether the text that weeks were read from still says them."""
        if membership.weeks is None or not text.strip().isdecimal():
            return membership.weeks is None
        return self._year.through_holidays(self._year.of_iso_mask(int(text))[0]) == membership.weeks

    def _mask(self, membership: Membership) -> str | None:
        """Write the weeks of a membership; None where it holds in no week, which UDT cannot say."""
        monday = self._year.first_monday
        if monday is None:
            return "0"
        found = _weeks_of(membership, monday)
        if not found:
            return None
        every = weeks.WeekSet.of(range(1, weeks.weeks_of_year(monday) + 1))
        if found == every and membership.weeks is None:
            return "0"
        return str(iso_mask(found, monday))

    def _fiches(self) -> Lines:
        for code, (day, number, site) in self._plan.fiches.items():
            yield from element("fiche", {"code": code, "jour": str(day), "demi_seq": str(number), "site": site})

    def _week(self, suffix: str, lessons: Iterable[Planned]) -> Iterator[tuple[str, str, Iterable[str]]]:
        """Write the lines of one week, then the co-teachers of these lines."""
        lines: list[str] = []
        helpers: list[str] = []
        used: dict[str, int] = {}
        for lesson in lessons:
            for attributes, others in self._lines(lesson):
                fiche = attributes["fic"]
                used[fiche] = used.get(fiche, 0) + 1
                code = f"{fiche}{used[fiche]:02d}"
                lines += element("ligfiche", {"code": code, **attributes})
                for who in others:
                    helpers += element("coens", {"lignefic": code, "prof": self._codes.of(who), "epj": self._epj(who)})
        yield f"UDCal_12{suffix}.xml", "lignes_fiches", lines
        yield f"UDCal_23{suffix}.xml", "coenseignements", helpers

    def _epj(self, who: Ref) -> str:
        person = self._timetable.teachers[who]
        return person.identity.identifier(IdentifierKind.JOINTURE) or ""

    def _lines(self, lesson: Planned) -> Iterator[tuple[dict[str, str], tuple[Ref, ...]]]:
        """Give the lines of a lesson, one a half-sequence and division, and one more for each other room."""
        main = self._codes.of(lesson.teachers[0]) if lesson.teachers else ""
        extra = lesson.extra
        unknown = [(division, "", "0") for division in extra.get("div", ())]
        for division, part, grouping in chain(self._codes.audience(lesson.audience), unknown):
            common = {
                "div": division,
                "mat": self._codes.of(lesson.subjects[0]) if lesson.subjects else "".join(extra.get("mat", ())[:1]),
                "prof": main or "".join(extra.get("prof", ())[:1]),
                "rgpmt": grouping,
                "gpe": part,
                "idgpe": self._codes.number(division, part),
            }
            rooms = [*(self._codes.of(room) for room in lesson.rooms), *extra.get("salle", ())] or [""]
            for at, fiche in enumerate(self._plan.fiches_of(lesson)):
                for room in rooms if at == 0 else rooms[:1]:
                    yield {"fic": fiche, **common, "salle": room}, lesson.teachers[1:]


def _weeks_of(membership: Membership, monday: date) -> weeks.WeekSet:
    """Give the weeks in which a membership holds on some day."""
    start, end = membership.start or date.min, membership.end or date.max
    own = EVERY_WEEK if membership.weeks is None else membership.weeks
    if start > end:
        return weeks.WeekSet()
    last = weeks.weeks_of_year(monday)
    return weeks.WeekSet.of(
        week
        for week in own
        if week <= last
        and start.toordinal() <= monday.toordinal() + 7 * week - 1
        and monday.toordinal() + 7 * (week - 1) <= end.toordinal()
    )


def _kept(extra: Extra) -> dict[str, str]:
    return {name: texts[0] for name, texts in extra.items() if texts}


def _with(own: Mapping[str, str | None], extra: Mapping[str, tuple[str, ...]]) -> dict[str, str | None]:
    """Add what `extra` says of a record and the model does not."""
    kept = {name: texts[0] for name, texts in extra.items() if texts and own.get(name) is None}
    return {**own, **kept}


def _born(identity: Identity) -> str | None:
    return None if identity.birth_date is None else _day(identity.birth_date)


def _day(value: date) -> str:
    return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"


def _clock(value: time | None) -> str:
    if value is None:
        return ""
    return value.isoformat() if value.second else f"{value.hour}h{value.minute:02d}"


def _length(minutes: int) -> str:
    """Write the length of a séquence, in minutes, or in seconds where it is long."""
    return str(2 * minutes if 2 * minutes <= LONGEST_MINUTES else 120 * minutes)
