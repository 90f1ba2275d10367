"""The financial section of the report of a study: sources and uses, P50 to P99, debt, stress and cash flow."""

from __future__ import annotations

import numpy as np

from battuta.interfaces.reports.twin_blocks import Block, Picture, Rows, Section, Subheading, Words, side_by_side
from battuta.interfaces.reports.twin_charts import money_chart, spread_chart
from battuta.interfaces.reports.twin_figures import StrategyFigures, StudyFigures
from battuta.interfaces.reports.twin_stress_section import stress
from battuta.interfaces.reports.twin_telemetry_section import telemetry_worth_rows
from battuta.interfaces.reports.twin_wording import (
    chance_text,
    exceedance_cells,
    money_text,
    rate_text,
)
from battuta.interfaces.reports.wording import MISSING, number_text, percent_text

_TABLE_YEARS = 40
_CASH_COLUMNS = (
    ("revenue", "revenue"),
    ("operating_cost", "costs"),
    ("cfads", "CFADS"),
    ("debt_service", "debt service"),
    ("tax", "tax"),
    ("other", "other"),
    ("equity_flow", "to the owner"),
)


def finance(study: StudyFigures) -> Section:
    """Section on money: sources and uses, figures at P50 to P99, debt, cash flow, stress."""
    has_return = any(each.money.no_irr_share < 1.0 for each in study.strategies)
    blocks: list[Block] = [
        Subheading(text="Sources and uses"),
        *_sources(study),
        Subheading(text="What is bettered with which probability"),
        Words(
            text="P90 is the value that 90 % of the lives better: a higher return, a lower cost. Ageing, prices and "
            "availability are drawn together in each life; quantiles are of whole lives and never summed. "
            f"The owner asks {rate_text(study.result.study.finance.nominal_discount_rate)} a year, nominal."
        ),
        _matrix(study),
        Picture(
            key="exceedance",
            caption="Share of the lives with more than each value; the curve at 90 % is P90."
            + ("" if has_return else " No life has a rate of return: it never earns back what it costs."),
            charts=(
                *((spread_chart(study, "irr", "Return on equity after tax", "IRR, %", 100.0),) if has_return else ()),
                spread_chart(study, "npv", "Net present value", f"thousands of {study.currency}", 1e-3),
            ),
        ),
        *_debt(study),
        *stress(study),
        Subheading(text="Cash flow by year"),
        Picture(
            key="cash",
            caption=f"Means of the lives, thousands of {study.currency}; CFADS is what is there for the debt service.",
            charts=tuple(money_chart(study, k) for k in range(len(study.strategies))),
        ),
        *(_cash_flow(each, study.currency) for each in study.strategies),
    ]
    return Section(heading="Finance", blocks=tuple(blocks))


def _sources(study: StudyFigures) -> tuple[Rows, ...]:
    names = list(dict.fromkeys(name for each in study.strategies for name in each.money.uses))
    moneys = [each.money for each in study.strategies]
    rows: list[tuple[str, ...]] = [
        ("debt", *(money_text(each.debt) for each in moneys)),
        ("equity", *(money_text(each.equity) for each in moneys)),
        ("sources", *(money_text(each.debt + each.equity) for each in moneys)),
        *((name, *(money_text(each.uses.get(name, 0.0)) for each in moneys)) for name in names),
        ("uses", *(money_text(sum(each.uses.values())) for each in moneys)),
        ("debt, share of uses", *(percent_text(each.debt / sum(each.uses.values()), 1) for each in moneys)),
    ]
    columns = (f"before the first year, {study.currency}", *(each.name for each in study.strategies))
    caption = "Sources and uses of funds, means of the lives"
    return side_by_side(Rows(caption=caption, columns=columns, rows=tuple(rows)))


def _matrix(study: StudyFigures) -> Rows:
    unit = study.currency
    rows: list[tuple[str, ...]] = []
    for each in study.strategies:
        money = each.money
        named = (
            ("return on equity, IRR", money.irr, "rate"),
            (f"net present value, {unit}", money.npv, "money"),
            (f"LCOS nominal, {unit}/MWh", money.lcos_nominal, "ratio"),
            (f"LCOS real, {unit}/MWh", money.lcos_real, "ratio"),
            *(() if money.risk is None else (("lowest DSCR", money.min_dscr, "ratio"),)),
            *(() if money.risk is None else (("LLCR", money.llcr, "ratio"), ("PLCR", money.plcr, "ratio"))),
        )
        for k, (name, figure, kind) in enumerate(named):
            rows.append((each.name if k == 0 else "", name, *exceedance_cells(figure, kind)))
    return Rows(
        caption="P50 to P99 by joint samples of market, ageing and availability",
        columns=("strategy", "figure", "mean", "P50", "P75", "P90", "P99"),
        rows=tuple(rows),
        word_columns=(0, 1),
    )


