"""The report of a study, section by section, before it becomes a PDF or a page."""

from __future__ import annotations

import math

from battuta.interfaces.reports.twin_augmentation_section import augmentation
from battuta.interfaces.reports.twin_availability_section import availability
from battuta.interfaces.reports.twin_blocks import (
    Block,
    Bullets,
    Facts,
    Report,
    Rows,
    Section,
    Subheading,
    Words,
    side_by_side,
)
from battuta.interfaces.reports.twin_contract_sections import warranty
from battuta.interfaces.reports.twin_figures import StrategyFigures, StudyFigures
from battuta.interfaces.reports.twin_finance_section import finance
from battuta.interfaces.reports.twin_revenue_section import revenue
from battuta.interfaces.reports.twin_sections import degradation, performance, scope, technology, thermal, use_case
from battuta.interfaces.reports.twin_verdict import recommendations, verdict, verdict_sentences
from battuta.interfaces.reports.twin_wording import chance_text, money_text, rate_text, soh_text, units_plain
from battuta.interfaces.reports.wording import MISSING, number_text
from battuta.twin.warranty_outcome import ClauseKind


def study_report(study: StudyFigures) -> Report:
    """Put the report of a study together.

    Parameters
    ----------
    study : StudyFigures
        All its figures.

    Returns
    -------
    Report
        Sections in the order of reading.
    """
    asked = study.result.study
    return Report(
        title=asked.name,
        subtitle=f"{study.n_years} years from {asked.first_year}, {len(study.strategies)} "
        f"{'strategy' if len(study.strategies) == 1 else 'strategies'}, {asked.n_lives:,} lives each",
        label=label(study),
        foot=f"study {study.result.study_hash}, seed {asked.seed}, Battuta {study.version}",
        sections=(
            _summary(study),
            scope(study),
            technology(study),
            use_case(study),
            performance(study),
            degradation(study),
            thermal(study),
            warranty(study),
            augmentation(study),
            availability(study),
            revenue(study),
            finance(study),
            _recommended(study),
            _provenance(study),
        ),
    )


def label(study: StudyFigures) -> str:
    """Say what of a study is SYNTHETIC and what is ASSUMED."""
    result = study.result
    made = ["duty"] if any(each.duty.is_synthetic for each in result.strategies) else []
    if "SYNTHETIC" in result.inputs.climate_source:
        made.append("climate")
    if result.telemetry is not None and result.telemetry.measured.is_synthetic:
        made.append("telemetry")
    taken = ["prices", "costs", "availability"]
    taken += ["contracts"] if result.study.contracts else []
    taken += ["augmentation"] if result.study.augmentation is not None else []
    taken += ["failures"] if any(each.is_assumed for each in result.study.availability.failure) else []
    taken += ["incidents"] if result.study.insurance is not None and result.study.insurance.assumed else []
    if result.study.warranty is not None and result.study.warranty.is_assumed:
        taken.append("warranty")
    synthetic = f"SYNTHETIC: {', '.join(made)}. " if made else ""
    return f"{synthetic}ASSUMED: {', '.join(taken)}."


