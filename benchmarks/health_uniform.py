"""How long strings of unequal modules deliver under thirteen ways of use, at what cost; how fast a setpoint is shared.

`python benchmarks/health_uniform.py --json` prints one object and ends with 1 where a goal is not met; without `--json`
it prints the tables of `docs/uniform_ageing.md`. All modules are SYNTHETIC: drawn, not measured, and aged by Naumann's
model of a small LFP cell far beyond the 885 days it was fitted on. Gains compare the same modules; an interval holds
the middle four fifths of strings. Prices are assumptions of `ArmCosts`. How
gently to steer was chosen on seeds below 1000; figures come from seeds of 1000 and more.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from time import perf_counter

import numpy as np
from figures import Figure, answer, questions, say

from battuta.health import ageing_arms_kernels as kernels
from battuta.health.ageing_arms import ARMS, LABEL, Heterogeneity, StringDuty
from battuta.health.ageing_arms_cost import ArmCosts, break_even_cv
from battuta.health.ageing_arms_table import ArmTable, arm_table
from battuta.health.module_sharing import ModuleSharing, SharingLaw
from battuta.numerics.arrays import FloatArray
from battuta.numerics.sampling import generator
from battuta.physics.ageing.naumann import Naumann, naumann
from battuta.physics.pcs import NottonPcs

CVS = (0.0, 0.03, 0.05, 0.08, 0.10, 0.15, 0.20)
CLAIM_CV, CLAIM = 0.08, 0.20
COSTS_PER_KWH = (5.0, 10.0, 20.0, 40.0)
FIRST_SEED = 1000
GRADIENT_K = 8.0
Tables = Mapping[float, ArmTable]


def main() -> int:
    """Measure and print."""
    parser = questions(__doc__)
    parser.add_argument("--seeds", type=int, default=40, help="strings at each heterogeneity")
    options = parser.parse_args()
    seeds = range(FIRST_SEED, FIRST_SEED + options.seeds)
    tables = dict(run(seeds))
    places = conditions(seeds)
    figures = [
        *claim(tables),
        *broken_even(tables),
        *at_conditions(places),
        *calendar_shares(),
        *one_term(seeds),
        *pace(),
    ]
    rows = [row for table in tables.values() for row in rows_of(table)]
    if not options.json:
        print_tables(tables)
    told: dict[str, object] = {"label": LABEL, "seeds": [seeds.start, seeds.stop], "table": rows}
    return answer(figures, as_json=options.json, told=told)


def run(seeds: range) -> Iterator[tuple[float, ArmTable]]:
    """All arms over heterogeneity."""
    for cv in CVS:
        say(f"  spread of rates {cv:.0%}")
        yield cv, arm_table(Heterogeneity(rate_cv=cv), StringDuty(), seeds=seeds)


def scaled(converter: NottonPcs, factor: float) -> NottonPcs:
    """A converter that loses a multiple."""
    return replace(
        converter,
        no_load_discharge_pu=factor * converter.no_load_discharge_pu,
        quadratic_discharge_pu=factor * converter.quadratic_discharge_pu,
        no_load_charge_pu=factor * converter.no_load_charge_pu,
        quadratic_charge_pu=factor * converter.quadratic_charge_pu,
    )


def conditions(seeds: range) -> dict[str, ArmTable]:
    """The claim's heterogeneity under other conditions."""
    duty, unequal = StringDuty(), Heterogeneity(rate_cv=CLAIM_CV)
    asked = {
        "no_loss": (unequal, replace(duty, converter=scaled(duty.converter, 0.0))),
        "twice_the_loss": (unequal, replace(duty, converter=scaled(duty.converter, 2.0))),
        "warmed_2_k": (unequal, replace(duty, converter_warming_k=2.0)),
        "rates_known": (replace(unequal, known_cv=0.0), duty),
        "rates_unknown": (replace(unequal, known_cv=0.5), duty),
        "half_days": (unequal, replace(duty, energy_share=0.4)),
        "half_days_cv_20": (replace(unequal, rate_cv=0.2), replace(duty, energy_share=0.4)),
        "at_35_c": (unequal, replace(duty, temperature_c=35.0)),
        "gradient_8_k": (replace(unequal, gradient_k=GRADIENT_K), duty),
        "eight_modules": (replace(unequal, n_modules=8), duty),
    }
    tables: dict[str, ArmTable] = {}
    for name, (heterogeneity, each) in asked.items():
        say(f"  {name}")
        tables[name] = arm_table(heterogeneity, each, seeds=seeds)
    for name, model in flattened().items():
        say(f"  {name}")
        tables[name] = arm_table(unequal, duty, seeds=seeds, model=model)
    return tables


