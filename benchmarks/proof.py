"""Long evidence, kept in `proof/`: each part is a command that anyone can run, its answer, the commit and the machine.

`python benchmarks/proof.py [PART ...]`; a part that was proven at this commit is not run again.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from functools import partial

from figures import DATA, ROOT

KEPT = ROOT / "proof"
STRATEGIES = "fixed_time,fixed_time_fitted,fixed_time_refitted,percentile,persistence,similar_day,median_profile_28d"
BENCHMARK_ASSET = ROOT / "examples" / "benchmark_site.toml"
BENCHMARKS = (
    "schedule",
    "physics",
    "site",
    "forecast_ablation",
    "site_forecast",
    "spoiled_inputs",
    "health",
    "health_life",
    "health_soc",
    "health_uniform",
    "health_scale",
    "health_plan",
    "health_features",
    "twin_ageing",
    "twin_lives",
    "twin_calibration",
    "twin_telemetry",
    "twin_finance",
    "twin_study",
)
FRESH = {"site_peak": ("--seed", "31"), "site_cooling": ("--first-seed", "1000")}
"""Seeds on which nothing was chosen; constants of these two were chosen on the ones that they take if left out."""
SIZED = {"health_site": ("--healthy-sites", "80", "--faulty-sites", "4")}
"""As large as the tables of the documentation."""
MARKETS = ("NP", "FR", "DE", "DDNN", "E_FR", "E_FI", "E_PT", "E_CH", "E_DE_LU")
WITH_LATE_COLUMNS = ("E_FR", "E_FI", "E_PT", "E_CH", "E_DE_LU")


def main() -> int:
    """Run the parts that are asked for, or all, and keep their answers."""
    parts = {"epf_backtest": epf_backtest, **{name: partial(benchmark, name) for name in BENCHMARKS}}
    parts |= {name: partial(benchmark, name, *options) for name, options in (FRESH | SIZED).items()}
    parts |= {f"forecast_{market}": partial(benchmark, "forecast", "--market", market) for market in MARKETS}
    for market in WITH_LATE_COLUMNS:
        parts[f"forecast_{market}_late"] = partial(benchmark, "forecast", "--market", market, "--late-columns")
    names = sys.argv[1:] or list(parts)
    unknown = [name for name in names if name not in parts]
    if unknown:
        print(f"no part named {', '.join(unknown)}; there are {', '.join(parts)}", file=sys.stderr)
        return 2
    KEPT.mkdir(exist_ok=True)
    commit = answer_of(["git", "rev-parse", "HEAD"]).strip()
    for name in names:
        path = KEPT / f"{name}.json"
        if path.is_file() and json.loads(path.read_text(encoding="utf-8"))["commit"] == commit:
            print(f"{name}: proven at this commit", file=sys.stderr)
            continue
        print(f"{name}: running", file=sys.stderr)
        kept = {"commit": commit, "python": platform.python_version(), "cores": os.cpu_count(), **parts[name]()}
        path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        print(f"{name}: {path.relative_to(ROOT)}", file=sys.stderr)
    return 0


def epf_backtest() -> dict[str, object]:
    """The table of three markets, by the command line, on the last 728 days with two published forecasts."""
    markets = {}
    for market in ("NP", "FR", "DE"):
        for forecast in ("LEAR Ensemble", "DNN Ensemble"):
            print(f"  {market} {forecast}", file=sys.stderr)
            command = [
                sys.executable, "-m", "battuta", "backtest", str(DATA / "trading" / f"epf_{market}.csv.gz"),
                "--asset", str(BENCHMARK_ASSET), "--source", "epf", "--test-days", "728", "--strategies", STRATEGIES,
                "--forecast", str(DATA / "trading" / f"epf_forecasts_{market}.csv.gz"),
                "--forecast-column", forecast, "--json",
            ]  # fmt: skip
            markets[f"{market}, {forecast}"] = json.loads(answer_of(command))
    return {"command": "battuta backtest epf_MARKET.csv.gz --source epf --test-days 728 ...", "results": markets}


def benchmark(name: str, *options: str) -> dict[str, object]:
    """All figures of a benchmark, those included that miss their goal."""
    command = [sys.executable, str(ROOT / "benchmarks" / f"{name}.py"), "--json", *options]
    return {
        "command": " ".join([f"benchmarks/{name}.py", "--json", *options]),
        **json.loads(answer_of(command, is_any_code=True)),
    }


def answer_of(command: list[str], *, is_any_code: bool = False) -> str:
    """Return what a command printed on stdout."""
    return subprocess.run(command, cwd=ROOT, check=not is_any_code, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
