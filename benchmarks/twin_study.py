"""An investor's question from file to PDF: how long it takes, and that its answer hangs on nothing but the question.

`python benchmarks/twin_study.py --json` prints one object and ends with 1 where a goal is not met. The study is the
example that `battuta schema study --example` prints: base, aggressive and capped frequency regulation with 314 Ah
cells, a thousand lives each, on SYNTHETIC frequency and climate; its prices and costs are assumed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter

import numpy as np
from figures import Figure, answer, questions, say

from battuta.app.life_studies import answer as answered
from battuta.app.life_studies import example_study, read_study, study_inputs
from battuta.interfaces.reports.twin_pdf import twin_pdf
from battuta.studies.life_study_result import LifeStudyResult

WORKERS = (1, 2, 4)
ARRAYS = {
    "lives": ("soh_capacity", "soh_resistance", "soh_energy", "discharged_mwh", "loss_by_cause"),
    "finance": ("irr", "npv", "min_dscr", "lcos_nominal", "equity_flow"),
}
COLD = "from battuta.interfaces.cli.main import main; main()"


def main() -> int:
    """Measure everything and print it."""
    options = questions(__doc__).parse_args()
    return answer(measured(), as_json=bool(options.json))


def measured() -> list[Figure]:
    """All figures of this file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.toml"
        path.write_text(example_study(), encoding="utf-8")
        return [*cold(path), *warm(path), *by_workers(path)]


def cold(path: Path) -> Iterable[Figure]:
    """From the command line in a fresh process, kernels as they are kept."""
    say("the whole study in a fresh process")
    report = path.with_name("cold.pdf")
    started = perf_counter()
    subprocess.run(
        [sys.executable, "-c", COLD, "twin", path, "--report", report, "--json"], check=True, capture_output=True
    )
    return [Figure(name="study_cold_to_pdf", value=perf_counter() - started, unit="s", goal=30.0)]


def warm(path: Path) -> Iterable[Figure]:
    """In a process that has done it before; the PDF is the same to the byte."""
    say("the whole study, warm")
    documents, seconds = [], np.inf
    for _ in range(3):
        started = perf_counter()
        result = answered(read_study(path), path.parent)
        documents.append(twin_pdf(result, version="benchmark"))
        seconds = min(seconds, perf_counter() - started)
    return [
        Figure(name="study_warm_to_pdf", value=seconds, unit="s", goal=10.0),
        Figure(name="study_pdfs_that_differ", value=len(set(documents)) - 1, unit="-", goal=0.0),
        Figure(name="study_pdf_size", value=len(documents[0]) / 1e3, unit="kB"),
    ]


def by_workers(path: Path) -> Iterable[Figure]:
    """The same on one, two and four workers: identical, and how well two share the work."""
    say("the same by one, two and four workers")
    study = read_study(path)
    results: list[LifeStudyResult] = []
    seconds: dict[int, float] = {}
    for workers in WORKERS:
        best = np.inf
        for _ in range(2):
            started = perf_counter()
            result = answered(study, path.parent, n_threads=workers)
            best = min(best, perf_counter() - started)
        results.append(result)
        seconds[workers] = best
    made = perf_counter()
    study_inputs(study, path.parent)
    alone = perf_counter() - made  # reading and making what is asked, which workers do not share
    shared = (seconds[1] - alone) / 2.0 / (seconds[2] - alone)
    return [
        Figure(name="study_answers_that_differ_by_workers", value=differing(results), unit="-", goal=0.0),
        Figure(name="study_inputs_time", value=alone, unit="s"),
        *(Figure(name=f"study_{each}_workers", value=seconds[each], unit="s") for each in WORKERS),
        Figure(name="study_2_workers_efficiency", value=shared, unit="-", goal=0.8, is_more_better=True),
    ]


def differing(results: list[LifeStudyResult]) -> int:
    """Arrays of later results that are not those of the first, to the bit."""
    first = results[0]
    return sum(
        not np.array_equal(getattr(getattr(a, part), name), getattr(getattr(b, part), name), equal_nan=True)
        for other in results[1:]
        for a, b in zip(first.strategies, other.strategies, strict=True)
        for part, names in ARRAYS.items()
        for name in names
    )


if __name__ == "__main__":
    sys.exit(main())
