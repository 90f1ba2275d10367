"""The command ``battuta``: one parser, one way to end, and no traceback for what a user can mend."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from battuta.interfaces.cli import backtest, data, doctor, forecast, forecast_site, replay, run, schedule, schema

EXIT_INTERRUPTED = 130

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
app.command("doctor")(doctor.run)
app.command("schema")(schema.run)
app.add_typer(data.app, name="data")


def main() -> None:
    """Run the command line and end the process with the exit code of `battuta.domain.errors`."""
    try:
        try:
            app()
        finally:
            sys.stdout.flush()  # here, where a reader that has gone, as `head`, can still be met in silence
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 - the last resort: nobody is shown a traceback unasked
        from battuta.domain.errors import BattutaError

        if not isinstance(error, BattutaError):
            _print_unexpected(error)
            sys.exit(1)
        print(f"error {error.code}: {error}", file=sys.stderr)
        sys.exit(error.exit_code)


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
