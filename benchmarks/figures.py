"""What every benchmark says and how: figures and their goals, the machine, progress on stderr, an object on stdout."""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("BATTUTA_DATA", ROOT.parent / "shared" / "data"))
"""Where recordings and prices lie."""
NOT_RUN = "not run"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured figure; `goal` is an upper bound, or a lower bound where `is_more_better`."""

    name: str
    value: float | str
    unit: str
    goal: float | None = None
    is_more_better: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None where there is none or the figure was not measured."""
        if self.goal is None or isinstance(self.value, str):
            return None
        return bool(self.value >= self.goal if self.is_more_better else self.value <= self.goal)

    def row(self) -> dict[str, object]:
        """Return the figure as the benchmark prints it."""
        return {"name": self.name, "value": self.value, "unit": self.unit, "goal": self.goal, "met": self.met}


def questions(description: str | None) -> argparse.ArgumentParser:
    """Return the options that every benchmark has; it may add its own."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")
    return parser


def answer(figures: Iterable[Figure], *, as_json: bool, told: dict[str, object] | None = None) -> int:
    """Print figures and machine, `told` added to it, and return the exit code: 1 where a goal is not met."""
    figures = list(figures)
    if as_json:
        print(json.dumps({"figures": [each.row() for each in figures], "machine": {**machine(), **(told or {})}}))
    else:
        width = max((len(each.name) for each in figures), default=0)
        for each in figures:
            print(f"{each.name:<{width}} {each.value!s:>24} {each.unit:<8} goal {each.goal} met {each.met}")
    return 1 if any(each.met is False for each in figures) else 0


def machine() -> dict[str, object]:
    """Describe the machine, for the reader of the figures."""
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "load_1min": os.getloadavg()[0],
    }


def peak_memory_mb() -> float:
    """Peak resident memory of this process; what the one that started it held before does not count. [MB]"""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(row for row in status.read_text(encoding="utf-8").splitlines() if row.startswith("VmHWM"))
        return int(line.split()[1]) / 1000.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def say(text: str) -> None:
    """Show progress on stderr."""
    print(text, file=sys.stderr, flush=True)
