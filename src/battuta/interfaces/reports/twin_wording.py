"""How the report of a study writes its numbers: one way for each kind, so that text, tables and annex agree."""

from __future__ import annotations

import math

from battuta.domain.day_ahead_trading import DayAheadTrading
from battuta.domain.study import DutyFile, FrequencyRegulation, Strategy
from battuta.interfaces.reports.twin_spread import Bettered
from battuta.interfaces.reports.wording import MISSING, NBSP, number_text, percent_text


def money_text(amount: float) -> str:
    """Write an amount in whole units of the currency.

    Examples
    --------
    >>> money_text(-1234567.8), money_text(float("nan"))
    ('-1,234,568', '-')
    """
    return number_text(amount, 0)


def soh_text(share: float) -> str:
    r"""Write a state of health.

    Examples
    --------
    >>> soh_text(0.8125)
    '81.2\xa0%'
    """
    return percent_text(share, 1)


def rate_text(share: float) -> str:
    r"""Write a rate of return.

    Examples
    --------
    >>> rate_text(0.08346)
    '8.35\xa0%'
    """
    return percent_text(share, 2)


def chance_text(share: float) -> str:
    r"""Write a share of the lives.

    Examples
    --------
    >>> chance_text(0.125)
    '12.5\xa0%'
    """
    return percent_text(share, 1)


def year_text(year: float) -> str:
    """Write a year of operation, counted from 1.

    Examples
    --------
    >>> year_text(7.0), year_text(7.5), year_text(float("nan"))
    ('7', '7.5', '-')
    """
    return number_text(year, 0 if float(year).is_integer() else 1)


def margin_text(margin: float, unit: str) -> str:
    r"""Write a margin with its unit.

    Examples
    --------
    >>> margin_text(0.0512, "-"), margin_text(-3.25, "degC"), margin_text(5432.4, "1/year")
    ('0.051', '-3.25\xa0°C', '5,432\xa0/year')
    """
    if math.isnan(margin):
        return MISSING
    digits = 0 if abs(margin) >= 100.0 else 2 if abs(margin) >= 1.0 else 3
    shown = {"degC": f"{NBSP}°C", "-": "", "1/h": f"{NBSP}C", "1/year": f"{NBSP}/year", "1/day": f"{NBSP}/day"}
    return number_text(margin, digits) + shown.get(unit, f"{NBSP}{unit}")


def exceedance_cells(figure: Bettered, kind: str) -> tuple[str, ...]:
    r"""Write mean, P50, P75, P90 and P99 of a figure.

    Parameters
    ----------
    figure : Bettered
        The figure.
    kind : str
        ``rate``, ``money`` or ``ratio``.

    Returns
    -------
    tuple of str
        Five cells.

    Examples
    --------
    >>> exceedance_cells(Bettered(mean=1.5, p50=1.4, p75=1.3, p90=1.2, p99=1.1), "ratio")
    ('1.50', '1.40', '1.30', '1.20', '1.10')
    """
    write = {"rate": rate_text, "money": money_text, "ratio": number_text}[kind]
    return tuple(write(each) for each in (figure.mean, *figure.values))


def duty_text(strategy: Strategy) -> str:
    r"""Say in words what a strategy does.

    Examples
    --------
    >>> duty_text(Strategy(name="a", duty=FrequencyRegulation(power_share=0.6)))
    'frequency regulation ce_fcr with 60\xa0% of the rated power, SoC kept near 50\xa0%'
    """
    duty = strategy.duty
    if isinstance(duty, FrequencyRegulation):
        words = (
            f"frequency regulation {duty.product} with {percent_text(duty.power_share, 0)} of the rated power, "
            f"SoC kept near {percent_text(duty.soc_target, 0)}"
        )
        if duty.full_cycles_per_day_max != float("inf"):
            cap = f"{duty.full_cycles_per_day_max:g} full cycles a day"
            words += f", at most {cap}: once spent, no response until midnight UTC"
        return words
    if isinstance(duty, DayAheadTrading):
        cap = duty.full_cycles_per_day_max
        capped = f", at most {number_text(cap, 2)} full cycles a day planned" if math.isfinite(cap) else ""
        return f"day-ahead trading by {duty.strategy}, wear price {number_text(duty.wear_price_per_mwh)}{capped}"
    if isinstance(duty, DutyFile):
        return f"a year of powers from the file {duty.path}"
    return f"storage at {percent_text(duty.soc, 0)} SoC"


def units_plain(words: str) -> str:
    """Write units of a sentence as people do.

    Examples
    --------
    >>> units_plain("temperature_c in [0, 60] degC")
    'temperature_c in [0, 60] °C'
    """
    return words.replace("degC", "°C")


def sentence(words: str) -> str:
    """Begin with a capital letter and end with a full stop; names that hold an underscore stay as they are.

    Examples
    --------
    >>> sentence("prices are assumed"), sentence("lfp_250ah extrapolates")
    ('Prices are assumed.', 'lfp_250ah extrapolates.')
    """
    first = words.split(" ", 1)[0]
    capital = words if "_" in first else f"{words[:1].upper()}{words[1:]}"
    return units_plain(capital if capital.endswith(".") else f"{capital}.")


def listed(names: list[str]) -> str:
    """Join names as a sentence does.

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
