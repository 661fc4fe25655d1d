"""Command line (`entformats[cli]`): the only code that prints and exits."""

from __future__ import annotations

import sys
from enum import IntEnum

from entformats.errors import EntFormatsError, InvalidValue, MissingExtra, UnreadableInput, UsageError

__all__ = ["ExitCode", "main", "run"]


class ExitCode(IntEnum):
    """Code de sortie."""

    OK = 0
    PROBLEMS = 1
    USAGE = 2
    UNREADABLE = 3
    CONFIGURATION = 4
    BUG = 70
    INTERRUPTED = 130


def main() -> None:
    """Run the command line, and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and give its exit code; whatever goes wrong is one line on standard error.

    >>> run(["--version"])
    0.1.0
    0
    """
    try:
        return _command(arguments)
    except UnreadableInput as error:
        found = error.problem
        return _failed(f"{found.where}: {found.code} {found.message('fr')}", ExitCode.UNREADABLE)
    except InvalidValue as error:
        return _failed(str(error), ExitCode.CONFIGURATION)
    except (UsageError, EntFormatsError) as error:
        return _failed(str(error), ExitCode.USAGE)
    except KeyboardInterrupt:
        return _failed("interrompu", ExitCode.INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - a bug is said plainly; the traceback may hold personal data
        name = type(error).__name__
        return _failed(f"erreur interne {name} : merci de la signaler, avec la commande et la version", ExitCode.BUG)


def _command(arguments: list[str]) -> int:
    try:
        import cyclopts  # noqa: PLC0415 - an extra, needed by the command line alone
        import rich  # noqa: F401, PLC0415 - idem
    except ImportError as error:
        raise MissingExtra("cli") from error
    from entformats.cli.app import app  # noqa: PLC0415 - needs the extra

    try:
        result = app(arguments, exit_on_error=False, result_action="return_value")
    except cyclopts.CycloptsError:
        return ExitCode.USAGE
    return int(result or ExitCode.OK)


def _failed(message: str, code: ExitCode) -> int:
    print(f"entformats: {message}", file=sys.stderr)
    return code
