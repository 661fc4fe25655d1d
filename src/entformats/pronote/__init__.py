"""Pronote as an ENT meets it: identifiers to import, the reconciliation file, the home-page feed, lists, calendars.

The layout of Pronote's export of identifiers is published nowhere: what is read here are the layouts that it may have,
held in tables (`layout`), so that one real file is enough to correct them.

>>> from entformats import pronote
>>> pronote.read_feed(b"<Professeur><ICal/></Professeur>").profile
<Profile.TEACHER: 'teacher'>
"""

from entformats.pronote.calendar import CalendarEvent, PronoteCalendar, read_calendar
from entformats.pronote.container import read_container, seal
from entformats.pronote.feed import Feed, PupilPages, Secret
from entformats.pronote.feed_reader import read_feed
from entformats.pronote.home_block import HomeBlock, home_block
from entformats.pronote.models import Identifiers, PronoteIdentifier
from entformats.pronote.people import ListedGuardian, ListedPupil, PronoteList, read_people
from entformats.pronote.reader import read
from entformats.pronote.reconciliation import Account, Address, Reconciliation, School, writable
from entformats.pronote.reconciliation_reader import read_reconciliation
from entformats.pronote.reconciliation_writer import write_reconciliation

__all__ = [
    "Account",
    "Address",
    "CalendarEvent",
    "Feed",
    "HomeBlock",
    "Identifiers",
    "ListedGuardian",
    "ListedPupil",
    "PronoteCalendar",
    "PronoteIdentifier",
    "PronoteList",
    "PupilPages",
    "Reconciliation",
    "School",
    "Secret",
    "home_block",
    "read",
    "read_calendar",
    "read_container",
    "read_feed",
    "read_people",
    "read_reconciliation",
    "seal",
    "writable",
    "write_reconciliation",
]
