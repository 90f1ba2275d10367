"""False alarms of many healthy years: a long run that can be stopped and gone on with at any time.

`python benchmarks/health_fleet_years.py KEPT.jsonl --cell-years 300000` lets SYNTHETIC strings of 240 cells live a year
each (`battuta.world.foreign`), of all duties, with fresh modules, balancing, idle weeks and lost rows, none with a
fault, and watches them as a fleet is watched. Each string-year becomes a line of the file at once; the next run reads
what is there and goes on. Seeds are 20,000 and more, one for each string: nothing was chosen on
them (limits were chosen on seeds below 1,000 and on 10,000 to 10,131). A line holds
what it was made by, a hash of the sources of detector and world: years under other sources are not counted, and are
said to be there.

It prints one object with `--json`, the false alarms per 100,000 cells and year, about 100 MWh, with the upper 95 %
bound of Poisson, and ends with 1 where a goal is not met. `--no-run` tells what the file says so far.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the strings run side by side

import hashlib
import json
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, process_time

from figures import Figure, answer, questions, say
from health_operator import rates

from battuta.adapters.compute.local import LocalCompute
from battuta.domain.errors import DataError
from battuta.domain.health import Finding, FindingLevel
from battuta.health.string_scan import StringScan, settings_hash
from battuta.physics.cell_parameters import cell_parameters
from battuta.world.foreign.foreign_fleet import FleetPlan, StringLife

N_CELLS, DAYS, DAYS_PER_YEAR = 240, 365, 365.25
FIRST_SEED = 20_000
CELL = "lfp_314ah"
ROOMS = ("battuta.health.", "battuta.world.", "battuta.physics.", "battuta.numerics.")
AT_ONCE = 16
"""String-years between two looks at how much is still wanted."""


@dataclass(frozen=True, kw_only=True)
class StringYear:
    """A year of a healthy string: a line of the file.

    Attributes
    ----------
    made_by : str
        Hash of the sources of detector and world.
    seed, n_cells, n_days : int
        Seed of its string, cells and days. [-]
    duty : str
        What it did at first.
    n_samples : int
        Voltages that were read. [-]
    act_cells, watch_cells : tuple of int
        Cells that were named, at that level or a graver one; -1 is the string as a whole.
    told : dict of str to int
        Findings by class and level.
    """

    made_by: str
    seed: int
    n_cells: int
    n_days: int
    duty: str
    n_samples: int
    act_cells: tuple[int, ...]
    watch_cells: tuple[int, ...]
    told: dict[str, int]

    @property
    def cell_years(self) -> float:
        """Years that its cells lived, together."""
        return self.n_cells * self.n_days / DAYS_PER_YEAR


def main() -> int:
    """Go on, and print."""
    parser = questions(__doc__)
    parser.add_argument("kept", type=Path, help="file of string-years; made if it is not there")
    parser.add_argument("--cell-years", type=float, default=300_000.0, help="go on until there are so many")
    parser.add_argument("--threads", type=int, default=None, help="strings at once; one per core if left out")
    parser.add_argument("--no-run", action="store_true", help="only tell what the file says")
    options = parser.parse_args()
    made_by = hash_of_sources()
    kept = read_kept(options.kept)
    years = {each.seed: each for each in kept if each.made_by == made_by}
    if not options.no_run:
        go_on(options.kept, years, options.cell_years, LocalCompute(options.threads), made_by)
    told: dict[str, object] = {
        "label": "SYNTHETIC telemetry of a healthy foreign fleet",
        "made_by": made_by,
        "first_seed": FIRST_SEED,
        "string_years_of_other_sources": len(kept) - sum(each.made_by == made_by for each in kept),
        "duties": dict(Counter(each.duty for each in years.values())),
        "told_of_healthy": dict(sum((Counter(each.told) for each in years.values()), Counter[str]())),
    }
    return answer(false_alarms(list(years.values())), as_json=options.json, told=told)


def go_on(path: Path, years: dict[int, StringYear], cell_years: float, compute: LocalCompute, made_by: str) -> None:
    """Let strings live until there are so many cell-years; each is written down as soon as it is over."""
    lock = threading.Lock()

    def lived(seed: int) -> StringYear:
        year = live_year(seed, made_by)
        with lock:
            append(path, year)
        return year

    while wanted := seeds_wanted(years, cell_years):
        started, busy_s = perf_counter(), process_time()
        new = compute.map(lived, wanted)
        years |= {each.seed: each for each in new}
        total, seconds = sum(each.cell_years for each in years.values()), perf_counter() - started
        pace = sum(each.n_samples for each in new) / (process_time() - busy_s) / 1e6
        say(f"{total:.0f} cell-years; {len(new)} strings in {seconds:.0f} s, {pace:.0f} M samples a core second")


def hash_of_sources() -> str:
    """Hash of all modules that detector and foreign world stand on, and of cell and settings: what a year hangs on."""
    digest = hashlib.sha256(settings_hash(cell_parameters(CELL)).encode())
    for name in sorted(each for each in sys.modules if each.startswith(ROOMS)):
        path = sys.modules[name].__file__
        if path is not None:
            digest.update(name.encode() + Path(path).read_bytes())
    return digest.hexdigest()[:16]


def read_kept(path: Path) -> list[StringYear]:
    """Read what a file holds; a last line that was cut off while it was written is cut away.

    Raises
    ------
    DataError
        If another line is no string-year.
    """
    if not path.is_file():
        return []
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        say(f"{path}: its last line was cut off; that string-year is lived anew")
        path.write_bytes(whole)
    return list(years_of(path, whole))


def years_of(path: Path, content: bytes) -> Iterator[StringYear]:
    """String-years of whole lines."""
    for number, line in enumerate(content.splitlines(), 1):
        try:
            row = json.loads(line)
            row |= {name: tuple(row[name]) for name in ("act_cells", "watch_cells")}
            yield StringYear(**row)
        except (KeyError, TypeError, ValueError) as error:
            message = f"{path}, line {number} is no string-year ({error}); name another file, or take the line out"
            raise DataError(message) from error


def append(path: Path, year: StringYear) -> None:
    """Write a string-year to the end of a file, as one line."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(year)) + "\n")
        file.flush()
        os.fsync(file.fileno())