def flattened() -> dict[str, Naumann]:
    """The model without some of its shapes: what costs the steering its gain."""
    model = naumann()
    no_depth = {"cycle_depth_scale": 0.0, "cycle_c_rate_scale": 0.0}
    no_soc = {"calendar_soc_scale": 0.0}
    return {
        "no_depth_stress": replace(model, capacity=replace(model.capacity, **no_depth)),
        "no_calendar_soc": replace(model, capacity=replace(model.capacity, **no_soc)),
        "no_depth_no_soc": replace(model, capacity=replace(model.capacity, **no_depth, **no_soc)),
    }


def claim(tables: Tables) -> list[Figure]:
    """When a fifth more life holds, and against what."""
    at = tables[CLAIM_CV]
    figures = [
        Figure(
            name="steered_over_passive_at_cv_8",
            value=percent(at, "steered"),
            unit="%",
            goal=100.0 * CLAIM,
            is_more_better=True,
        ),
        Figure(name="steered_over_passive_at_cv_8_low", value=100.0 * at.gain("steered").low, unit="%"),
        Figure(name="steered_over_passive_at_cv_8_error", value=100.0 * at.gain("steered").error, unit="%"),
    ]
    pairs = (
        ("steered", "active"),
        ("steered", "converters_even"),
        ("steered", "low_window"),
        ("steered_low", "low_window"),
        ("steered_low", "active_low"),
        ("steered_low", "converters_even_low"),
        ("gentle", "converters_even"),
        ("gentle_low", "converters_even_low"),
    )
    figures += [Figure(name=f"{a}_over_{b}_at_cv_8", value=percent(at, a, b), unit="%") for a, b in pairs]
    figures.append(
        Figure(
            name="gentle_low_over_converters_even_low_at_cv_20",
            value=percent(tables[0.20], "gentle_low", "converters_even_low"),
            unit="%",
        )
    )
    for arm, over in (("steered", "passive"), ("steered_low", "low_window"), ("active", "passive")):
        name = f"fifth_more_of_{arm}_over_{over}_from_cv"
        means = np.array([table.gain(arm, over).mean for table in tables.values()])
        sure = np.array([table.gain(arm, over).low for table in tables.values()])
        figures += [crossing(name, means), crossing(f"{name}_in_nine_of_ten", sure)]
    figures += [
        Figure(name=f"spread_at_end_of_{name}_at_cv_8", value=100.0 * at.spread(name), unit="points")
        for name in (
            "passive",
            "active",
            "converters_even",
            "steered",
            "converters_even_low",
            "steered_low",
            "gentle_low",
        )
    ]
    figures += [
        Figure(
            name=f"weakest_at_end_of_{name}_at_cv_{100.0 * cv:.0f}",
            value=100.0 * float(np.mean([each.capacity_share_low for each in tables[cv].lives[name]])),
            unit="% of nameplate",
        )
        for name in ("active", "steered")
        for cv in (CLAIM_CV, 0.20)
    ]
    return figures


def crossing(name: str, gain: FloatArray) -> Figure:
    """Least heterogeneity from which a gain is a fifth."""
    return cv_figure(name, break_even_cv(np.array(CVS), np.full_like(gain, CLAIM), gain))


