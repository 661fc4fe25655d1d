"""Pronote as an ENT meets it: identifiers to import, the reconciliation file, the home-page feed, lists, calendars.

The layout of Pronote's export of identifiers is published nowhere: what is read here are the layouts that it may have,
held in tables (`layout`), so that one real file is enough to correct them.
"""

from entformats.pronote.models import Identifiers, PronoteIdentifier
from entformats.pronote.reader import read

__all__ = ["Identifiers", "PronoteIdentifier", "read"]