def seeds_wanted(years: dict[int, StringYear], cell_years: float) -> list[int]:
    """Seeds to live next, none if there are enough: the first that are missing."""
    missing = cell_years - sum(each.cell_years for each in years.values())
    n = min(-int(-missing // (N_CELLS * DAYS / DAYS_PER_YEAR)), AT_ONCE)
    free = (seed for seed in range(FIRST_SEED, FIRST_SEED + len(years) + AT_ONCE) if seed not in years)
    return [seed for _, seed in zip(range(n), free, strict=False)]


def live_year(seed: int, made_by: str, n_days: int = DAYS) -> StringYear:
    """Let a healthy string live and watch it."""
    source = StringLife(FleetPlan(seed=seed, n_strings=1, n_cells=N_CELLS), 0)
    watch = StringScan(cell_parameters(CELL), source.string_id, N_CELLS)
    findings: list[Finding] = []
    n_samples = 0
    for _ in range(n_days):
        block = source.block(1)
        if block.n_times:
            findings += watch.take(block)
            n_samples += block.voltage_v.size
    findings += watch.close()

    def named(level: FindingLevel) -> tuple[int, ...]:
        return tuple(sorted({-1 if each.cell is None else each.cell for each in findings if each.level >= level}))

    return StringYear(
        made_by=made_by,
        seed=seed,
        n_cells=N_CELLS,
        n_days=n_days,
        duty=str(source.character.duty.duty.value),
        n_samples=n_samples,
        act_cells=named(FindingLevel.ACT),
        watch_cells=named(FindingLevel.WATCH),
        told=dict(Counter(f"{each.fault.value} {each.level.name.lower()}" for each in findings)),
    )


def false_alarms(years: Sequence[StringYear]) -> list[Figure]:
    """False alarms per 100 MWh and year, with the upper 95 % bound; not run without years."""
    cell_years = sum(each.cell_years for each in years)
    figures = [Figure(name="healthy_cell_years", value=cell_years, unit="year")]
    for name, cells, goal in (
        ("act", sum(len(each.act_cells) for each in years), 1.0),
        ("watch", sum(len(each.watch_cells) for each in years), 12.0),
    ):
        rate, bound = rates(cells, cell_years) if years else ("not run", "not run")
        figures += [
            Figure(name=f"{name}_false_per_100_mwh_year", value=rate, unit="1/year", goal=goal),
            Figure(name=f"{name}_false_per_100_mwh_year_upper_95", value=bound, unit="1/year", goal=goal),
            Figure(name=f"{name}_false_cells", value=cells, unit="-"),
        ]
    return figures


if __name__ == "__main__":
    sys.exit(main())
