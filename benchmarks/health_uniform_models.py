"""Ways of using a string of unequal modules as lives of twenty years, under every ageing model of the ensemble.

`python benchmarks/health_uniform_models.py --json` prints one object; without `--json` it prints the table of
`docs/uniform_ageing.md`. All modules and days are SYNTHETIC. A string has the same modules in all of it; rates and
exponents of each model are drawn from what is not known of them. An interval holds the middle four fifths of all
strings under all models: chance and the models' disagreement.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from figures import Figure, answer, questions

from battuta.adapters.compute.local import LocalCompute
from battuta.health.ageing_arms import ARMS, PASSIVE, Heterogeneity
from battuta.studies.uniform_ageing import LABEL, UniformAgeing, UniformAgeingAsked, uniform_ageing

PAIRS = (
    ("steered", "passive"),
    ("steered", "converters_even"),
    ("steered_low", "converters_even_low"),
    ("gentle_low", "converters_even_low"),
    ("active", "steered"),
    ("low_window", "passive"),
    ("steered", "low_window"),
)


def main() -> int:
    """Measure and print."""
    parser = questions(__doc__)
    parser.add_argument("--strings", type=int, default=200, help="strings under each model")
    parser.add_argument("--spread", type=float, default=0.08, help="spread of the modules' rates")
    parser.add_argument("--threads", type=int, help="work at once; one per core if left out")
    options = parser.parse_args()
    asked = UniformAgeingAsked(
        heterogeneity=Heterogeneity(rate_cv=options.spread), arms=tuple(ARMS), n_strings=options.strings
    )
    found = uniform_ageing(asked, LocalCompute(options.threads))
    if not options.json:
        print_table(found)
    told: dict[str, object] = {"label": LABEL, "strings": asked.n_strings, "table": list(rows_of(found))}
    return answer(figures_of(found), as_json=options.json, told=told)


def figures_of(found: UniformAgeing) -> Iterator[Figure]:
    """Gains under each model and all, what models disagree about, and who outlived the count."""
    for arm, over in PAIRS:
        gain = found.gain(arm, over)
        yield Figure(name=f"{arm}_over_{over}", value=100.0 * gain.mean, unit="%")
        yield Figure(name=f"{arm}_over_{over}_low", value=100.0 * gain.low, unit="%")
        yield Figure(name=f"{arm}_over_{over}_high", value=100.0 * gain.high, unit="%")
        for law in found.laws:
            own = found.gain(arm, over, law)
            yield Figure(name=f"{arm}_over_{over}_{law}", value=100.0 * own.mean, unit="%")
            yield Figure(name=f"{arm}_over_{over}_{law}_error", value=100.0 * own.error, unit="%")
    for law in found.laws:
        yield Figure(name=f"order_{law}", value=" ".join(found.order(law)), unit="-")
        most = max(found.outlived_share(arm, law) for arm in found.asked.arms)
        yield Figure(name=f"outlived_{law}_most", value=100.0 * most, unit="%")
    yield Figure(name="disputed", value="; ".join(f"{a} {b}" for a, b in found.disputed()) or "none", unit="-")


def rows_of(found: UniformAgeing) -> Iterator[dict[str, object]]:
    """Rows of the table as JSON keeps them."""
    for name in found.asked.arms:
        for law in (None, *found.laws):
            life, delivered = found.gain(name, law=law), found.gain(name, law=law, of="delivered")
            yield {
                "arm": name,
                "model": law or "all",
                "life_years": found.mean(name, law),
                "over_passive": life.mean,
                "over_passive_low": life.low,
                "over_passive_high": life.high,
                "delivered_share": found.mean(name, law, "delivered"),
                "delivered_over_passive": delivered.mean,
            }


def print_table(found: UniformAgeing) -> None:
    """The table of the page."""
    laws = "".join(f" `{law}` |" for law in found.laws)
    head = "life, years (over passive, % [middle four fifths])"
    print(f"| {head} | all models |{laws} energy of {found.asked.n_years} years |")
    print(f"|---|{'---:|' * (2 + len(found.laws))}")
    for name in found.asked.arms:
        cells = " | ".join(life_cell(found, name, law) for law in (None, *found.laws))
        print(f"| {name} | {cells} | {energy_cell(found, name)} |")
    print()


def life_cell(found: UniformAgeing, name: str, law: str | None) -> str:
    """Life and gain; the interval where it holds the models too."""
    years, gain = f"{found.mean(name, law):.1f}", found.gain(name, law=law)
    if name == PASSIVE:
        return years
    interval = f" [{100.0 * gain.low:+.0f} {100.0 * gain.high:+.0f}]" if law is None else ""
    return f"{years} ({100.0 * gain.mean:+.0f}{interval})"


def energy_cell(found: UniformAgeing, name: str) -> str:
    """Share of the energy asked that is delivered, and gain."""
    share, gain = 100.0 * found.mean(name, None, "delivered"), found.gain(name, of="delivered")
    if name == PASSIVE:
        return f"{share:.1f} %"
    return f"{share:.1f} % ({100.0 * gain.mean:+.1f} [{100.0 * gain.low:+.1f} {100.0 * gain.high:+.1f}])"


if __name__ == "__main__":
    sys.exit(main())
