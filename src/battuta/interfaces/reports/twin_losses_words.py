"""What follows from failures and incidents of a study, each sentence by a rule of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from battuta.interfaces.reports.twin_losses import earned_per_day, failure_figures
from battuta.interfaces.reports.twin_wording import money_text
from battuta.interfaces.reports.wording import NBSP, number_text, percent_text

if TYPE_CHECKING:
    from battuta.interfaces.reports.twin_figures import StudyFigures
    from battuta.twin.incident_losses import InsurerAnswer

_LOST_TOLD = 0.01
_CHANGE_TOLD = 0.05
_RATIO_TOLD = 0.7
_SHORT_TOLD = 0.2


def about_losses(study: StudyFigures) -> list[str]:
    """Say which failure takes most, whether the premium fits, and what another distance would change.

    Parameters
    ----------
    study : StudyFigures
        The figures.

    Returns
    -------
    list of str
        Sentences; none where nothing is material, or the study names neither failures nor incidents.
    """
    losses, said = study.result.losses, list[str]()
    if losses is None:
        return said
    if losses.failures is not None:
        found = failure_figures(study.result)
        lost, worst = sum(each.lost_share for each in found), max(found, key=lambda each: each.lost_share)
        if lost > _LOST_TOLD:
            said.append(
                f"Failures take {percent_text(lost, 1)} of the power, {worst.failure.name} alone "
                f"{percent_text(worst.lost_share, 1)}: spare parts or a repair contract for it shorten that first."
            )
    if losses.insurer is not None:
        said += [*_premium(losses.insurer, study.currency), *_distances(losses.insurer, study.currency)]
        said += _interruption(study)
    return said


def _premium(answer: InsurerAnswer, currency: str) -> list[str]:
    if not answer.loss_ratio > _RATIO_TOLD:
        return []
    expected, ratio = money_text(answer.spacings[0].whole.paid.expected), percent_text(answer.loss_ratio, 0)
    said = (
        f"An insurer expects to pay {expected} {currency} a year, {ratio} of the premium: on these rates the premium "
        "is too low to last."
    )
    return [said]


def _interruption(study: StudyFigures) -> list[str]:
    """Name the strategy whose day earns most, where it is not insured for that."""
    insurance = study.result.study.insurance
    if insurance is None or insurance.interruption_per_day == 0.0:
        return []
    earned = {each.name: earned_per_day(each.outcome.flows, study.result) for each in study.strategies}
    name, most = max(earned.items(), key=lambda each: each[1])
    if insurance.interruption_per_day >= (1.0 - _SHORT_TOLD) * most:
        return []
    insured = money_text(insurance.interruption_per_day)
    said = (
        f"A day of the whole site is insured for {insured} {study.currency} and earns {money_text(most)} by {name}, "
        "mean of all lives: interruption is insured for less than it costs."
    )
    return [said]


def _distances(answer: InsurerAnswer, currency: str) -> list[str]:
    built = answer.spacings[0]
    base = built.whole.together.expected
    if built.spacing_m is None or base <= 0.0:
        return []
    best = min(answer.spacings, key=lambda each: each.whole.together.expected)
    saved = base - best.whole.together.expected
    if best.spacing_m is None or saved <= _CHANGE_TOLD * base:
        return []
    place, other = (f"{number_text(each, 1)}{NBSP}m" for each in (built.spacing_m, best.spacing_m))
    said = (
        f"Containers {other} apart instead of {place} lower the expected loss by {money_text(saved)} {currency} a year "
        f"({percent_text(saved / base, 0)}), on the stated probability of propagation."
    )
    return [said]
