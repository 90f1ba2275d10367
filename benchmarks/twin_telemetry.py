"""How honest a study's fan is after telemetry: hidden truths, from the models and from outside, are foreseen.

`python benchmarks/twin_telemetry.py --json` prints one object and ends with 1 where a goal is not met. Everything is
SYNTHETIC. Truths live on the stress tables of the example study: drawn as a study draws its lives, or with an exponent
of 0.7 where the models have another, at rates spread by a third. Two years of monthly capacities have errors of 0.3 or
1 point, an error at commissioning that all share, and months without telemetry; the fan of year 10 is held against the
truth.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from figures import Figure, answer, questions, say

from battuta.app.life_studies import example_study, read_study, study_inputs
from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.ageing_law import TermKind, ageing_law
from battuta.physics.ageing.borrowed_resistance import with_resistance
from battuta.physics.life_pack_walk import PackDuty
from battuta.twin.field_forecast import WANDER
from battuta.twin.lives_days import LifeDays, life_days
from battuta.twin.lives_shared import LifeDraws, live
from battuta.twin.near_tables import near_tables
from battuta.twin.stress_tables import StressTables
from battuta.twin.study_pack import study_pack
from battuta.twin.telemetry_calibration import MeasuredSite, telemetry_fit
from battuta.twin.telemetry_guesses import GuessForm, first_guesses
from battuta.twin.telemetry_likelihood import SiteChange

NAMES = ("naumann_lfp", "sony_lfp_3ah", "lfp_250ah")
LAWS = tuple(with_resistance(ageing_law(name), ageing_law("naumann_lfp")) for name in NAMES)
FORM = GuessForm(
    laws=LAWS,
    weights=dict.fromkeys(NAMES, 1.0),
    cell_deviation_share=0.05,
    learns_sites=False,
    learns_units=False,
    has_resistance=False,
)
MONTHS = np.round(30.4 * np.arange(1, 25))
TEN_YEARS, GAPS, EXPONENT = 3652, 0.2, 0.7
GOOD, POOR = (0.003, 0.003), (0.01, 0.005)
"""Error of a month, and error that all share: of a container's own estimates, and of a bare battery computer. [-]"""
N_GUESSES, N_LIVES = 4000, 600


def main() -> int:
    """Measure everything and print it."""
    parser = questions(__doc__)
    parser.add_argument("--truths", type=int, default=40, help="hidden truths of each kind")
    parser.add_argument("--seed", type=int, default=1000, help="choose on seeds below 100, score from 1000")
    options = parser.parse_args()
    return answer(measured(options.truths, options.seed), as_json=bool(options.json))


def measured(n_truths: int = 40, seed: int = 1000) -> list[Figure]:
    """All figures of this file."""
    tables = example_tables(seed)
    rng = np.random.default_rng(seed)
    drawn = first_guesses(FORM, 20 * n_truths, rng)
    narrow = np.flatnonzero(~drawn.is_wide)[:n_truths]
    inside = drawn.at(rng.permutation(narrow)).draws(FORM)
    strange = outside(n_truths, np.random.default_rng(seed))
    stated = drawn.at(np.arange(n_truths)).draws(FORM)
    return [
        *held_against("truths of the stated prior", tables, stated, GOOD, seed, strays=True),
        *held_against("truths of the stated prior, poor sensors", tables, stated, POOR, seed, strays=True),
        *held_against("truths of the models", tables, inside, GOOD, seed),
        *held_against("truths outside the models", tables, strange, GOOD, seed),
        *held_against("truths of the models, poor sensors", tables, inside, POOR, seed),
        *held_against("truths outside the models, poor sensors", tables, strange, POOR, seed),
    ]


def outside(n_truths: int, rng: np.random.Generator) -> LifeDraws:
    """Truths with an exponent of 0.7 in all that has one, and rates spread by a third."""
    law_of_life = rng.integers(0, 2, n_truths) * 2  # the models whose calendar has an exponent
    shift = np.zeros((n_truths, FORM.n_terms))
    for life, law in enumerate(law_of_life):
        for number, term in enumerate(LAWS[law].terms):
            if term.kind is TermKind.POWER and term.name.startswith("capacity"):
                shift[life, number] = EXPONENT - term.exponent
    rate = np.exp(0.3 * rng.standard_normal((n_truths, 1))) * np.ones((n_truths, FORM.n_terms))
    return LifeDraws(law_of_life=law_of_life.astype(np.int64), rate=rate, exponent_shift=shift)