def _summary(study: StudyFigures) -> Section:
    columns = ("", *(each.name for each in study.strategies))
    shown = [(each, each.money, verdict(each)) for each in study.strategies]
    currency, last = study.currency, study.n_years
    rows: list[tuple[str, ...]] = [
        ("verdict at P90", *(judged.word for _, _, judged in shown)),
        ("lives with the return that is asked", *(chance_text(judged.asked_share) for _, _, judged in shown)),
        *_only_known("lives that pay every debt service", [judged.served_share for _, _, judged in shown]),
        *_only_known("lives that keep the warranty's conditions", [judged.kept_share for _, _, judged in shown]),
        ("return on equity, P50", *(rate_text(money.irr.p50) for _, money, _ in shown)),
        ("return on equity, P90", *(rate_text(money.irr.p90) for _, money, _ in shown)),
        (f"net present value, P50, {currency}", *(money_text(money.npv.p50) for _, money, _ in shown)),
        (f"net present value, P90, {currency}", *(money_text(money.npv.p90) for _, money, _ in shown)),
        ("lowest DSCR, P90", *(number_text(money.min_dscr.p90) for _, money, _ in shown)),
        (f"LCOS nominal, P50, {currency}/MWh", *(number_text(money.lcos_nominal.p50) for _, money, _ in shown)),
        (f"capacity in year {last}, median", *(soh_text(float(each.soh_capacity.middle[-1])) for each, _, _ in shown)),
        (
            f"capacity in year {last}, one life of ten below",
            *(soh_text(float(each.soh_capacity.low[-1])) for each, _, _ in shown),
        ),
        (
            "a supplier's promise is broken",
            *(MISSING if each.warranty is None else chance_text(each.warranty.promise_breach) for each, _, _ in shown),
        ),
        ("the promise broken most often", *(_weakest(each) for each, _, _ in shown)),
        ("full cycles a year, mean", *(number_text(float(each.full_cycles.mean()), 0) for each, _, _ in shown)),
    ]
    return Section(
        heading="Summary",
        blocks=(
            Words(text=label(study), is_warning=True),
            Bullets(items=verdict_sentences(study)),
            *side_by_side(Rows(caption="Strategies side by side", columns=columns, rows=tuple(rows))),
            Words(
                text="A strategy holds at P90 when nine lives of ten give the owner the return that is asked, pay "
                "every debt service in full, and keep every condition of the warranty. The verdict is about these "
                "assumptions, not about the plant."
            ),
        ),
    )


def _only_known(name: str, shares: list[float]) -> list[tuple[str, ...]]:
    """Row of shares of the lives; none where no strategy has any, as without a loan or a warranty."""
    return [] if all(map(math.isnan, shares)) else [(name, *map(chance_text, shares))]


def _weakest(each: StrategyFigures) -> str:
    """Name of the promise that is broken in most lives; a dash where none is."""
    promises = [
        one.clause
        for one in (() if each.warranty is None else each.warranty.clauses)
        if one.clause.kind is ClauseKind.PROMISE and one.clause.breach_probability > 0.0
    ]
    return max(promises, key=lambda one: one.breach_probability).name.replace("_", " ") if promises else MISSING


def _recommended(study: StudyFigures) -> Section:
    return Section(
        heading="Recommendations",
        blocks=(
            Words(text="Each follows from the figures above by a fixed rule."),
            Bullets(items=recommendations(study)),
        ),
    )


def _provenance(study: StudyFigures) -> Section:
    result, blocks = study.result, list[Block]()
    facts = (
        ("seed", str(result.study.seed)),
        ("study", result.study_hash),
        ("data", result.inputs.data_hash),
        ("software", f"Battuta {study.version}"),
        ("lives", f"{result.study.n_lives:,} for each strategy"),
        ("currency", study.currency),
    )
    blocks.append(Facts(items=facts))
    blocks.append(Words(text="The same study, data, lock and Python make this file again, byte for byte."))
    for name, card in result.cards.items():
        rows = (
            *((("kind of cell", units_plain(card.family)),) if card.family else ()),
            ("fitted on", units_plain(card.fitted_on)),
            ("holds for", units_plain("; ".join(str(each) for each in card.validity))),
            *(("accuracy", units_plain(each)) for each in card.accuracy),
            *(("limit", units_plain(each)) for each in card.limits),
            *(("citation", each) for each in card.citations),
        )
        blocks.append(Subheading(text=f"Model card: {card.name}"))
        blocks.append(
            Rows(caption=f"{name}", columns=("", "what is known"), rows=rows, word_columns=(0, 1), long_column=1)
        )
    return Section(heading="Provenance, model cards and citations", blocks=tuple(blocks))
