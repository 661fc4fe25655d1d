"""The bilan in its five forms: the same numbers in each, details that explain them, nothing that a reader could run."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from datetime import datetime
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given, settings

from entformats import rules
from entformats.frozen import FrozenMap
from entformats.identity import Key
from entformats.reports.bilan import Form, document, html, markdown, render, table, text, to_json
from entformats.rules import GroupMode, Preview, Snapshot, State, SubjectContent
from entformats.rules.bilan import compare, details, lines
from entformats.testing.strategies.imports import (
    BASE,
    STRANGER,
    UAI,
    Course,
    Succession,
    group,
    home,
    roster,
    successions,
    timetable,
)

PARIS = ZoneInfo("Europe/Paris")
OPTION_2 = GroupMode.TIMETABLE_GROUPS_TIMETABLE_MEMBERS
NASTY = '<script>alert("1")</script>|*_`&'
FORMULA = "=1+1"


@pytest.fixture(scope="module")
def preview() -> Preview:
    """Prepare a second import in which every line of the preliminary bilan says something."""
    held, state = roster([], []), State.new(UAI, 2022)
    at = datetime(2022, 9, 10, 8, tzinfo=PARIS)
    first = rules.prepare(timetable(BASE), held, state=state, mode=OPTION_2, at=at)
    stranger = Course(3, 0, "MATHS", ((STRANGER, "all"),), (home(0),))
    subjects = (("MATHS", NASTY), ("SVT", FORMULA), ("ESP", "ESPAGNOL"), (FORMULA, "NOUVELLE"))
    draft = evolve(
        BASE,
        subjects=subjects,
        groups=((NASTY, (0,)), ("@6 NEW", (3,))),
        courses=(
            *BASE.courses[:3],
            Course(3, 1, "", ((1, "all"),), (group(1),), cancelled=frozenset({4})),
            stranger,
            evolve(stranger, audience=(), subject=FORMULA, teachers=((2, "early"), (1, "late"))),
        ),
        closed=frozenset({5}),
    )
    second = first.validate(state, at=at)
    known = rules.roster_after(held, first.snapshot)
    return rules.prepare(timetable(draft), known, state=second, mode=OPTION_2, at=at)


class Reader(HTMLParser):
    """A strict reader: every element is closed in order, and tables have what a screen reader needs."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: Counter[str] = Counter()
        self.heads: list[str | None] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.seen[tag] += 1
        if tag == "th":
            self.heads.append(dict(attrs).get("scope"))
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element, which must be this one."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.texts.append(data)