def cv_figure(name: str, cv: float) -> Figure:
    """A heterogeneity in percent, or that there is none."""
    return Figure(name=name, value=100.0 * cv if np.isfinite(cv) else "not up to 20 %", unit="%")


def percent(table: ArmTable, arm: str, over: str = "passive") -> float:
    """Mean gain. [%]."""
    return 100.0 * table.gain(arm, over).mean


def broken_even(tables: Tables) -> list[Figure]:
    """Heterogeneity from which a kilowatt-hour is no dearer than without converters."""
    figures: list[Figure] = []
    for arm, over in (("steered", "passive"), ("steered_low", "low_window"), ("steered_low", "active_low")):
        for cost in COSTS_PER_KWH:
            costs = ArmCosts(converter_per_kwh=cost)
            price, base = (
                np.array([table.price_per_kwh(name, costs) for table in tables.values()]) for name in (arm, over)
            )
            name = f"{arm}_pays_over_{over}_at_{cost:.0f}_eur_per_kwh_from_cv"
            figures.append(cv_figure(name, break_even_cv(np.array(CVS), price, base)))
    return figures


def at_conditions(tables: Mapping[str, ArmTable]) -> list[Figure]:
    """The claim elsewhere."""
    arms = {name: [("steered", "passive"), ("steered", "active")] for name in tables}
    arms["gradient_8_k"] += [("rotation", "passive"), ("swap", "passive")]
    for name in ("half_days", "half_days_cv_20", *flattened()):
        arms[name] += [("steered", "converters_even"), ("steered_low", "converters_even_low")]
    return [
        Figure(name=f"{name}_{arm}_over_{over}", value=percent(tables[name], arm, over), unit="%")
        for name, pairs in arms.items()
        for arm, over in pairs
    ]


def calendar_shares() -> list[Figure]:
    """What of five years' loss the calendar takes, which no sharing of energy changes much."""
    model, figures = naumann(), []
    cycles = model.cycle_capacity_share(depth=0.8, c_rate=0.2, full_cycles=0.8 * 5 * 365.25)
    day = np.zeros(kernels.N_DUTY)
    day[[kernels.MOVE_H, kernels.REST_HIGH_H]] = StringDuty().move_h, StringDuty().rest_high_h
    for name, low, high in (("full_top", 0.2, 1.0), ("low", 0.0, 0.8)):
        calendar = (kernels.calendar_day(low, high, 25.0, day, model.parameters()) * 5 * 365.25) ** 0.5
        share = 100.0 * calendar / (calendar + cycles)
        figures.append(Figure(name=f"calendar_share_of_loss_{name}", value=share, unit="%"))
    return figures


def one_term(seeds: range) -> list[Figure]:
    """Gains under one term of throughput, loss ``k x^b``, no losses, rates known: what the law of ageing decides."""
    normal = np.array([generator(seed, "health.ageing_arms.modules").standard_normal((3, 24)) for seed in seeds])
    figures: list[Figure] = []
    for exponent in (0.5, 0.8, 1.0):
        for cv in (0.05, CLAIM_CV, 0.20):
            spread = np.sqrt(np.log1p(cv * cv))
            rate = 0.2 * np.exp(spread * normal[:, 0] - 0.5 * spread * spread)
            new = 1.0 + 0.01 * normal[:, 2]
            passive = ((1.0 - 0.8 / new) / rate).min(axis=1) ** (1.0 / exponent)
            even = ((new.sum(axis=1) - 0.8 * 24) / (new * rate).sum(axis=1)) ** (1.0 / exponent)
            steered = one_term_steered(rate, new, exponent)
            name = f"one_term_{exponent:g}_cv_{100.0 * cv:.0f}"
            figures += [
                Figure(name=f"{name}_even_over_passive", value=100.0 * float((even / passive).mean() - 1.0), unit="%"),
                Figure(name=f"{name}_steered_over_even", value=100.0 * float((steered / even).mean() - 1.0), unit="%"),
            ]
    return figures


