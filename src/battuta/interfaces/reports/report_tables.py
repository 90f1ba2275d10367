"""The tables of a report: strategies, what they know and do, what held a battery, and every step with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from battuta.interfaces.reports.markup import Html, element, pairs, table
from battuta.interfaces.reports.reasons_figure import binding_totals
from battuta.interfaces.reports.step_record import StepRecord, money_name
from battuta.interfaces.reports.wording import MISSING, action_text, number_text, percent_text
from battuta.studies.backtest import BacktestResult
from battuta.studies.strategies.registry import STRATEGIES


def strategy_table(result: BacktestResult, chosen: str) -> Html:
    """Make the table of all strategies: money, wear, cycles, captured share and gain over each baseline.

    Parameters
    ----------
    result : BacktestResult
        The study.
    chosen : str
        The strategy of the report, marked.

    Returns
    -------
    Html
        Strategies first, yardsticks in a group of their own, each from the most to the least earned.
    """
    unit = money_name(result.prices)
    gains = {name: result.uplift(name) for name, each in result.results.items() if not each.is_oracle}
    baselines = list(dict.fromkeys(base for gain in gains.values() for base in gain))
    before_wear = "before wear" if result.is_benchmark else "revenue"
    columns = [
        "strategy",
        f"net, {unit}",
        f"{before_wear}, {unit}",
        f"wear, {unit}",
        "cycles, EFC",
        "captured of oracle_day",
        f"{unit} per MW and year",
        *(f"gain over {base}" for base in baselines),
    ]
    ranked = sorted(result.results, key=lambda name: -result.results[name].net)
    groups: list[list[list[str]]] = [[], []]
    for name in ranked:
        each = result.results[name]
        gain = gains.get(name, {})
        groups[each.is_oracle].append(
            [
                f"{name} (yardstick)" if each.is_oracle else f"▸ {name}" if name == chosen else name,
                number_text(each.net),
                number_text(float(each.revenue.sum())),
                number_text(float(each.wear.sum())),
                number_text(each.efc, 1),
                percent_text(result.captured(name)),
                number_text(result.per_mw_year(name), 0),
                *(percent_text(gain[base], is_signed=True) if base in gain else MISSING for base in baselines),
            ]
        )
    caption = (
        f"All strategies over the same {len(result.test_days)} days; ▸ marks the strategy of this report. "
        "Yardsticks saw the future: nobody can trade them."
    )
    return table(caption, columns, groups)


def strategy_definitions(result: BacktestResult) -> Html:
    """Say of each strategy what it looks at, when it decides and what it does."""
    items: list[tuple[str, str]] = []
    for name in result.results:
        known = STRATEGIES.get(name)
        words = (
            "A strategy of your own; its author knows its rule."
            if known is None
            else f"Looks at: {known.information}. Decides: {known.gate}. Does: {known.formula}."
        )
        items.append((name, words))
    return pairs(items, "strategies")


def lacking_table(result: BacktestResult) -> Html:
    """Make the table of what the forecasts of strategies had to do without; nothing where they had all."""
    rows = [
        [name, note, number_text(n_days, 0)]
        for name, each in result.results.items()
        for note, n_days in each.notes.items()
    ]
    if not rows:
        return Html("")
    return table("Forecasts that strategies made", ["strategy", "note", "days"], [rows], text_columns=(0, 1))


def reason_table(record: StepRecord) -> Html:
    """Make the table of hours and money by what held the steps."""
    rows: Sequence[Sequence[str]] = [
        [total.binding.value, number_text(total.duration_h, 2), number_text(total.net), number_text(total.at_stake)]
        for total in binding_totals(record)
    ]
    columns = ["held by", "hours", f"net, {record.money}", f"at stake, {record.money}"]
    return table(f"What held {record.name}, over all its steps; a dash where a step has no value", columns, [rows])


def step_table(record: StepRecord) -> Html:
    """Make the table of steps, each with its reason.

    Parameters
    ----------
    record : StepRecord
        The steps to show.

    Returns
    -------
    Html
        One row per step.
    """
    currency, money = record.site.currency, record.money
    columns = [
        "start",
        f"price, {currency}/MWh",
        "action",
        "power, kW",
        "SoC at end, %",
        "held by",
        f"value of stored energy, {currency}/MWh",
        f"wear, {money}",
        f"at stake, {money}",
        f"net so far, {money}",
    ]
    starts = record.clock.texts(record.time_ns)
    rows = [
        [
            starts[t],
            number_text(float(record.price_per_mwh[t])),
            action_text(float(record.power_kw[t])),
            number_text(float(record.power_kw[t]), 0),
            number_text(100.0 * float(record.soc[t]), 1),
            record.binding[t].value,
            number_text(float(record.marginal_value_per_mwh[t])),
            number_text(float(record.wear[t])),
            number_text(float(record.at_stake[t])),
            number_text(float(record.net_so_far[t])),
        ]
        for t in range(record.n_times)
    ]
    caption = f"Steps of {record.name}; {record.clock.words}; power: discharge positive"
    return table(caption, columns, [rows], text_columns=(0, 2, 5), long_column=5)


def label_html(label: str) -> Html:
    """Make the banner of a label; nothing where there is no label."""
    return element("p", label, class_="label", role="note") if label else Html("")