def read(page: str) -> Reader:
    """Read a page to its end."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


def test_html_is_whole_and_accessible(preview: Preview) -> None:
    """One page, closed elements, a caption for each table, a scope for each header; nothing is fetched or run."""
    page = html(preview)
    reader = read(page)
    assert page.startswith('<!DOCTYPE html>\n<html lang="fr">')
    assert reader.seen["caption"] == reader.seen["table"] > 12
    assert set(reader.heads) == {"col", "row"}
    assert not reader.seen.keys() & {"script", "link", "img", "iframe"}
    assert reader.seen["h1"] == reader.seen["main"] == 1
    assert reader.seen["summary"] == reader.seen["details"] > 5


def test_html_escapes_what_files_hold(preview: Preview) -> None:
    """A label is text: it is read back as it was, and never as markup."""
    page = html(preview)
    assert NASTY in read(page).texts
    assert "<script" not in page


def test_html_fragment(preview: Preview) -> None:
    """The same section, without the page around it."""
    part = html(preview, fragment=True)
    assert part.startswith('<section class="bilan"')
    assert part in html(preview)
    read(part)


def test_markdown_escapes_what_files_hold(preview: Preview) -> None:
    """No sign of a label is one of Markdown; every line of the bilan is there."""
    written = markdown(preview)
    assert not re.search(r"(?<!\\)[<>|*_`&]", written)
    assert "\\<script\\>alert" in written
    for line in lines(preview.bilan):
        assert f"- {line.text}\n" in written
    assert written.count("\n### ") == 12


def test_json_holds_the_numbers_under_their_names(preview: Preview) -> None:
    """The names of `Counts`; each line has its path, number, text and details."""
    data: dict[str, Any] = json.loads(to_json(preview))
    assert data["version"] == 1
    assert (data["school"], data["school_year"], data["trigger"]) == (UAI, 2022, "manual")
    assert data["at"] == "2022-09-10T08:00:00+02:00"
    for line in data["lines"]:
        number: Any = data
        for name in line["path"].split("."):
            number = number[name]
        assert number == line["number"]
    assert [line["text"] for line in data["lines"]] == [line.text for line in lines(preview.bilan)]
    assert data["preliminary"]["teaching_services"]["added"] == {"count": 3, "incomplete": 2}
    assert data["preliminary"]["teachers"] == {"imported": 2, "not_imported": 1}
    assert data["left_out"][0]["reason"] == "no_matched_teacher"
    assert data["left_out"][0]["details"][0]["what"] == "mercredi 08:00-09:00, MATHS, 6A"
    assert data["proposed_removals"] == {"groups": 1, "memberships": 0}


def test_csv_is_read_back_and_holds_no_formula(preview: Preview) -> None:
    """One row a line, then its details; a text that a spreadsheet would compute is quoted; numbers stay numbers."""
    head, *rows = list(csv.reader(io.StringIO(table(preview))))
    assert all(len(row) == len(head) for row in rows)
    numbers = {row[2]: row[3] for row in rows if row[3]}
    assert all(numbers[line.path] == str(line.number) for line in lines(preview.bilan))
    assert numbers["left_out.no_matched_teacher"] == "1"
    cells = [cell for row in rows for place, cell in enumerate(row) if place != 3]
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+", "-"))]
    assert f"'{FORMULA}" in cells
    assert "'@6 NEW" in cells


def test_text_is_that_of_the_screen(preview: Preview) -> None:
    """Of a preview as of its bilan."""
    assert text(preview) == text(preview.bilan) == rules.bilan.render(preview.bilan)


@pytest.mark.parametrize("form", Form)
def test_nobody_is_named_unless_asked(preview: Preview, form: Form) -> None:
    """Without `show_names` no form holds a name or a birth date of a file; with it, all but the text do."""
    assert "NOM4" not in render(preview, form)
    assert "Prénom4" not in render(preview, form)
    assert "1970-04" not in render(preview, form)
    assert ("NOM4" in render(preview, form, show_names=True)) is (form is not Form.TEXT)


@pytest.mark.parametrize("form", Form)
def test_a_bilan_alone(form: Form) -> None:
    """A bilan without a preview has no instant, no lesson left out and no finding; an empty one has no details."""
    bare = compare(Snapshot(), Snapshot())
    shown = document(bare)
    assert (shown.title, shown.at, shown.left_out, shown.problems, shown.proposals) == (
        "Bilan d'import",
        None,
        (),
        (),
        "",
    )
    assert "0 matière ajoutée" in render(bare, form)


def test_problems_are_shown() -> None:
    """What forbids the import comes first, with its code."""
    at = datetime(2022, 9, 10, 8, tzinfo=PARIS)
    empty = evolve(roster([], []), people=())
    preview = rules.prepare(timetable(BASE), empty, state=State.new(UAI, 2022), mode=OPTION_2, at=at)
    (blocker,) = preview.blockers
    assert f"<li><strong>{blocker.code}</strong>" in html(preview)
    assert f"- **{blocker.code}** " in markdown(preview)
    assert json.loads(to_json(preview))["problems"][0]["code"] == blocker.code


@settings(max_examples=max(settings().max_examples // 5, 5))
@given(successions(imports=2))
def test_details_explain_every_number(story: Succession) -> None:
    """As many details as the number says; of a signed number, what came less what went; of a total, its events."""
    state, held = State.new(UAI, 2022), story.roster
    for exported, at in zip(story.timetables, story.instants, strict=True):
        preview = rules.prepare(exported, held, state=state, mode=story.mode, policy=story.policy, at=at)
        found = details(preview.bilan)
        assert set(found) >= {line.path for line in lines(preview.bilan) if not line.path.endswith(".incomplete")}
        for line in lines(preview.bilan):
            rows = found[line.path]
            if line.path.endswith("lessons.delta") and "exceptional" not in line.path:
                assert sum(bool(row.before or row.after) for row in rows) == len(rows)
            elif line.path.endswith(".delta"):
                assert sum(1 if row.after else -1 for row in rows) == line.number
            else:
                assert len(rows) == line.number
            assert list(rows) == sorted(rows, key=lambda row: (row.what, row.before, row.after, row.people))
        state = preview.validate(state, at=at)
        held = rules.roster_after(story.roster, preview.snapshot)


def test_details_say_what_was_and_what_is(preview: Preview) -> None:
    """A label before and after, the slots of a service, the new name of a group, the dates of lessons."""
    found = details(preview.bilan)
    relabelled = {row.what: (row.before, row.after) for row in found["preliminary.subjects.modified"]}
    assert relabelled["SVT"] == (("SCIENCES DE LA VIE",), (FORMULA,))
    assert "du 26/09/2022 au 28/09/2022" in [row.what for row in found["preliminary.closure_periods.added"]]
    (renamed,) = found["preliminary.group_management.groups_to_rename"]
    assert (renamed.before, renamed.after) == (("6A SVT G1",), (NASTY.replace("`", "'"),))
    changed = found["preliminary.teaching_services.modified.count"]
    assert "lundi 08:00-09:00, semaines 2..13" in changed[0].before
    assert "lundi 08:00-09:00, semaines 2..4,6..13" in changed[0].after
    (cancelled,) = found["weekly.cancellations.total"]
    assert cancelled.what == "mercredi 21/09/2022 09:00-10:00, matière inconnue, @6 NEW"
    gone = [row for row in found["preliminary.lessons.delta"] if row.what == "lundi 09:00-10:00, ESP, 6 ESP"]
    assert gone[0].before == ("12 séances en moins, du 05/09/2022 au 21/11/2022",)
    added = found["preliminary.teaching_services.added.count"]
    assert any(row.what.endswith("(incomplet)") for row in added)


def test_details_of_what_the_screen_has_no_line_for() -> None:
    """Removed subjects are in the details, though the text has no line for them."""
    kept = Snapshot(subjects=FrozenMap({Key("subject:SVT"): SubjectContent("SCIENCES")}))
    (gone,) = details(compare(kept, Snapshot()))["preliminary.subjects.removed"]
    assert (gone.what, gone.before, gone.after) == ("SVT", ("SCIENCES",), ())
    assert repr(gone) == "<Detail SVT>"


def test_what_is_shown_in_a_traceback_names_nobody(preview: Preview) -> None:
    """The `repr` of a row shows what it is about, not whom."""
    shown = document(preview, show_names=True)
    assert "NOM" not in repr(shown) + repr(shown.rows) + repr(shown.left_out)
    assert "<Entry mercredi" in repr(shown.left_out)
