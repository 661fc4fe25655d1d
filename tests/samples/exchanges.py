"""Samples of findings of the files exchanged with Pronote, its identifiers apart."""

from __future__ import annotations

from collections.abc import Callable

from entformats import pronote
from entformats.errors import UnreadableInput
from entformats.identity import Profile
from entformats.problems import Report
from entformats.pronote import Account, Feed, PupilPages, Reconciliation, School
from entformats.rules.home_page import Child, tie_children

Sample = tuple[Callable[[], Report], Callable[[], Report]]
ROOT = '<PARTENAIRE_INDEX xmlns="http://www.index-education.com/rapprochementssoV2.0" Date="{}" Partenaire="NEO">{}'
CALENDAR = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20220906\nDTEND:{}\nEND:VEVENT\n"


def reading(
    read: Callable[[bytes], Reconciliation | Feed | pronote.PronoteList | pronote.PronoteCalendar], text: str
) -> Report:
    """Give the findings of a file, that of its refusal included."""
    try:
        return read(text.encode()).report
    except UnreadableInput as error:
        return Report.of([error.problem])


def reconciliation(at: str = "2022-09-05T06:00:00", inside: str = "") -> Callable[[], Report]:
    """Read a reconciliation file."""
    return lambda: reading(pronote.read_reconciliation, ROOT.format(at, inside) + "</PARTENAIRE_INDEX>")


def feed(text: str) -> Callable[[], Report]:
    """Read a feed."""
    return lambda: reading(pronote.read_feed, text)


def people(text: str) -> Callable[[], Report]:
    """Read a list of pupils."""
    return lambda: reading(pronote.read_people, text)


def calendar(text: str) -> Callable[[], Report]:
    """Read a calendar."""
    return lambda: reading(pronote.read_calendar, text)


def undated(profile: Profile) -> Callable[[], Report]:
    """Prepare a file of one account without birth date."""
    whole = Reconciliation("NEO", None, (School(0, "0749999S", "X"),), (Account(profile, 0, "X", "Y", "z"),))
    return lambda: pronote.writable(whole)[1]


def tied(child: Child) -> Callable[[], Report]:
    """Tie one pupil of a feed to one child."""
    return lambda: tie_children(Feed(Profile.GUARDIAN, (PupilPages("X", "Y", "1"),)), [child])[1]


KNOWN = Child("a", "X", "Y", "1")
CLEAN_AND_SHOWN: dict[str, Sample] = {
    "not_reconciliation": (
        reconciliation(),
        lambda: reading(pronote.read_reconciliation, '<PARTENAIRE_INDEX xmlns="http://www.index-education.com/x"/>'),
    ),
    "reconciliation_missing": (reconciliation(), reconciliation(at="")),
    "reconciliation_unreadable": (reconciliation(), reconciliation(at="hier")),
    "reconciliation_dangling": (
        reconciliation(),
        reconciliation(inside='<EtablissementsGeres><Etablissement Ident="4"/></EtablissementsGeres>'),
    ),
    "reconciliation_undated_pupil": (undated(Profile.STAFF), undated(Profile.PUPIL)),
    "not_a_feed": (feed("<Eleve/>"), feed("<html/>")),
    "feed_unknown": (feed("<Eleve/>"), feed("<Eleve><PageFuture/></Eleve>")),
    "feed_unreadable": (
        feed("<Eleve/>"),
        feed("<Eleve><PageVieScolaire><Retard><Date>hier</Date></Retard></PageVieScolaire></Eleve>"),
    ),
    "feed_child_by_names": (tied(KNOWN), tied(Child("a", "X", "Y"))),
    "feed_child_unknown": (tied(KNOWN), tied(Child("a", "X", "Z"))),
    "not_a_people_list": (people("NOM;PRENOM"), people("CLASSE;SALLE")),
    "people_unnamed": (people("NOM;PRENOM\nX;Y"), people("NOM;PRENOM\nX;")),
    "people_date_unreadable": (
        people("NOM;PRENOM;DATE NAISS\nX;Y;28/02/2012"),
        people("NOM;PRENOM;DATE NAISS\nX;Y;30/02/2012"),
    ),
    "not_a_calendar": (calendar("BEGIN:VCALENDAR"), calendar("<html/>")),
    "calendar_event_unreadable": (calendar(CALENDAR.format("20220907")), calendar(CALENDAR.format("20220905"))),
}
SAMPLES: dict[str, Sample] = {slug: (shown, clean) for slug, (clean, shown) in CLEAN_AND_SHOWN.items()}
