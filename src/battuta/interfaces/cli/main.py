"""The command ``battuta``: one parser, one way to end, and no traceback for what a user can mend."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from battuta.interfaces.cli import backtest, data, doctor, run, schedule, schema

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
app.command("backtest")(backtest.run)
app.command("schedule")(schedule.run)
app.command("doctor")(doctor.run)
app.command("schema")(schema.run)
app.add_typer(data.app, name="data")


def main() -> None:
    """Run the command line and end the process with the exit code of `battuta.domain.errors`."""
    try:
        app()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        from battuta.domain.errors import BattutaError

        if not isinstance(error, BattutaError):
            raise
        print(f"error {error.code}: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
