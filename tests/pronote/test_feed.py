"""The feed of the home page: read, and made into the block."""
# ruff: noqa: DTZ001 - wall times of a school

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entformats import pronote
from entformats.errors import EntFormatsError, UnreadableInput, WrongFormat
from entformats.identity import Profile
from entformats.pronote.feed import Absence, Counts, Feed, Lateness, Level, Mark, MarkStatus, PupilPages
from entformats.rules.home_page import Child, tie_children

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "pronote"
needs_corpus = pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not there")
NOW = datetime(2022, 11, 22, 9)
CHILDREN = [Child("e", "LANTERNIER", "Éloïse", "9R7VASKJQNUC58XH"), Child("m", "Lanternier", "Maël")]


@needs_corpus
def test_the_feed_of_a_parent_is_read_and_shown() -> None:
    """Commas and dots, marks in words, an open absence, levels with blanks, the children tied."""
    feed = pronote.read_feed(CORPUS / "accueil_parent.xml")
    first, second = feed.pupils
    assert [mark.value for mark in first.marks] == [Decimal("15.50"), Decimal("7.5"), None, None, None]
    assert [mark.status for mark in first.marks[2:]] == [MarkStatus.ABSENT, MarkStatus.NOT_MARKED, MarkStatus.EXEMPT]
    assert {skill.level for skill in first.skills} == {Level.ACQUIRED, Level.EXPERT, Level.IN_PROGRESS}
    assert first.notebook[0].tasks[0].due == date(2022, 11, 24)
    assert [one.kind for one in first.events] == ["Observation", "PassageInfirmerie", "Punition", "Sanction"]
    assert (second.marks, bool(second.calendar), bool(first.calendar), bool(feed.calendar)) == ((), False, True, False)
    assert feed.counts == Counts(3, 1)
    assert feed.report.problems == ()
    ties, report = tie_children(feed, CHILDREN)
    assert [(tie.child, tie.by) for tie in ties] == [("e", "identifier"), ("m", "names")]
    assert [one.slug for one in report.problems] == ["feed_child_by_names"]
    assert pronote.home_block(first, now=NOW).lines() == (
        "18/11/2022 TECHNOLOGIE : 15,50/20",
        "16/11/2022 MATHEMATIQUES : 7,5/10",
        "15/11/2022 ALLEMAND LV2 : Abs",
        "14/11/2022 FRANCAIS : N.Not",
        "10/11/2022 ED.PHYSIQUE & SPORT. : Disp",
        "Absence non justifiée depuis le 21/11/2022 à 08:00",
        "Absence non justifiée du 17/11/2022 à 08:00 au 17/11/2022 à 10:00",
        "Retard non justifié le 08/11/2022 à 08:05",
    )


@needs_corpus
def test_the_other_feeds_of_the_corpus() -> None:
    """A pupil, a teacher, a feed without namespace in another order, and a page that is none."""
    pupil = pronote.read_feed(CORPUS / "accueil_eleve.xml")
    assert (pupil.profile, len(pupil.pupils[0].marks), bool(pupil.session)) == (Profile.PUPIL, 5, True)
    teacher = pronote.read_feed(CORPUS / "accueil_professeur.xml")
    assert (teacher.pupils, teacher.counts) == ((), Counts(3, 1, 2))
    assert [one.name for one in teacher.shortcuts] == ["Emploi du temps"]
    bare = pronote.read_feed(CORPUS / "accueil_sans_espace_de_noms.xml")
    assert bare.pupils[0].notebook[0].on == date(2022, 11, 17)
    assert [one.params["path"] for one in bare.report.problems] == ["PageFuture"]
    with pytest.raises(WrongFormat):
        pronote.read_feed(CORPUS / "accueil_refus.html")


