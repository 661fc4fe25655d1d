"""What is generated, once written, is read back as it was; readers find nothing but what is there on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from entformats import aaf, edt

if TYPE_CHECKING:
    from entformats.testing.school import FictitiousSchool

ON_PURPOSE = {"lesson_without_weeks", "lesson_on_class_part_only"}
"""Findings of EDT that the generated school is made to give."""


def test_timetables_come_back(schools: list[FictitiousSchool]) -> None:
    """Both exports, written as EDT and read, are the same timetables."""
    for school in schools[:6]:
        for timetable in (school.first, school.second):
            ((_, content),) = edt.write(timetable)
            export = edt.read(b"".join(content))
            assert export.timetable == timetable
            assert {problem.slug for problem in export.report.problems} == ON_PURPOSE


def test_directory_comes_back(schools: list[FictitiousSchool]) -> None:
    """The directory, written as AAF and read, is the same directory, and nothing is wrong in it."""
    for school in schools[:6]:
        files = {name: b"".join(content) for name, content in aaf.write(school.directory)}
        delivery = aaf.read(files)
        assert delivery.directory == school.directory
        assert list(delivery.report.problems) == []
