"""`entformats schema`: the list, one schema byte for byte, and a name that is none."""

from __future__ import annotations

import pytest

from entformats import cli, schema


def test_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    """Every schema is listed, with what it describes."""
    assert cli.run(["schema"]) == cli.ExitCode.OK
    shown = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in shown] == list(schema.names())
    assert all(line.endswith(schema.title(line.split()[0])) for line in shown)


@pytest.mark.parametrize("name", ["aaf.dtd", "sts-emp.xsd", "report.schema.json"])
def test_one_schema(capsysbinary: pytest.CaptureFixture[bytes], name: str) -> None:
    """It is written as it was published, so that it can be put into a file."""
    assert cli.run(["schema", name]) == cli.ExitCode.OK
    assert capsysbinary.readouterr().out == schema.read(name)


def test_a_name_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    """It is a mistake of the caller, and the names that exist are given."""
    assert cli.run(["schema", "word.xsd"]) == cli.ExitCode.USAGE
    assert "edt.xsd" in capsys.readouterr().err