def test_tokens_are_never_shown() -> None:
    """The `repr` of a feed and of its parts has neither session, page nor calendar."""
    text = """<Eleve sessionENT="secret1"><ICal>secret2</ICal><PagePronote page="secret3" nom="x"/>
    <PageReleveDeNotes><Devoir page="secret4"><Note>1</Note></Devoir></PageReleveDeNotes>
    <PageCahierDeTextes><CahierDeTextes><TravailAFaire><PieceJointe>secret5</PieceJointe>
    <SiteInternet>javascript:1</SiteInternet><SiteInternet>HTTPS://a.test</SiteInternet></TravailAFaire></CahierDeTextes>
    </PageCahierDeTextes></Eleve>"""
    feed = pronote.read_feed(text.encode())
    (pages,) = feed.pupils
    assert "secret" not in repr((feed, feed.session, pages.marks, pages.shortcuts, pages.calendar, pages.notebook))
    assert pages.notebook[0].tasks[0].links == ("HTTPS://a.test",)


def test_unreadable_and_unknown_values_are_told() -> None:
    """A date that does not exist, one of no form, a count in words, an unknown item; the message of a page is kept."""
    text = """<Eleve><PageVieScolaire><Message>Fermé lundi</Message><Retard><Date>2022-02-30</Date></Retard>
    <Retard><Date>hier</Date></Retard><Cantine/></PageVieScolaire><PageMessagerie><Discussions>
    <NombreMessagesNonLus>trois</NombreMessagesNonLus></Discussions></PageMessagerie>
    <PageCompetences><Item><Competence>D1</Competence></Item></PageCompetences></Eleve>"""
    feed = pronote.read_feed(text.encode())
    assert [one.slug for one in feed.report.problems].count("feed_unreadable") == 3
    assert [one.params["path"] for one in feed.report.of_slug("feed_unknown")] == ["PageVieScolaire/Cantine"]
    assert feed.pupils[0].notices["PageVieScolaire"] == "Fermé lundi"
    assert feed.pupils[0].skills[0].level is None


def test_a_cut_feed_is_no_wrong_format() -> None:
    """What begins as a feed and breaks is unreadable, not another format."""
    for cut in (b"<Eleve><Page", b"<Eleve>"):
        with pytest.raises(UnreadableInput) as caught:
            pronote.read_feed(cut)
        assert not isinstance(caught.value, WrongFormat)
    with pytest.raises(UnreadableInput):
        pronote.read_feed(b"")


def test_the_block_leaves_out_what_is_justified_or_to_come() -> None:
    """Whatever has no date comes last; a mark without scale or subject is shown bare."""
    pages = PupilPages(
        marks=(Mark("12.5", Decimal("12.5")), Mark(""), *(Mark(str(n), on=date(2022, 1, n)) for n in range(1, 6))),
        absences=(
            Absence(None, None),
            Absence(datetime(2022, 1, 1), None, is_justified=True),
            Absence(datetime(2023, 1, 1), None),
        ),
        latenesses=(Lateness(None), Lateness(NOW), Lateness(datetime(2023, 1, 1)), Lateness(NOW, is_justified=True)),
    )
    block = pronote.home_block(pages, now=NOW)
    assert block.lines() == (
        *(f"0{n}/01/2022 {n}" for n in range(5, 0, -1)),
        "Absence non justifiée",
        "Retard non justifié le 22/11/2022 à 09:00",
        "Retard non justifié",
    )


@pytest.mark.parametrize(
    ("children", "expected"),
    [
        ([Child("a", "X", "Y", "1"), Child("b", "X", "Y", "1")], None),
        ([Child("a", "X", "Y"), Child("b", "x", "y")], None),
        ([Child("a", "x", "y", "2")], None),
        ([Child("a", "autre", "nom", "1")], "a"),
        ([Child("a", "x", "ý")], "a"),
        ([], None),
    ],
)
def test_a_child_is_tied_only_where_there_is_no_doubt(children: list[Child], expected: str | None) -> None:
    """Two children of one identifier or one name, and another identifier, are never guessed."""
    ties, report = tie_children(Feed(Profile.GUARDIAN, (PupilPages("X", "Y", "1"),)), children)
    assert ties[0].child == expected
    assert (not report.of_slug("feed_child_unknown")) == (expected is not None)


@given(st.text("<>EleveParntPagID/ &;", max_size=60), st.binary(max_size=30))
def test_hostile_bytes_give_a_feed_or_a_refusal(text: str, noise: bytes) -> None:
    """Nothing but the errors of the library is raised."""
    try:
        pronote.read_feed(b"<Eleve>" + text.encode() + noise)
    except EntFormatsError as error:
        assert str(error)  # noqa: PT017 - either outcome is right
