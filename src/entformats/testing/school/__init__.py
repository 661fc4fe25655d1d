"""A fictitious collège drawn from a seed: AAF directory, two timetables, the changes between them; an école."""

from entformats.testing.school.directory import directory_of
from entformats.testing.school.generate import generate
from entformats.testing.school.models import Change, ChangeKind, FictitiousSchool
from entformats.testing.school.primary import primary
from entformats.testing.school.registered import account_of

__all__ = ["Change", "ChangeKind", "FictitiousSchool", "account_of", "directory_of", "generate", "primary"]
