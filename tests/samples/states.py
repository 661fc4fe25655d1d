"""Samples of findings about accounts over time, steps of imports, partial files, and people of Pronote."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from attrs import evolve

from entformats import aaf, edt, rules
from entformats.aaf import Directory, Guardian
from entformats.codes.jointure import Jointure as K
from entformats.identity import Identifier, IdentifierKind, Identity, Profile
from entformats.problems import Report
from entformats.rules import PRONOTE, GroupMode, Policy, State
from entformats.rules.departures import ENTCORE, AccountState, Delays, check, legal_end
from entformats.rules.lifecycle import Run, Step, obstacles
from entformats.testing import school
from entformats.timetable import Timetable

Sample = tuple[Callable[[], Report], Callable[[], Report]]
NIGHT = datetime(2022, 9, 1, 3, tzinfo=UTC)
BORN, OTHER = date(2010, 5, 6), date(2011, 7, 8)
MADE = school.generate(3, pupils=30)
FILES = {name: b"".join(chunks) for name, chunks in edt.write(MADE.first, dialect="sts")}


def pupil(ref: str, family: str = "LANDRIEU", born: date | None = BORN, number: str = "") -> Identity:
    """Make a pupil."""
    numbers = frozenset({Identifier(IdentifierKind.IDPN, number)}) if number else frozenset()
    return Identity(ref, Profile.PUPIL, MADE.uai, "Zoé", family, birth_date=born, identifiers=numbers)


def pronote(person: Identity, account: Identity) -> Report:
    """Match somebody of Pronote."""
    return rules.match([person], [account], policy=Policy(table=PRONOTE)).report


def late(days: int) -> Report:
    """Look at an account some days after the law wants it deleted."""
    return check(Delays(), {"1": AccountState(Profile.PUPIL, NIGHT)}, at=legal_end(NIGHT) + timedelta(days=days))


def begun(step: Step) -> Report:
    """Begin an import while another is at some step."""
    return Report.of(obstacles(State.new(MADE.uai, 2022), runs=[Run(MADE.uai, step=step)]))


def prepared(*names: str) -> Report:
    """Prepare an import of some of the files of STS-Web."""
    files = {name: data for name, data in FILES.items() if any(word in name for word in names)}
    return imported(edt.read(files).timetable)


def imported(read: Timetable) -> Report:
    """Prepare the first import of a year, and give what forbids or delays it."""
    state = State.new(MADE.uai, read.school_year or 2022)
    mode = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS
    roster = rules.roster(MADE.directory, school=MADE.uai)
    preview = rules.prepare(evolve(read, uai=MADE.uai), roster, state=state, mode=mode, at=MADE.first_at)
    return Report.of([*preview.blockers, *preview.warnings])


def phoned(number: str) -> Report:
    """Check a guardian with this telephone at home."""
    return aaf.check(Directory.of([Guardian(K("1"), family="X", given="X", home_phone=number)]))


SAMPLES: dict[str, Sample] = {
    "mobile_in_home_phone": (lambda: phoned("+33 6 99 12 34 56"), lambda: phoned("+33 4 99 12 34 56")),
    "delay_beyond_law": (lambda: check(ENTCORE, at=NIGHT), lambda: check(Delays(), at=NIGHT)),
    "deletion_overdue": (lambda: late(1), lambda: late(0)),
    "birth_date_mismatch": (
        lambda: pronote(pupil("p1", born=OTHER), pupil("a1")),
        lambda: pronote(pupil("p1"), pupil("a1")),
    ),
    "identity_changed": (
        lambda: pronote(pupil("p1", number="1"), pupil("a1", "TIERS", OTHER, number="1")),
        lambda: pronote(pupil("p1", number="1"), pupil("a1", "TIERS", BORN, number="1")),
    ),
    "partial_timetable": (lambda: prepared("sts_emp"), lambda: imported(MADE.first)),
    "nobody_named": (lambda: prepared("emp_sts"), lambda: prepared("emp_sts", "sts_emp")),
    "import_already_open": (lambda: begun(Step.PREVIEWED), lambda: begun(Step.APPLIED)),
}
