"""``battuta health uniform``: ways of using a string of unequal modules for twenty years, by several ageing models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from battuta.interfaces.cli import options, output

if TYPE_CHECKING:
    from battuta.app.uniform_ageing import TimedComparison
    from battuta.health.ageing_arms_table import Gain
    from battuta.studies.uniform_ageing import UniformAgeing


def uniform(
    arms: Annotated[
        str | None, typer.Option("--ways", help="Ways, by commas: passive,active,steered; the main ones if left out.")
    ] = None,
    models: Annotated[
        str | None, typer.Option("--models", help="Ageing models, by commas; all of them, alike, if left out.")
    ] = None,
    modules: Annotated[int, typer.Option("--modules", min=1, max=1000, help="Modules of a string.")] = 24,
    spread: Annotated[
        float, typer.Option("--spread", help="Spread of the modules' rates of ageing, standard deviation over mean.")
    ] = 0.08,
    strings: Annotated[int, typer.Option("--strings", min=1, max=100_000, help="Strings under each model.")] = 200,
    years: Annotated[int, typer.Option("--years", min=1, max=40, help="Years over which energy is counted.")] = 20,
    energy_share: Annotated[
        float, typer.Option("--energy-share", help="Energy of each day, share of nameplate.")
    ] = 0.8,
    temperature_c: Annotated[float, typer.Option("--temperature-c", help="Mean of the cells [degC].")] = 25.0,
    gradient_k: Annotated[float, typer.Option("--gradient-k", help="Hottest place less coldest [K].")] = 0.0,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**63 - 1, help="Same seed, same strings.")] = 1000,
    threads: Annotated[int | None, typer.Option("--threads", help="Work at once; the answer is the same.")] = None,
    as_json: options.JsonOption = False,
) -> None:
    """Compare ways of using a string of unequal modules: how long it delivers, and how much. SYNTHETIC."""
    from battuta.app.uniform_ageing import compare_ways
    from battuta.health.ageing_arms import Heterogeneity, StringDuty
    from battuta.physics.ageing.ageing_law import ageing_law, ageing_law_names
    from battuta.studies.uniform_ageing import MAIN_ARMS, UniformAgeingAsked

    laws = [ageing_law(name).name for name in (_named(models) or ageing_law_names())]
    asked = UniformAgeingAsked(
        heterogeneity=Heterogeneity(rate_cv=spread, gradient_k=gradient_k, n_modules=modules),
        duty=StringDuty(energy_share=energy_share, temperature_c=temperature_c),
        arms=_named(arms) or MAIN_ARMS,
        weights=dict.fromkeys(laws, 1.0),
        n_strings=strings,
        n_years=years,
        seed=seed,
    )
    with output.progress_bar() as progress:
        timed = compare_ways(asked, n_threads=threads, progress=progress)
    if as_json:
        output.print_json(summary(timed))
    else:
        _print(timed)


def summary(timed: TimedComparison) -> dict[str, output.Json]:
    """Write a comparison as the command's JSON object; shares of the passive way's life or energy are fractions."""
    from battuta.studies.uniform_ageing import LABEL

    found = timed.found
    asked = found.asked
    return {
        "is_synthetic": True,
        "label": LABEL,
        "modules": asked.heterogeneity.n_modules,
        "spread": asked.heterogeneity.rate_cv,
        "strings": asked.n_strings,
        "years": asked.n_years,
        "seed": asked.seed,
        "models": list(found.laws),
        "ways": {name: _way(found, name) for name in asked.arms},
        "order": {law: list(found.order(law)) for law in found.laws},
        "disputed": [list(pair) for pair in found.disputed()],
        "seconds": timed.seconds,
    }


def _way(found: UniformAgeing, name: str) -> dict[str, output.Json]:
    from battuta.health.ageing_arms import ARMS

    by_model: dict[str, output.Json] = {law: _figures(found, name, law) for law in found.laws}
    return {"says": ARMS[name].says, **_figures(found, name, None), "by_model": by_model}


def _figures(found: UniformAgeing, name: str, law: str | None) -> dict[str, output.Json]:
    told: dict[str, output.Json] = {
        "life_years": found.mean(name, law),
        "delivered_share": found.mean(name, law, "delivered"),
        "life_over_passive": _gain(found.gain(name, law=law)),
        "delivered_over_passive": _gain(found.gain(name, law=law, of="delivered")),
    }
    if law is not None:
        told["outlived_share"] = found.outlived_share(name, law)
    return told


def _gain(gain: Gain) -> dict[str, output.Json]:
    return {"mean": gain.mean, "p10": gain.low, "p90": gain.high, "error": gain.error}


def _named(words: str | None) -> tuple[str, ...]:
    """Names between commas."""
    return tuple(each.strip() for each in words.split(",") if each.strip()) if words else ()


def _print(timed: TimedComparison) -> None:
    from battuta.studies.uniform_ageing import LABEL

    found, heads = timed.found, ("way", "life, years", "over passive", "P10", "P90")
    asked = found.asked
    columns = (*heads, *(f"{law}, years (over passive)" for law in found.laws), f"given in {asked.n_years} years")
    print(LABEL)
    n_modules, n_laws = asked.heterogeneity.n_modules, len(found.laws)
    title = f"{asked.n_strings} strings of {n_modules} modules under each of {n_laws} models"
    output.print_table(title, columns, [way_row(found, name) for name in asked.arms])
    for line in disputed_words(found):
        print(line)
    print(f"{timed.seconds:.1f} s")


def way_row(found: UniformAgeing, name: str) -> tuple[str, ...]:
    """Cells of a way: life, gain and its interval over strings and models; by model; share of the energy asked."""
    gain = found.gain(name)
    by_model = (f"{found.mean(name, law):.1f} ({100.0 * found.gain(name, law=law).mean:+.0f} %)" for law in found.laws)
    return (
        name,
        f"{found.mean(name):.1f}",
        *(f"{100.0 * each:+.0f} %" for each in (gain.mean, gain.low, gain.high)),
        *by_model,
        f"{100.0 * found.mean(name, None, 'delivered'):.1f} %",
    )


def disputed_words(found: UniformAgeing) -> Sequence[str]:
    """Say on which pairs of ways the models agree, and on which not."""
    pairs = found.disputed()
    if len(found.laws) < 2:
        return ()
    if not pairs:
        return ("All models put the ways in the same order.",)
    lines: list[str] = []
    for a, b in pairs:
        by_law = "; ".join(f"{law} {100.0 * found.gain(a, b, law).mean:+.1f} %" for law in found.laws)
        lines.append(f"Models disagree about {a} over {b}: {by_law}.")
    return tuple(lines)
