"""Profiles: which findings count, and how much; read from TOML, refused when they mean nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats.errors import InvalidValue
from entformats.problems import CATALOGUE, Report, Severity, Verdict, entry, problem
from entformats.validation import DEFAULT, LENIENT, PROFILES, STRICT, CheckProfile, Level

FOUND = [
    problem("io_missing"),
    problem("ignored_file"),
    problem("xml_truncated"),
    problem("many_unmatched", profile="teacher", unmatched=1, total=2),
]
REPORTS = st.lists(st.sampled_from(FOUND), max_size=12).map(Report.of)
LEVELS = st.dictionaries(
    st.sampled_from(["IO", "IO-0", "io_missing", "AAF", "AAF-003", "XML-1"]), st.sampled_from(Level), max_size=4
)
PROFILE = st.builds(CheckProfile, st.just("p"), levels=LEVELS, ignore=st.sets(st.sampled_from(["IO", "xml_truncated"])))


def test_the_default_profile_is_the_catalogue() -> None:
    """Without a profile nothing changes."""
    assert all(DEFAULT.level(code) == known.severity.value for code, known in CATALOGUE.items())
    assert DEFAULT.apply(Report.of(FOUND)).problems == Report.of(FOUND).problems


def test_the_shipped_profiles() -> None:
    """The strict one takes warnings for errors, the lenient one only keeps what prevents an import."""
    assert list(PROFILES) == ["strict", "default", "lenient"]
    for known in CATALOGUE.values():
        levels = [one.level(known.code).value for one in (STRICT, LENIENT)]
        expected = {"error": ["error", "error"], "warning": ["error", "info"], "info": ["info", "mute"]}
        assert levels == expected[known.severity]


@given(REPORTS, PROFILE)
def test_a_profile_loses_nothing(report: Report, profile: CheckProfile) -> None:
    """What is muted is counted apart; what is kept has its level in the finding, the counts and the verdict."""
    applied = profile.apply(report)
    assert {**applied.counts, **applied.muted} == report.counts
    assert not applied.counts.keys() & applied.muted.keys()
    for one in applied.problems:
        assert one.severity == applied.severity(one.code) == profile.level(one.code).value
    assert sum(applied.count(severity) for severity in Severity) + sum(applied.muted.values()) == sum(
        report.counts.values()
    )
    worst = {profile.level(code) for code in report.counts}
    assert (applied.verdict is Verdict.UNUSABLE) == (Level.ERROR in worst)
    assert applied.profile == "p"


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ({"AAF": "mute", "AAF-0": "info", "AAF-002": "warning"}, ["warning", "info", "mute"]),
        ({"missing_part": "mute", "AAF": "error"}, ["mute", "error", "error"]),
        ({"EDT": "mute"}, ["error", "info", "warning"]),
    ],
)
def test_the_most_precise_key_wins(levels: dict[str, str], expected: list[str]) -> None:
    """A code before its layer, a layer before its prefix."""
    profile = CheckProfile("p", levels={key: Level(level) for key, level in levels.items()})
    assert [profile.level(slug).value for slug in ("missing_part", "ignored_file", "modify_unknown")][:2] == expected[
        :2
    ]


@pytest.mark.parametrize(
    ("select", "ignore", "kept"),
    [
        ([], [], {"io_missing", "ignored_file", "xml_truncated"}),
        (["AAF"], [], {"ignored_file"}),
        ([], ["AAF"], {"io_missing", "xml_truncated"}),
        (["AAF"], ["AAF"], set()),
        (["ignored_file"], ["AAF"], {"ignored_file"}),
        (["AAF"], ["AAF-003"], set()),
        (["IO", "XML-1"], ["IO-0"], {"xml_truncated"}),
    ],
)
def test_what_is_selected_and_ignored(select: list[str], ignore: list[str], kept: set[str]) -> None:
    """The most precise word wins; between two as precise, what is ignored stays out."""
    profile = DEFAULT.wanting(select=select, ignore=ignore)
    slugs = ("io_missing", "ignored_file", "xml_truncated")
    assert {slug for slug in slugs if profile.level(slug) is not Level.MUTE} == kept


TEXT = """
name = "éditeur"
extends = "strict"
select = ["AAF"]
ignore = ["ignored_file"]
[severities]
info = "mute"
[levels]
missing_part = "info"
"""


def test_a_profile_in_toml() -> None:
    """A file extends a shipped profile, and says everything that a profile can say."""
    profile = CheckProfile.parse(TEXT)
    assert profile == CheckProfile(
        "éditeur",
        severities={Severity.WARNING: Level.ERROR, Severity.INFO: Level.MUTE},  # type: ignore[arg-type]  # equal mappings
        levels={"AAF-002": Level.INFO},
        select={"AAF"},
        ignore={"AAF-003"},
    )
    assert CheckProfile.parse('name = "x"') == CheckProfile("x")
    assert CheckProfile.parse('name = "x"\nextends = "default"') == CheckProfile("x")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name =", "in TOML"),
        ("", "'name'"),
        ("name = 3", "'name'"),
        ('name = "x"\nextend = "strict"', "no 'extend'"),
        ('name = "x"\nextends = "severe"', "found 'severe'"),
        ('name = "x"\nselect = "AAF"', "list of texts"),
        ('name = "x"\nselect = [3]', "list of texts"),
        ('name = "x"\nselect = ["ABC"]', "found 'ABC'"),
        ('name = "x"\nignore = ["AAF-999"]', "found 'AAF-999'"),
        ('name = "x"\nlevels = 3', "table of"),
        ('name = "x"\n[levels]\nAAF = "fatal"', "table of"),
        ('name = "x"\n[levels]\nAAF = []', "table of"),
        ('name = "x"\n[levels]\nunknown_thing = "info"', "'unknown_thing'"),
        ('name = "x"\n[severities]\nfatal = "info"', "'fatal'"),
    ],
)
def test_a_profile_that_means_nothing_is_refused(text: str, told: str) -> None:
    """The message names what is wrong."""
    with pytest.raises(InvalidValue, match=told):
        CheckProfile.parse(text)


def test_a_slug_and_its_code_are_one_key() -> None:
    """Both name the same finding."""
    code = entry("missing_part").code
    assert DEFAULT.wanting(ignore=["missing_part"]) == DEFAULT.wanting(ignore=[code])
