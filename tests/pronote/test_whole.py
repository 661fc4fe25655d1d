"""Every file exchanged with Pronote is recognised, read and shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from entformats import pronote, read
from entformats.cli.app import app
from entformats.problems import Severity
from entformats.validation import check

FILES = {
    b'<PARTENAIRE_INDEX xmlns="http://www.index-education.com/rapprochementssoV2.0" Date="2022-09-05T06:00:00" '
    b'Partenaire="NEO"/>': (pronote.Reconciliation, "Rapprochement ENT"),
    b"<Eleve><PageReleveDeNotes><Devoir/></PageReleveDeNotes></Eleve>": (pronote.Feed, "1 élève, 1 note"),
    b"NOM;PRENOM;CLASSE\nVALMOND;Odile;3D": (pronote.PronoteList, "1 élève"),
    b"BEGIN:VCALENDAR\nPRODID:Index-Education\nEND:VCALENDAR": (pronote.PronoteCalendar, "0 séance"),
}


@pytest.mark.parametrize("content", FILES, ids=[kind.__name__ for kind, _ in FILES.values()])
def test_a_file_is_read_and_shown(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same door reads it; the command counts what it holds and names nobody."""
    kind, shown = FILES[content]
    assert isinstance(read(content), kind)
    assert check([content], today=date(2022, 9, 5)).count(Severity.ERROR) == 0
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(SystemExit):
        app(["show", str(path)])
    told = capsys.readouterr().out
    assert shown in told
    assert "VALMOND" not in told
