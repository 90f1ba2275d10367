"""What the reader of a study has to know: what is made up, assumed, beyond what a model was fitted on, or not met."""

from __future__ import annotations

from battuta.domain.study import Duty, FrequencyRegulation, Study
from battuta.physics.ageing.ageing_law import AgeingLaw
from battuta.physics.ageing.borrowed_resistance import BorrowedResistance
from battuta.physics.ageing.duty_days import DutyDays
from battuta.physics.ageing.rate_prior import rate_prior
from battuta.physics.ageing.user_table import UserTable
from battuta.physics.cell_parameters import cell_parameters
from battuta.studies.life_study_result import StudyInput, StudyInputs
from battuta.studies.trading_remarks import remarks_on_trading
from battuta.twin.duty_summary import DutySummary
from battuta.twin.outside_box import outside_shares
from battuta.twin.regulation import sold_share_max

_FAR_OUTSIDE_SHARE = 0.01
"""Share of the year or of the throughput outside a model's box from which a reader is told. [-]"""
_UNMET_SHARE = 0.01
_FEW_LIVES = 100
_ROUNDING = 1e-9
_DAYS_PER_YEAR = 365.25


def remarks_on_study(study: Study, inputs: StudyInputs, laws: list[AgeingLaw]) -> tuple[str, ...]:
    """Say what a reader of the whole has to know.

    Parameters
    ----------
    study : Study
        What was asked.
    inputs : StudyInputs
        What was looked at.
    laws : list of AgeingLaw
        Models that speak.

    Returns
    -------
    tuple of str
        A sentence each.
    """
    said = [f"the {inputs.climate_source}"] if "SYNTHETIC" in inputs.climate_source else []
    if study.warranty is not None and study.warranty.is_assumed:
        said.append(f"warranty {study.warranty.name!r} is assumed: nobody signed it")
    flat = "energy is paid and bought at one price a year"
    if any(each.traded is not None for each in inputs.duties.values()):
        flat += ", except by those who trade"
    said.append(f"prices and costs are the asker's own assumptions; {flat}")
    cell = cell_parameters(study.battery.cell)
    assumed = [each.name for each in cell.facts if each.status == "assumed"]
    if assumed:
        said.append(f"of cell {cell.name} these are assumed, not measured: {', '.join(assumed)}")
    said += _on_laws(study, laws)
    said += _on_losses(study)
    if study.n_lives < _FEW_LIVES:
        said.append(f"{study.n_lives} lives are too few for P90 or P99: ask for {_FEW_LIVES} at least, better 1000")
    return tuple(said)


def _on_losses(study: Study) -> list[str]:
    """What of failures and incidents is assumed, and what they leave out."""
    failures = [each.name for each in study.availability.failure if each.is_assumed]
    said = [f"failures have no source, their rates and repairs are assumed: {', '.join(failures)}"] if failures else []
    if study.insurance is None:
        return said
    if study.insurance.assumed:
        said.append(f"no source is stated for these, they are assumed: {', '.join(study.insurance.assumed)}")
    said.append("containers that an incident destroys are taken to be rebuilt as they were, at the cost of new ones")
    return said


def _on_laws(study: Study, laws: list[AgeingLaw]) -> list[str]:
    said: list[str] = []
    asked_days = _DAYS_PER_YEAR * study.n_years
    for law in laws:
        if not law.is_for_optimiser:
            said.append(f"{law.name} may not be given to an optimiser: see its card")
        own = law.own if isinstance(law, BorrowedResistance) else law
        if isinstance(own, UserTable):
            said.append(f"{law.name} is a table given by the user, which nobody verified")
        if isinstance(law, BorrowedResistance):
            said.append(f"{law.name} says nothing of resistance: its growth is taken from {law.lender.name}")
        said += [
            f"{law.name} was fitted on {side.high:.0f} days and is asked for {asked_days:.0f}: beyond, its form speaks"
            for side in law.card.validity
            if side.name == "duration_days" and asked_days > side.high
        ]
        prior = rate_prior(law)
        guessed = [name for name, is_assumed in zip(prior.term, prior.is_assumed, strict=True) if is_assumed]
        if isinstance(own, UserTable) and own.rate_deviation_share == 0.0:
            said.append(f"{law.name} is taken for exact: state its rate_deviation_share, or its lives lie too close")
        elif guessed:
            said.append(f"of {law.name} the spread of these rates is assumed: {', '.join(guessed)}")
    if len(laws) == 1:
        said.append(
            f"one ageing model speaks ({laws[0].name}): the spread between models, up to 21 points, is not seen"
        )
    else:
        said.append("weights of the models are the asker's: P10 to P90 of health are theirs as much as the cells'")
        families = {law.card.family or law.name for law in laws}
        if len(families) == 1:
            said.append(
                f"all ageing models describe one kind of cell ({families.pop()}): another kind may age otherwise"
            )
    return said


def remarks_on_offer(duty: Duty) -> tuple[str, ...]:
    """Say that a strategy sells more than its product takes from such a rating.

    Parameters
    ----------
    duty : Duty
        What the strategy does.

    Returns
    -------
    tuple of str
        A sentence, or none.
    """
    if not isinstance(duty, FrequencyRegulation):
        return ()
    most = sold_share_max(duty.product)
    if duty.power_share <= most + _ROUNDING:
        return ()
    words = (
        f"it sells {100.0 * duty.power_share:.0f} % of its rating, {duty.product} takes at most {100.0 * most:.0f} %: "
        "the rest has to be free to bring the energy back while it responds (figure of the product unverified). What "
        "it earns beyond is not to be had"
    )
    return (words,)


def remarks_on_strategy(
    given: StudyInput, summary: DutySummary, cycles: DutyDays, laws: list[AgeingLaw], followed: float
) -> tuple[str, ...]:
    """Say what a reader of one strategy has to know.

    Parameters
    ----------
    given : StudyInput
        Its duty.
    summary : DutySummary
        What that is like for a new battery.
    cycles : DutyDays
        Days and cycles of that year.
    laws : list of AgeingLaw
        Models that speak.
    followed : float
        Share of the time in which requests are followed. [-]

    Returns
    -------
    tuple of str
        A sentence each.
    """
    said = [f"its duty is SYNTHETIC: {given.source}"] if given.is_synthetic else []
    said += remarks_on_trading(given.traded)
    if summary.shortfall_share > _UNMET_SHARE:
        said.append(f"a new battery does not meet {100.0 * summary.shortfall_share:.1f} % of what is asked")
    if followed < 1.0:
        repeats = f"; it is counted on the {given.source}" if given.is_synthetic else ""
        said.append(
            "once the full cycles that a day may have are spent, no request is answered until midnight UTC, and that "
            f"time is not paid: {100.0 * (1.0 - followed):.1f} % of a new battery's year{repeats}"
        )
    for law in laws:
        said += [
            f"{law.name} extrapolates for {100.0 * each.share:.0f} % of {each.of_what}: it was fitted for {each.side}"
            for each in outside_shares(law, cycles, slower_is_outside=True)
            if each.share > _FAR_OUTSIDE_SHARE
        ]
    return tuple(said)
