"""`entformats check`, `explain`, `codes`: what is wrong with files, and what a finding means."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from attrs import field, frozen

from entformats import Limits, Source, check, edt
from entformats.cli import ExitCode
from entformats.cli.screen import COLOURS, Screen, watched
from entformats.errors import InvalidValue, UsageError
from entformats.problems import CATALOGUE, Entry, Lang, Report, Severity, Stage, StageState
from entformats.reports.checks import Form, lines, render
from entformats.reports.checks.words import WORDS
from entformats.validation import PROFILES, CheckProfile

__all__ = ["FAIL_ON", "CheckOrder", "codes", "explain", "run"]

FAIL_ON: Final = {
    "error": (Severity.ERROR,),
    "warning": (Severity.ERROR, Severity.WARNING),
    "info": (Severity.ERROR, Severity.WARNING, Severity.INFO),
    "never": (),
}


@frozen
class CheckOrder:
    """Commande de contrôle: everything that was asked on the command line."""

    files: Sequence[Path]
    today: date | None = None
    profile: str = "default"
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    only: str | None = None
    fail_on: str = "error"
    lang: Lang = "fr"
    form: Form = Form.TEXT
    output: Path | None = None
    reports: Sequence[str] = field(factory=tuple)
    """`kind=path`, each one more report."""
    limit: int = 1_000
    show_names: bool = False
    decrypt: edt.Decryptor | None = None


def run(order: CheckOrder) -> int:
    """Check, write every report that was asked, and say by the exit code whether something counts."""
    if not order.files:
        raise UsageError("give at least one file or folder, or - for standard input")
    if unknown := next((one for one in map(str, order.files) if one.startswith("-") and one != "-"), None):
        message = f"no option {unknown}; write ./{unknown} for a file of that name"
        raise UsageError(message)
    more = [_asked(one) for one in order.reports]
    report = check(
        *map(_source, order.files),
        today=order.today or date.today(),  # noqa: DTZ011 - the day where the command runs
        profile=_profile(order.profile).wanting(select=order.select, ignore=order.ignore),
        only=order.only,
        decrypt=order.decrypt,
        limits=Limits(stored_per_code=order.limit),
    )
    for form, path in more:
        _write(path, render(report, form, order.lang, show_names=order.show_names))
    _show(order, report)
    return _code(order, report)


def _source(path: Path) -> Source:
    return sys.stdin.buffer.read() if str(path) == "-" else watched(path)


def _asked(text: str) -> tuple[Form, Path]:
    kind, equals, path = text.partition("=")
    if not equals or not path or kind not in set(Form):
        message = f"--report takes KIND=PATH, where KIND is one of {', '.join(Form)}, not {text!r}"
        raise UsageError(message)
    return Form(kind), Path(path)


def _profile(name: str) -> CheckProfile:
    if name in PROFILES:
        return PROFILES[name]
    try:
        text = Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"--profile takes {', '.join(PROFILES)} or a TOML file; {name!r} cannot be read"
        raise InvalidValue(message) from error
    return CheckProfile.parse(text)


def _show(order: CheckOrder, report: Report) -> None:
    if order.output is not None:
        _write(order.output, render(report, order.form, order.lang, show_names=order.show_names))
    elif order.form is Form.TEXT:
        screen = Screen()
        for line, severity in lines(report, order.lang, show_names=order.show_names):
            screen.line(line, COLOURS[Severity(severity)] if severity else "")
    else:
        sys.stdout.write(_encodable(render(report, order.form, order.lang, show_names=order.show_names)))


def _encodable(text: str) -> str:
    """Replace what UTF-8 cannot hold: the name of a file may be any bytes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(_encodable(text), encoding="utf-8", newline="\n")
    except OSError as error:
        message = f"cannot write {path}: {error.strerror}"
        raise UsageError(message) from error


def _code(order: CheckOrder, report: Report) -> int:
    """Unreadable when nothing at all could be read, else problems when something counts."""
    if not any(report.count(severity) for severity in FAIL_ON[order.fail_on]):
        return ExitCode.OK
    read = {
        one.input for one in report.stages if one.stage is Stage.CONSISTENCY and one.state is not StageState.SKIPPED
    }
    return ExitCode.PROBLEMS if read else ExitCode.UNREADABLE


def explain(name: str, lang: Lang) -> int:
    """Show everything that the catalogue says of a code."""
    if name not in CATALOGUE and name.upper() not in CATALOGUE:
        message = f"no finding has the code or name {name!r}; `entformats codes` lists them"
        raise UsageError(message)
    known = CATALOGUE[name if name in CATALOGUE else name.upper()]
    screen = Screen()
    for line in _page(known, lang):
        screen.line(line)
    return ExitCode.OK


def _page(known: Entry, lang: Lang) -> Iterator[str]:
    words, texts = WORDS[lang], known.text(lang)
    colon = " :" if lang == "fr" else ":"
    yield f"{known.code} {known.slug}"
    yield f"{texts.title} ({words.severities[known.severity][0]}, {words.stages[Stage.of(known.code)]})"
    yield ""
    yield f"  {texts.message}"
    yield ""
    yield f"{words.why}{colon} {texts.explanation}"
    yield f"{words.repair}{colon} {texts.repair}"
    yield f"{words.confidence}{colon} {words.confidences[known.confidence]} ({known.source})"


def codes(lang: Lang, *, as_json: bool) -> int:
    """List the catalogue: one line a code, or all of it as JSON."""
    if as_json:
        json.dump([_value(known) for known in CATALOGUE.values()], sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
        return ExitCode.OK
    screen = Screen()
    for known in CATALOGUE.values():
        noun = WORDS[lang].severities[known.severity][0]
        screen.line(f"{known.code:<10} {noun:<8} {known.slug:<34} {known.text(lang).title}")
    return ExitCode.OK


def _value(known: Entry) -> dict[str, object]:
    return {
        "code": known.code,
        "slug": known.slug,
        "severity": known.severity,
        "stage": Stage.of(known.code),
        "params": dict(known.params),
        "confidence": known.confidence,
        "source": known.source,
        **{
            lang: {
                "title": texts.title,
                "message": texts.message,
                "explanation": texts.explanation,
                "repair": texts.repair,
            }
            for lang, texts in (("fr", known.fr), ("en", known.en))
        },
    }
