"""What the command line prints: one JSON object on stdout, or tables; talk and progress on stderr."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from rich.table import Table

Json: TypeAlias = "str | int | float | bool | Mapping[str, Json] | Sequence[Json] | None"

WIDTH_OF_PIPE = 200
COLUMN_GAP = 2
WORD_LENGTH_MAX = 44
"""A longer word, as a path, is folded."""


def note(text: str) -> None:
    """Say something beside the result."""
    print(text, file=sys.stderr)


def is_terminal() -> bool:
    """Whether somebody looks: both streams are a terminal."""
    return sys.stdout.isatty() and sys.stderr.isatty()


def print_json(result: Mapping[str, Json]) -> None:
    """Print one JSON object; numbers that are not finite become null, letters that stdout does not know escapes."""
    is_ascii = "utf" not in (sys.stdout.encoding or "").lower()
    sys.stdout.write(json_text(result, is_ascii=is_ascii))


def json_text(result: Mapping[str, Json], *, is_ascii: bool = False) -> str:
    """Write one JSON object in a line of its own, as `print_json` prints it."""
    return json.dumps(finite(result), ensure_ascii=is_ascii, allow_nan=False) + "\n"


def finite(value: Json) -> Json:
    """Replace numbers that are not finite by null, all the way down."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [finite(item) for item in value]
    return value


def print_table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1, ends_in_text: bool = False
) -> None:
    """Print a table that fits the terminal; the first `left` columns are text, maybe the last, the others numbers."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    # A pipe has no width of its own: there each row stays one line as far as it can, without blanks at its end.
    is_wide = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    width = WIDTH_OF_PIPE if is_wide else Console().width
    is_text = [place < left or (ends_in_text and place == len(columns) - 1) for place in range(len(columns))]
    widths = column_widths(columns, rows, is_text, width)
    console = Console(highlight=False, width=max(width, sum(widths) + COLUMN_GAP * len(widths)))
    table: Table = Table(box=box.SIMPLE_HEAD, collapse_padding=True, pad_edge=False)
    for column, text, n_characters in zip(columns, is_text, widths, strict=True):
        table.add_column(column, justify="left" if text else "right", overflow="fold", width=n_characters)
    for row in rows:
        table.add_row(*row)
    with console.capture() as capture:
        console.print(title, style="bold", markup=False, soft_wrap=True)
        console.print(table)
    print("\n".join(line.rstrip() for line in capture.get().splitlines()))


def column_widths(
    columns: Sequence[str], rows: Sequence[Sequence[str]], is_text: Sequence[bool], width: int
) -> list[int]:
    """Share a width among columns: the widest text gives way first, but no number and no word is broken.

    Examples
    --------
    >>> column_widths(["name", "net EUR", "why"], [["idle", "-52.31", "never moves at all"]], [True, False, True], 30)
    [4, 7, 13]
    """
    cells = [[column, *(row[place] for row in rows)] for place, column in enumerate(columns)]
    words = [[word for cell in column for word in cell.split()] for column in cells]
    # The head of a column of numbers may wrap, its numbers may not.
    unbroken = [
        part if text else [*head.split(), *numbers]
        for part, text, (head, *numbers) in zip(words, is_text, cells, strict=True)
    ]
    least = [min(max(map(len, each), default=0), WORD_LENGTH_MAX) for each in unbroken]
    widths = [max(map(len, each)) for each in cells]
    while sum(widths) + COLUMN_GAP * len(widths) > width and widths != least:
        place = max((place for place in range(len(widths)) if widths[place] > least[place]), key=widths.__getitem__)
        widths[place] -= 1
    return widths


@contextmanager
def working(text: str) -> Generator[None]:
    """Show on stderr that one long piece of work goes on, with the time it has taken."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(pulse_style="cyan"), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        progress.add_task(text, total=None)
        yield


@contextmanager
def progress_bar() -> Generator[Callable[[str, int, int], None]]:
    """Show progress on stderr: name, share done, time left; gives a function (name, done, total)."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
    from rich.text import Text

    class TimeLeftColumn(ProgressColumn):
        """Time left, from the pace since the beginning: pieces of work that take minutes have no other."""

        def render(self, task: Task) -> Text:
            return Text(time_left(task.elapsed or 0.0, int(task.completed), int(task.total or 0)))

    tasks: dict[str, TaskID] = {}
    columns = (TextColumn("{task.description:<22}"), BarColumn(), MofNCompleteColumn(), TimeLeftColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:

        def show(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = progress.add_task(name, total=total)
            if done == total or done % max(total // 200, 1) == 0:
                progress.update(tasks[name], completed=done)

        yield show


def time_left(elapsed_s: float, done: int, total: int) -> str:
    """Say how long work will still take if it goes on at the pace it had so far.

    Examples
    --------
    >>> time_left(30.0, 3, 12), time_left(3600.0, 1, 3), time_left(5.0, 0, 12), time_left(30.0, 12, 12)
    ('1:30 left', '2:00:00 left', 'time left unknown', '0:30 in all')
    """
    if done <= 0:
        return "time left unknown"
    seconds = round(elapsed_s if done >= total else elapsed_s * (total - done) / done)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
    return f"{clock} {'in all' if done >= total else 'left'}"
