"""Year of quarter-hours of loads and PV from the files of SimBench, written as one CSV: `... FILE NAME NAME ...`.

Runs in SimBench's own environment (`make bench-peers NAME=simbench`); only its files are looked at. The data are made
available under the Open Database License and stay where this script is told to write them.
"""

from __future__ import annotations

import csv
import sys
from importlib.metadata import files
from pathlib import Path

FOLDER = "1-complete_data-mixed-all-0-sw"


def column(table: Path, name: str) -> list[str]:
    """Return one column of a file of SimBench."""
    with table.open(encoding="utf-8", newline="") as lines:
        return [row[name] for row in csv.DictReader(lines, delimiter=";")]


def main() -> int:
    """Write `time` as it stands in the files, and each profile that was asked for."""
    target, names = Path(sys.argv[1]), sys.argv[2:]
    found = {Path(each).name: Path(str(each.locate())) for each in files("simbench") or [] if FOLDER in str(each)}
    table = {name: "RESProfile.csv" if name.startswith("PV") else "LoadProfile.csv" for name in names}
    told = {name: name if name.startswith("PV") else f"{name}_pload" for name in names}
    columns = [column(found["LoadProfile.csv"], "time")]
    columns += [column(found[table[name]], told[name]) for name in names]
    with target.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["time", *names])
        writer.writerows(zip(*columns, strict=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