def example_tables(seed: int) -> StressTables:
    """Stress tables of the example's first strategy, which reach as far as wide guesses go in ten years."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "study.toml"
        path.write_text(example_study(), encoding="utf-8")
        study = read_study(path)
        inputs = study_inputs(study, Path(folder))
    strategy = study.strategies[0]
    given = inputs.duties[strategy.name]
    duty = PackDuty(power_kw=given.power_kw, ambient_c=inputs.ambient_c, step_s=60.0, is_schedule=given.is_schedule)
    reach = first_guesses(FORM, 300, np.random.default_rng(seed)).draws(FORM)
    pack = study_pack(study.battery, strategy.duty, given.soc_start)
    return near_tables(pack, [duty], LAWS, reach, days_until(np.array([TEN_YEARS])))


def days_until(ends: FloatArray) -> LifeDays:
    """Days whose stretches end as asked."""
    last = int(ends[-1])
    calendar = life_days(dt.date(2027, 1, 1), last // 365 + 1, [365])
    return LifeDays(table_day=calendar.table_day[:last], year_start=np.concatenate(([0], ends)).astype(np.int64))


def lost(tables: StressTables, draws: LifeDraws, ends: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Capacity lost and resistance gained at the ends."""
    found = live(tables, LAWS, draws, days_until(ends))
    return 1.0 - found.soh_capacity[:, 1:], found.soh_resistance[:, 1:] - 1.0


def wandering(loss: FloatArray, rng: np.random.Generator) -> FloatArray:
    """What losses stray from a smooth law, as the likelihood states it: further where more is lost."""
    step = np.maximum(np.diff(loss, axis=1, prepend=0.0), 0.0)
    return np.cumsum(np.sqrt(WANDER * step) * rng.standard_normal(loss.shape), axis=1)


def held_against(
    name: str, tables: StressTables, truths: LifeDraws, errors: tuple[float, float], seed: int, *, strays: bool = False
) -> list[Figure]:
    """Foresee year 10 of each truth from its first two years."""
    rng, (error_own, error_shared) = np.random.default_rng(seed), errors
    both = lost(tables, truths, np.append(MONTHS, TEN_YEARS))[0]
    if strays:
        both += wandering(both, np.random.default_rng((seed, 1)))
    pit, error, wide, told, took_s = (np.empty(both.shape[0]) for _ in range(5))
    for number, own in enumerate(both):
        noise = error_shared * rng.standard_normal() + error_own * rng.standard_normal(MONTHS.size)
        change = np.where(rng.random(MONTHS.size) < GAPS, np.nan, own[:-1] + noise)
        change[0] = own[0] + noise[0]
        began = perf_counter()
        capacity = SiteChange(
            day=MONTHS,
            change=change[None],
            deviation=np.full((1, MONTHS.size), error_own),
            shared_deviation=error_shared,
        )
        site = MeasuredSite(name="hidden", is_own=True, capacity=capacity, resistance=None)
        fit = telemetry_fit(
            FORM, [site], lambda draws: lost(tables, draws, MONTHS), seed=seed + number, n_lives=N_LIVES,
            n_guesses=N_GUESSES,
        )  # fmt: skip
        fan = lost(tables, fit.draws, np.array([TEN_YEARS]))[0][:, 0]
        took_s[number] = perf_counter() - began
        pit[number], error[number] = np.mean(fan <= own[-1]), 100.0 * (np.median(fan) - own[-1])
        wide[number], told[number] = fit.wide_share, fit.is_outside
    say(f"{name}: {pit.size} truths, {took_s.sum():.0f} s")
    say(f"PIT by fifths {np.histogram(pit, 5, (0.0, 1.0))[0].tolist()}")
    share = float(np.mean((pit >= 0.05) & (pit <= 0.95)))
    name = f"SYNTHETIC telemetry, {name}"
    return [
        Figure(
            name=f"{name}: year 10 covered by 90 %, at least", value=share, unit="-", goal=0.85, is_more_better=True
        ),
        Figure(name=f"{name}: year 10 covered by 90 %, at most", value=share, unit="-", goal=0.95),
        Figure(name=f"{name}: median error of year 10", value=float(np.median(np.abs(error))), unit="points"),
        Figure(name=f"{name}: mean of the PIT", value=float(pit.mean()), unit="-"),
        Figure(name=f"{name}: deviation of the PIT (0.29 is right)", value=float(pit.std()), unit="-"),
        Figure(name=f"{name}: share of guesses that age like no model", value=float(wide.mean()), unit="-"),
        Figure(name=f"{name}: told to be outside", value=float(told.mean()), unit="-"),
        Figure(name=f"{name}: a calibration and its fan", value=float(np.median(took_s)), unit="s"),
    ]


if __name__ == "__main__":
    raise SystemExit(main())
