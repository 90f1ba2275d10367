"""What the figures of a study say by rule: whether each strategy holds, and what to do about what does not."""

from __future__ import annotations

import math
from dataclasses import dataclass

from battuta.interfaces.reports.twin_figures import StrategyFigures, StudyFigures
from battuta.interfaces.reports.twin_losses_words import about_losses
from battuta.interfaces.reports.twin_money import ALL_MODELS
from battuta.interfaces.reports.twin_wording import chance_text, listed, money_text, rate_text, soh_text
from battuta.interfaces.reports.wording import number_text, percent_text
from battuta.twin.warranty_outcome import ClauseKind

HOLDS_SHARE = 0.9
"""Share of the lives in which something has to hold for a strategy to hold at P90. [-]"""
HOLDS, HOLDS_NOT = "HOLDS", "DOES NOT HOLD"
_GAP_TOLD = 0.05
_LITTLE_USED, _NEARLY_USED = 0.5, 0.9
_LOW_ENERGY = 0.7
_NEAR = 0.01
_AUXILIARY_TOLD = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a strategy holds in nine lives of ten.

    Attributes
    ----------
    asked_share, served_share, kept_share : float
        Share of the lives that give the owner what he asks, that pay every debt service, and in which no condition of
        the warranty is broken; NaN where there is no loan or warranty. [-]
    """

    asked_share: float
    served_share: float
    kept_share: float

    @property
    def fails(self) -> tuple[str, ...]:
        """What does not hold at P90, in words."""
        named = (
            ("the return that is asked", self.asked_share),
            ("the debt service", self.served_share),
            ("the warranty's conditions", self.kept_share),
        )
        return tuple(name for name, share in named if share < HOLDS_SHARE)

    @property
    def word(self) -> str:
        """HOLDS or DOES NOT HOLD."""
        return HOLDS_NOT if self.fails else HOLDS


def verdict(each: StrategyFigures) -> Verdict:
    """Judge a strategy.

    Parameters
    ----------
    each : StrategyFigures
        Its figures.

    Returns
    -------
    Verdict
        By rule, from the shares of the lives.
    """
    risk, warranty = each.money.risk, each.warranty
    return Verdict(
        asked_share=each.money.asked_share,
        served_share=float("nan") if risk is None or each.money.debt == 0.0 else 1.0 - risk.missed,
        kept_share=float("nan") if warranty is None else 1.0 - warranty.condition_breach,
    )


def verdict_sentences(study: StudyFigures) -> tuple[str, ...]:
    """Say in a sentence for each strategy whether it holds, and what it earns."""
    asked = rate_text(study.result.study.finance.nominal_discount_rate)
    said: list[str] = []
    for each in study.strategies:
        judged, money = verdict(each), each.money
        earns = f"P50 return {_rate_or_none(money.irr.p50)}, P90 {_rate_or_none(money.irr.p90)}, {asked} asked"
        if judged.fails:
            said.append(f"{each.name}: {judged.word} at P90. What fails is {listed(list(judged.fails))}. {earns}.")
        else:
            said.append(f"{each.name}: {judged.word} at P90 on these assumptions. {earns}.")
    return tuple(said)


def _rate_or_none(rate: float) -> str:
    return rate_text(rate) if math.isfinite(rate) else "none"


def recommendations(study: StudyFigures) -> tuple[str, ...]:
    """Say what follows from the figures, each sentence by a rule of its own.

    Parameters
    ----------
    study : StudyFigures
        The figures.

    Returns
    -------
    tuple of str
        Sentences; one at least.
    """
    said = [_best(study)]
    for each in study.strategies:
        said += [*_about_money(each, study), *_about_use(each), *_about_health(each)]
    said += _about_promises(study)
    said += about_losses(study)
    said += _about_evidence(study)
    return tuple(said)


def _best(study: StudyFigures) -> str:
    ranked = sorted(study.strategies, key=lambda each: -each.money.npv.p90)
    best, base = ranked[0], study.strategies[0]
    worth = f"net present value {money_text(best.money.npv.p50)} {study.currency} at P50"
    worth += f" and {money_text(best.money.npv.p90)} {study.currency} at P90"
    if best.money.npv.p90 < 0.0:
        return (
            f"No strategy of this study gives the return that is asked in nine of ten lives: do not build on these "
            f"assumptions. The least loss at P90 is that of {best.name}: {worth}."
        )
    if len(ranked) == 1:
        return f"{best.name} is the only strategy of this study: {worth}."
    if best is base:
        return f"Keep to {best.name}: no other strategy has more at P90 ({worth})."
    gain = money_text(best.money.npv.p90 - base.money.npv.p90)
    lost = 100.0 * (base.soh_capacity.middle[-1] - best.soh_capacity.middle[-1])
    price = f"{abs(lost):.1f} points {'less' if lost >= 0.0 else 'more'} capacity in year {study.n_years}"
    near = [
        each.name for each in ranked[1:] if best.money.npv.p90 - each.money.npv.p90 < _NEAR * abs(best.money.npv.p90)
    ]
    equal = f" Within 1 % of it: {listed(near)}." if near else ""
    return f"Prefer {best.name}: {worth}, {gain} more at P90 than {base.name}, for {price} (medians).{equal}"


def _about_money(each: StrategyFigures, study: StudyFigures) -> list[str]:
    money, currency, said = each.money, study.currency, list[str]()
    if money.npv.p90 < 0.0 and money.sure is not None and each.outcome.duty.sold_kw > 0.0:
        said.append(_needed(each.name, float(money.sure.break_even_capacity_price_per_mw_h[1]), study))
    factors = None if money.sure is None else money.sure.break_even_spread_factor
    if money.npv.p90 < 0.0 and factors is not None:
        said.append(_spread_needed(each.name, float(factors[1])))
    if money.risk is not None and money.risk.missed > 1.0 - HOLDS_SHARE:
        words = (
            f"{each.name}: the debt service is missed in {chance_text(money.risk.missed)} of the lives; lend less than "
            f"{money_text(money.debt)} {currency}, or keep a reserve."
        )
        if ALL_MODELS in money.debt_carried:
            at_p99 = money_text(float(money.debt_carried[ALL_MODELS][2]))
            words += f" By the plan's coverage {at_p99} {currency} are carried at P99."
        said.append(words)
    return said


def _spread_needed(name: str, factor: float) -> str:
    if math.isnan(factor):
        return f"{name}: no spread of prices gives the owner what he asks at P90; the plant must cost less."
    return (
        f"{name}: prices must lie {number_text(factor)} times as far from their mean as is assumed for the return that "
        "is asked to hold at P90; or the plant must cost less."
    )


def _needed(name: str, price_per_mw_h: float, study: StudyFigures) -> str:
    if math.isnan(price_per_mw_h):
        return f"{name}: no price of response gives the owner what he asks at P90; the plant must cost less."
    asked = study.result.study.market.capacity_price_per_mw_h
    more = f", {percent_text(price_per_mw_h / asked - 1.0, 1)} more than is assumed," if asked else ""
    return (
        f"{name}: a MW of response and hour must be paid {number_text(price_per_mw_h)} {study.currency} in the first "
        f"year{more} for the return that is asked to hold at P90; or the plant must cost less."
    )


def _about_use(each: StrategyFigures) -> list[str]:
    warranty, summary, said = each.outcome.warranty, each.outcome.summary, list[str]()
    if warranty is not None and math.isfinite(warranty.warranty.use.full_cycles_per_year_max):
        cap = warranty.warranty.use.full_cycles_per_year_max
        used = float(each.full_cycles.max()) / cap
        if used < _LITTLE_USED:
            said.append(
                f"{each.name}: the fullest year uses {percent_text(used, 0)} of the {cap:,.0f} full cycles that the "
                "warranty allows; a second service could use the rest."
            )
        elif used > _NEARLY_USED:
            said.append(
                f"{each.name}: the fullest year uses {percent_text(used, 0)} of the {cap:,.0f} full cycles that the "
                "warranty allows; cap the duty or buy a wider band."
            )
    share = summary.auxiliary_mwh / summary.charged_mwh if summary.charged_mwh > 0.0 else 0.0
    if share > _AUXILIARY_TOLD:
        said.append(
            f"{each.name}: auxiliaries use {percent_text(share, 0)} of the energy drawn; look at cooling set points "
            "and standing loads first."
        )
    return said


def _about_health(each: StrategyFigures) -> list[str]:
    said: list[str] = []
    low = float(each.soh_energy.low[-1])
    if low < _LOW_ENERGY:
        said.append(
            f"{each.name}: in one life of ten less than {soh_text(low)} of the usable energy is left at the end; "
            + ("study augmentation before what is sold needs it." if each.strings is None else "bring strings earlier.")
        )
    return said


def _about_promises(study: StudyFigures) -> list[str]:
    """Promises that break in most lives of all strategies: an assumption of the study, not a matter of the duty."""
    judged = [each.warranty for each in study.strategies if each.warranty is not None]
    if not judged:
        return []
    said: list[str] = []
    for clause in judged[0].clauses:
        name, kind = clause.clause.name, clause.clause.kind
        shares = [
            other.clause.breach_probability for each in judged for other in each.clauses if other.clause.name == name
        ]
        if kind is ClauseKind.PROMISE and min(shares) > _LITTLE_USED:
            said.append(
                f"The promise on {name.replace('_', ' ')} is broken in at least {chance_text(min(shares))} of the "
                "lives of every strategy. What the study assumes does not meet it: settle it with the supplier before "
                "damages are counted as income."
            )
    return said


def _about_evidence(study: StudyFigures) -> list[str]:
    said: list[str] = []
    gap = max(each.model_gap for each in study.strategies)
    if gap > _GAP_TOLD:
        apart = f"differ by up to {100.0 * gap:.1f} points of capacity in year {study.n_years}"
        if study.result.telemetry is None:
            said.append(
                f"Ageing models {apart}. Telemetry of the first year or two, or the maker's own tests, narrows that "
                "more than any other evidence."
            )
        else:
            said.append(
                f"With the telemetry of this study ageing models still {apart}. What to measure next stands under "
                "'What the telemetry says'."
            )
    asked_outside = {
        law
        for law in study.strategies[0].outcome.lives.law
        if any(f"{law} extrapolates" in words for each in study.strategies for words in each.outcome.remarks)
    }
    if asked_outside:
        said.append(
            f"{listed(sorted(asked_outside))} {'is' if len(asked_outside) == 1 else 'are'} asked outside the tests "
            "behind them: ask the maker for ageing tests at this duty's depths and rates."
        )
    made_up = [each.name for each in study.strategies if each.outcome.duty.is_synthetic]
    if made_up:
        said.append(
            f"The duty of {listed(made_up)} is SYNTHETIC: repeat the study with a recorded year before money depends "
            "on it."
        )
    return said
