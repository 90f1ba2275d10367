"""The command ``battuta``: one parser, one way to end, and no traceback for what a user can mend."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from battuta.interfaces.cli import (
    backtest,
    data,
    doctor,
    forecast,
    forecast_site,
    health,
    jobs,
    replay,
    run,
    schedule,
    schema,
    twin,
    warranty,
)

if TYPE_CHECKING:
    from battuta.domain.errors import DataError, StorageError

EXIT_INTERRUPTED = 130
_FULL = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO})
"""What a system says of a disk, or a device, that takes no more."""
_NO_PATH = frozenset({errno.ENAMETOOLONG, errno.ELOOP, errno.EACCES, errno.EPERM})
"""What a system says of a name that is too long, links in a circle, or a folder that it does not let us into."""

app = typer.Typer(
    name="battuta",
    help="Trade, check and explain grid batteries. Discharge is positive, money is in the site's currency.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(version("battuta"))
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    del version


app.command("run")(run.run)
app.command("replay")(replay.run)
app.command("backtest")(backtest.run)
app.command("forecast")(forecast.run)
app.command("forecast-site")(forecast_site.run)
app.command("schedule")(schedule.run)
app.command("twin")(twin.run)
app.command("warranty")(warranty.run)
app.command("doctor")(doctor.run)
app.command("schema")(schema.run)
app.add_typer(health.app, name="health")
app.add_typer(data.app, name="data")
app.add_typer(jobs.app, name="jobs")


def main() -> None:
    """Run the command line and end the process with the exit code of `battuta.domain.errors`."""
    try:
        _escape_strange_letters()
        try:
            _refuse_strange_bytes(sys.argv[1:])
            app()
        finally:
            sys.stdout.flush()  # here, where a reader that has gone, as `head`, can still be met in silence
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        _let_stdout_go()
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 - the last resort: nobody is shown a traceback unasked
        from battuta.domain.errors import BattutaError

        if isinstance(error, OSError) and error.errno in _FULL and error.filename is None:
            error = _stdout_error(error)
        elif isinstance(error, OSError) and error.errno in _NO_PATH and error.filename is not None:
            error = _path_error(error)
        if not isinstance(error, BattutaError):
            _print_unexpected(error)
            sys.exit(1)
        print(f"error {error.code}: {error}", file=sys.stderr)
        sys.exit(error.exit_code)


def _escape_strange_letters() -> None:
    """Let a letter that stdout does not know, as of the name of a file, be an escape and not the end."""
    stdout: object = sys.stdout  # a test, or a notebook, may have put something else there
    if isinstance(stdout, io.TextIOWrapper):
        stdout.reconfigure(errors="backslashreplace")


def _refuse_strange_bytes(words: Sequence[str]) -> None:
    """Refuse the name of a file whose letters the locale does not know: what reads files would not find it."""
    strange = next((word for word in words if not _is_text(word)), None)
    if strange is not None:
        from battuta.domain.errors import UsageError

        shown = strange.encode("utf-8", errors="backslashreplace").decode()
        message = (
            f"{shown} holds letters that are none in the encoding of this shell, {sys.getfilesystemencoding()}; set "
            "PYTHONUTF8=1 or another LC_ALL, or rename the file"
        )
        raise UsageError(message)


def _is_text(word: str) -> bool:
    try:
        word.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _let_stdout_go() -> None:
    """Send what is still to be printed nowhere, as nobody takes it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _stdout_error(error: OSError) -> StorageError:
    """Say that what was printed did not fit where it was sent; files that were written are named before."""
    from battuta.domain.errors import StorageError

    _let_stdout_go()
    return StorageError("standard output", error.strerror or str(error), "free space, or send it elsewhere")


def _path_error(error: OSError) -> DataError:
    """Say that a path that was given, whatever for, leads nowhere on this system."""
    from battuta.domain.errors import DataError

    return DataError(f"{error.filename} cannot be opened: {error.strerror}; name another file or folder")


def _print_unexpected(error: Exception) -> None:
    """Say what nobody expected in one line with how to report it, and the traceback where it is asked for."""
    if os.environ.get("BATTUTA_TRACEBACK", "") not in {"", "0"}:
        import traceback

        traceback.print_exception(error)
    what = " ".join(f"{type(error).__name__}: {error}".split())
    print(
        f"error E000: {what}; this is a fault of Battuta: repeat with BATTUTA_TRACEBACK=1 and report what it prints, "
        "with the command",
        file=sys.stderr,
    )
