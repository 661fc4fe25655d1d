"""Checking files: what reading finds, then the checks of what was read; never an exception on data."""

from __future__ import annotations

from datetime import date

import entformats
from entformats.problems import Verdict

EXPORT = b"""<ExportEmploiDuTemps xmlns="http://www.index-education.com/exportemploidutemps" UAI="0749999S">
<AnneeScolaire DateDebut="2022-09-01" DateFin="2023-08-31" DatePremierJourSemaine1="2022-08-29"/>
</ExportEmploiDuTemps>"""
DELIVERY = b"""<ficAlimMENESR><addRequest>
<operationalAttributes><attr name="categoriePersonne"><value>Eleve</value></attr></operationalAttributes>
<identifier><id>310</id></identifier>
<attributes><attr name="ENTPersonJointure"><value>310</value></attr>
<attr name="sn"><value>AUBREPIN</value></attr><attr name="givenName"><value>Zoe</value></attr>
<attr name="ENTPersonDateNaissance"><value>29/02/2012</value></attr>
<attr name="ENTPersonStructRattach"><value>61001</value></attr>
<attr name="ENTElevePersRelEleve"><value/></attr></attributes>
</addRequest></ficAlimMENESR>"""


def slugs(*sources: bytes, today: date) -> set[str]:
    """Give the slugs found in some files."""
    return {found.slug for found in entformats.check(*sources, today=today).problems}


def test_a_timetable_of_another_year() -> None:
    """The school year of a timetable is compared with that of the day."""
    assert "not_this_school_year" in slugs(EXPORT, today=date(2023, 8, 1))
    assert "not_this_school_year" not in slugs(EXPORT, today=date(2023, 7, 31))
    assert "not_this_school_year" not in slugs(b"<ExportEmploiDuTemps/>", today=date(2023, 7, 31))


def test_a_delivery_is_checked_on_the_day() -> None:
    """The checks of a delivery run, on the day given: the pupil comes of age."""
    assert slugs(DELIVERY, today=date(2030, 2, 28)) == {"minor_without_legal_guardian"}
    assert slugs(DELIVERY, today=date(2030, 3, 1)) == set()


def test_what_cannot_be_read_is_a_finding() -> None:
    """The other files are checked all the same."""
    report = entformats.check(b"<ExportEmploiDuTemps", DELIVERY, today=date(2026, 9, 1))
    assert [found.slug for found in report.problems] == ["xml_truncated", "minor_without_legal_guardian"]
    assert report.verdict is Verdict.UNUSABLE