def one_term_steered(rate: FloatArray, new: FloatArray, exponent: float, step: float = 0.002) -> FloatArray:
    """Lives when shares go with what is left over the rate, three tenths from even at most."""
    used, life = np.zeros_like(rate), np.zeros(rate.shape[0])
    held = new.copy()
    while (held.mean(axis=1) >= 0.8).any() and life.max() < 5.0:
        weight = np.maximum(held - 0.6, 0.01) / rate
        share = np.clip(weight / weight.mean(axis=1, keepdims=True), 0.7, 1.3)
        used += step * share / share.mean(axis=1, keepdims=True)
        life += step * (held.mean(axis=1) >= 0.8)
        held = new * (1.0 - rate * used**exponent)
    return life


def pace() -> list[Figure]:
    """How long a setpoint takes to be shared, and how far shares are from adding up."""
    figures: list[Figure] = []
    for n_modules, goal in ((24, 100.0), (240, None)):
        weight = generator(FIRST_SEED, "benchmark.weights", cell=n_modules).uniform(0.5, 2.0, n_modules)
        for law, name in ((SharingLaw(), "all_at_work"), (SharingLaw(may_sleep=True), "may_sleep")):
            sharing = ModuleSharing.of(np.full(n_modules, 100.0), law=law)
            sharing.set_weights(weight)
            asked_kw = np.linspace(-95.0, 95.0, 2000) * n_modules
            sharing.step(float(asked_kw[0]), dt_s=1.0)
            started = perf_counter()
            given = [sharing.step(float(each), dt_s=1.0)[0].sum() for each in asked_kw]
            each_us = 1e6 * (perf_counter() - started) / asked_kw.size
            off = float(np.max(np.abs(np.array(given) - asked_kw)) / (100.0 * n_modules))
            place = f"sharing_{n_modules}_modules_{name}"
            figures += [
                Figure(name=f"{place}_us", value=each_us, unit="us", goal=goal),
                Figure(name=f"{place}_off", value=off, unit="-", goal=1e-9),
            ]
    return figures


def rows_of(table: ArmTable) -> Iterator[dict[str, object]]:
    """Rows of the table as JSON keeps them."""
    costs = ArmCosts()
    for name in table.lives:
        gain = table.gain(name)
        yield {
            "rate_cv": table.heterogeneity.rate_cv,
            "arm": name,
            "life_years": float(table.life_years(name).mean()),
            "over_passive": gain.mean,
            "over_passive_low": gain.low,
            "over_passive_high": gain.high,
            "spread_at_end": table.spread(name),
            "price_per_kwh": table.price_per_kwh(name, costs),
            "currency": costs.currency,
        }


def print_tables(tables: Tables) -> None:
    """The tables of the page."""
    heads = "".join(f" {100.0 * cv:.0f} % |" for cv in tables)
    for title, cell in (
        ("life, years (over passive, % [middle four fifths of strings])", life_cell),
        ("EUR per delivered MWh", price_cell),
    ):
        print(f"| {title} |{heads}\n|---|{'---:|' * len(tables)}")
        for name in ARMS:
            print(f"| {name} |" + "".join(f" {cell(table, name)} |" for table in tables.values()))
        print()


def life_cell(table: ArmTable, name: str) -> str:
    """Life and gain."""
    years = table.life_years(name).mean()
    gain = table.gain(name)
    if name == "passive":
        return f"{years:.1f}"
    return f"{years:.1f} ({100.0 * gain.mean:+.0f} [{100.0 * gain.low:+.0f} {100.0 * gain.high:+.0f}])"


def price_cell(table: ArmTable, name: str) -> str:
    """Price."""
    return f"{1000.0 * table.price_per_kwh(name, ArmCosts()):.1f}"


if __name__ == "__main__":
    sys.exit(main())
