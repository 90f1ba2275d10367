"""Ways of using a string of unequal modules in a notebook: figures in; lives and energies by ageing model out."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from battuta.app.uniform_ageing import compare_ways
from battuta.health.ageing_arms import ARMS, Heterogeneity, StringDuty
from battuta.interfaces.python.arguments import listed_names, require_count, require_numbers
from battuta.interfaces.python.tables import notebook_html
from battuta.physics.ageing.ageing_law import ageing_law, ageing_law_names
from battuta.studies.uniform_ageing import LABEL, MAIN_ARMS, UniformAgeing, UniformAgeingAsked

WHERE = "bt.uniform_ageing"


class WaysCompared:
    """What ways of using a string of unequal modules came to. SYNTHETIC.

    Parameters
    ----------
    found : UniformAgeing
        Lives and energies.
    """

    def __init__(self, found: UniformAgeing) -> None:
        self._found = found

    @property
    def result(self) -> UniformAgeing:
        """Lives and energies of each string, and gains of any way over any other."""
        return self._found

    @property
    def table(self) -> pl.DataFrame:
        """One row per way and ageing model, ``all`` among them; gains are over ``passive``, P10 and P90 of strings."""
        found = self._found
        return pl.DataFrame(
            [_row(found, name, law) for name in found.asked.arms for law in (None, *found.laws)],
            infer_schema_length=None,
        )

    @property
    def disputed(self) -> tuple[tuple[str, str], ...]:
        """Pairs of ways that the models put in different orders."""
        return self._found.disputed()

    def __repr__(self) -> str:
        """Say what was compared."""
        asked = self._found.asked
        return (
            f"WaysCompared({len(asked.arms)} ways, {len(self._found.laws)} models, {asked.n_strings} strings; {LABEL})"
        )

    def _repr_html_(self) -> str:
        return notebook_html(self.table)


def uniform_ageing(
    ways: Iterable[str] = MAIN_ARMS,
    *,
    models: Iterable[str] | None = None,
    modules: int = 24,
    spread: float = 0.08,
    strings: int = 200,
    years: int = 20,
    energy_share: float = 0.8,
    temperature_c: float = 25.0,
    gradient_k: float = 0.0,
    seed: int = 1000,
    threads: int | None = None,
) -> WaysCompared:
    """Compare ways of using a string of unequal modules under several ageing models. SYNTHETIC.

    Parameters
    ----------
    ways : iterable of str
        Ways, by name; ``passive`` must be among them.
    models : iterable of str or None
        Ageing models, alike; all that ship if left out.
    modules : int
        Modules of a string.
    spread : float
        Spread of the modules' rates of ageing, standard deviation over mean. [-]
    strings : int
        Strings under each model.
    years : int
        Years over which energy is counted. [year]
    energy_share : float
        Energy of each day, share of nameplate. [-]
    temperature_c : float
        Mean temperature of the cells. [degC]
    gradient_k : float
        Hottest place less coldest. [K]
    seed : int
        Same seed, same strings.
    threads : int or None
        Work at once, one per core if left out; the answer does not depend on it.

    Returns
    -------
    WaysCompared
        Lives and energies.

    Raises
    ------
    UsageError
        If a way or a model is not there.
    InvalidQuantityError
        If a figure is outside its range.

    Examples
    --------
    >>> found = uniform_ageing(["passive", "active"], models=["lfp_250ah"], strings=5, threads=1)
    >>> found.table["way", "ageing_model"].rows()
    [('passive', 'all'), ('passive', 'lfp_250ah'), ('active', 'all'), ('active', 'lfp_250ah')]
    """
    counts = {"modules": modules, "strings": strings, "years": years, "seed": seed}
    require_count(WHERE, **counts, **({} if threads is None else {"threads": threads}))
    require_numbers(WHERE, spread=spread, energy_share=energy_share, temperature_c=temperature_c, gradient_k=gradient_k)
    names = ageing_law_names() if models is None else listed_names(WHERE, "models", models)
    asked = UniformAgeingAsked(
        heterogeneity=Heterogeneity(rate_cv=spread, gradient_k=gradient_k, n_modules=modules),
        duty=StringDuty(energy_share=energy_share, temperature_c=temperature_c),
        arms=listed_names(WHERE, "ways", ways),
        weights={ageing_law(name).name: 1.0 for name in names},
        n_strings=strings,
        n_years=years,
        seed=seed,
    )
    return WaysCompared(compare_ways(asked, n_threads=threads).found)


def _row(found: UniformAgeing, name: str, law: str | None) -> dict[str, str | float]:
    life, delivered = found.gain(name, law=law), found.gain(name, law=law, of="delivered")
    return {
        "way": name,
        "ageing_model": law or "all",
        "life_years": found.mean(name, law),
        "life_gain": life.mean,
        "life_gain_p10": life.low,
        "life_gain_p90": life.high,
        "delivered_share": found.mean(name, law, "delivered"),
        "delivered_gain": delivered.mean,
        "delivered_gain_p10": delivered.low,
        "delivered_gain_p90": delivered.high,
        "says": ARMS[name].says,
    }