def _debt(study: StudyFigures) -> tuple[Block, ...]:
    terms = study.result.study.finance.debt
    if terms is None:
        return (Subheading(text="Debt"), Words(text="The plan has no debt: all is equity."))
    risks = tuple(
        (
            each.name,
            *(chance_text(share) for share in (risk.lock_up, risk.default, risk.missed)),
            *(chance_text(share) for share in (risk.owed_at_maturity, risk.unpaid)),
            money_text(risk.arrears_max),
            money_text(risk.loss_mean),
            money_text(risk.loss_max),
        )
        for each in study.strategies
        if (risk := each.money.risk) is not None
    )
    covered = terms.coverage.value.replace("_", " ")
    words = (
        f"The loan: {rate_text(terms.interest_rate)} over {terms.tenor_years} years, {terms.kind.value}, coverage "
        f"{terms.dscr:g} before tax ({covered}), at most {percent_text(terms.share_max, 0)} of the uses. Lock-up below "
        f"{terms.lock_up_dscr:g}, default below {terms.default_dscr:g}."
    )
    return (
        Subheading(text="Debt: capacity and risk"),
        Words(text=words),
        *_carried(study),
        *telemetry_worth_rows(study),
        Words(
            text="A payment is missed where a year's cash flow and the debt service reserve together fall short of it. "
            "What is missing is owed at the loan's rate and paid first out of later years, before the owner and the "
            "reserve, also after the last year of the loan. So a missed payment costs the lender time; money is lost "
            "only where the project ends before it is made up for. The owner's own figures assume the contrary, that "
            "he pays each year's service whole."
        ),
        Rows(
            caption=f"Share of the lives in trouble in any year, {study.currency}: largest sum in arrears of any life, "
            "and arrears never paid, present value",
            columns=(
                "strategy",
                "lock-up",
                "default",
                "a payment is missed",
                "owed at maturity",
                "never paid",
                "arrears at most",
                "loss, mean",
                "loss, worst life",
            ),
            rows=risks,
        ),
    )


def _carried(study: StudyFigures) -> tuple[Rows, ...]:
    """Debt with and without the spread between models, and what knowing the model would add."""
    rows: list[tuple[str, ...]] = []
    for each in study.strategies:
        for k, (name, carried) in enumerate(each.money.debt_carried.items()):
            rows.append((each.name if k == 0 else "", name, *(money_text(float(amount)) for amount in carried)))
        worth = None if each.money.sure is None else each.money.sure.debt_worth
        if worth is not None and len(worth.by_law) > 1:
            gained = (
                money_text(float(amount)) if told else "no difference"
                for amount, told in zip(worth.gained, worth.is_beyond_chance, strict=True)
            )
            rows.append(("", f"gained if {worth.best_law} were known to hold", *gained))
    if not rows:
        return ()
    return (
        Rows(
            caption=f"What the twin is worth to a lender: debt that so many of the lives carry at that coverage and "
            f"below that share, {study.currency}, all models together and each alone. The difference is what the "
            "spread between models costs; telemetry that settles on one saves it, or shows that less can be lent. "
            "No difference: the draws alone make as much (not counted with fewer than 200 lives)",
            columns=("strategy", "models", "P50", "P90", "P99"),
            rows=tuple(rows),
            word_columns=(0, 1),
        ),
    )


def _cash_flow(each: StrategyFigures, currency: str) -> Rows:
    money = each.money
    shown = [(name, head) for name, head in _CASH_COLUMNS if name != "other" or np.abs(money.rows[name]).max() > 0.5]
    names = [name for name, _ in shown]
    other = (
        "" if "other" not in names else " Other: interest on reserves, what they take and give back, and tax credit."
    )
    n_rows = min(money.rows["cfads"].size, _TABLE_YEARS + 1)
    rows: list[tuple[str, ...]] = []
    for year in range(n_rows):
        cells = (money_text(float(money.rows[name][year])) for name in names)
        coverage = (number_text(float(row[year])) for row in (money.dscr_p50, money.dscr_p90))
        rows.append((str(year), *cells, *coverage))
    sums = (money_text(float(money.rows[name].sum())) for name in names)
    return Rows(
        caption=f"{each.name}: cash flow, {currency}, means of the lives, so that rows add up.{other}",
        columns=("year", *(head for _, head in shown), "DSCR P50", "DSCR P90"),
        rows=(*rows, ("all", *sums, MISSING, MISSING)),
        word_columns=(),
        total_row=True,
    )
