"""The section of the report of a study on what fails, what may happen, and what an insurer would lose."""

from __future__ import annotations

import numpy as np

from battuta.domain.insurance import Insurance, Layout
from battuta.interfaces.reports.twin_blocks import Block, Chart, Line, Picture, Rows, Section, Subheading, Words
from battuta.interfaces.reports.twin_figures import StudyFigures
from battuta.interfaces.reports.twin_losses import availability_figures, earned_per_day, failure_figures
from battuta.interfaces.reports.twin_wording import listed, money_text
from battuta.interfaces.reports.wording import MISSING, NBSP, number_text, percent_text
from battuta.twin.incident_losses import IncidentLosses, InsurerAnswer, SpacingLosses
from battuta.twin.site_losses import SiteLosses

_DECADE = 10.0
_LEAST_PROBABILITY = 1e-5


def availability(study: StudyFigures) -> Section:
    """Section on availability and insurance."""
    losses, blocks = study.result.losses, list[Block]()
    blocks.append(Words(text=_drawn(study)))
    if losses is not None and losses.failures is not None:
        blocks += _failures(study)
    if losses is not None and losses.insurer is not None:
        blocks += _insurance(study, losses, losses.insurer)
    return Section(heading="Availability and insurance", blocks=tuple(blocks))


def _drawn(study: StudyFigures) -> str:
    asked, plan, losses = study.result.study.availability, study.result.study.finance, study.result.losses
    drawn = study.result.years.availability
    low = percent_text(float(np.quantile(drawn, 0.1)), 1)
    words = (
        f"Availability is ASSUMED: mean {percent_text(asked.mean, 1)} of the time, standard deviation of "
        f"a year {percent_text(asked.deviation, 1)}"
    )
    words += f". As drawn, one year in ten lies below {low}. " if losses is None else ", before what is named below. "
    has_failures = losses is not None and losses.failures is not None
    if losses is not None and losses.insurer is not None:
        return words if has_failures else f"{words}Failures of single parts are not modelled."
    insured = plan.insurance_share * plan.installed_cost
    cost = f"{money_text(insured)} {study.currency} in the first year" if insured else "none is part of the plan"
    missing = "" if has_failures else "Failures of single parts, "
    missing += f"{'incidents' if missing else 'Incidents'}, and what an insurer would lose by class of incident"
    return f"{words}Insurance: {cost}. {missing} are not modelled."


def _failures(study: StudyFigures) -> list[Block]:
    found, all_of_it = failure_figures(study.result), availability_figures(study.result)
    rows = tuple(
        (
            each.failure.name,
            f"{each.n_units} x {each.failure.unit.value}",
            number_text(each.events_per_year, 3),
            percent_text(each.share_lost, 1),
            number_text(each.failure.repair_days, 1),
            percent_text(each.lost_share, 2),
            money_text(each.repair_cost),
            each.failure.source or "ASSUMED",
        )
        for each in found
    )
    columns = (
        "failure",
        "units",
        "events a year",
        "power lost by one",
        "days to repair, median",
        "power lost, mean",
        f"repairs, {study.currency}/a",
        "source",
    )
    year, life = all_of_it.year, all_of_it.life
    quantiles = (
        ("a year", *(percent_text(each, 1) for each in year)),
        ("mean of a life", *(percent_text(each, 1) for each in life)),
    )
    return [
        Rows(
            caption="Classes of failure, means of all lives and years; each alone, outages that overlap counted to "
            "all of the power at most in what the money sees",
            columns=columns,
            rows=rows,
            word_columns=(0, 1, 7),
            long_column=7,
        ),
        Rows(
            caption=f"Availability with failures and incidents; mean "
            f"{percent_text(all_of_it.mean, 1)}. P90 is what nine of ten have at least",
            columns=("availability of", "P50", "P90", "P99"),
            rows=quantiles,
        ),
    ]


def _insurance(study: StudyFigures, losses: SiteLosses, answer: InsurerAnswer) -> list[Block]:
    insurance = study.result.study.insurance
    assert insurance is not None, "an insurer's answer is that to a policy"
    blocks: list[Block] = [
        Subheading(text="What an insurer would lose"),
        Words(text=_policy(insurance, answer, study.currency)),
        _expected(answer, study.currency),
        _large(answer, study.currency),
    ]
    if any(each.year.mean > 0.0 for each in answer.spacings):
        blocks.append(_picture(answer, study.currency))
    blocks.append(Words(text=_borne(losses, study)))
    if insurance.assumed:
        blocks.append(
            Words(
                text=f"ASSUMED, no source is stated: {listed(list(insurance.assumed))}. Every figure of this part is "
                "only as good as these rates and shares: ask the maker for large-scale fire tests, and look at the "
                "failure incident database that EPRI keeps for the trend of rates.",
                is_warning=True,
            )
        )
    return blocks


def _policy(insurance: Insurance, answer: InsurerAnswer, currency: str) -> str:
    n_columns = answer.n_containers // insurance.rows
    stand = (
        "in one row" if insurance.layout is Layout.ROW else f"in {insurance.rows} rows of {n_columns}, by 20,000 fires"
    )
    distance = f", {number_text(insurance.spacing_m, 1)}{NBSP}m apart" if insurance.spacing_m is not None else ""
    containers = "container" if answer.n_containers == 1 else "containers"
    words = (
        f"{answer.n_containers} {containers} of {money_text(answer.value_per_container)} {currency} {stand}{distance}. "
    )
    words += (
        f"The owner bears {money_text(insurance.deductible)} {currency} of the damage of an incident and the first "
        f"{number_text(insurance.waiting_days, 0)} days of interruption, of which a day of the whole site is insured "
        f"for {money_text(insurance.interruption_per_day)} {currency}"
    )
    if insurance.limit_per_incident is not None:
        words += f"; the insurer pays {money_text(insurance.limit_per_incident)} {currency} at most for one incident"
    if not answer.premium_per_year:
        return f"{words}. No premium is stated."
    return (
        f"{words}. Premium {money_text(answer.premium_per_year)} {currency} in the first year; the insurer expects to "
        f"pay {percent_text(answer.loss_ratio, 0)} of it (loss ratio, as built, before his costs)."
    )


def _listed(answer: InsurerAnswer) -> list[tuple[str, str, IncidentLosses, SpacingLosses]]:
    """Distance and class of each line: as built all classes, elsewhere those that the distance changes, and the sum."""
    built = {each.name: each for each in answer.spacings[0].classes}
    found: list[tuple[str, str, IncidentLosses, SpacingLosses]] = []
    for number, at in enumerate(answer.spacings):
        place = MISSING if at.spacing_m is None else f"{number_text(at.spacing_m, 1)}{NBSP}m"
        place = f"{place}, as built" if number == 0 else place
        shown = [each for each in at.classes if number == 0 or each != built[each.name]]
        for k, each in enumerate([*shown, at.whole]):
            found.append((place if k == 0 else "", each.name, each, at))
    return found


def _expected(answer: InsurerAnswer, currency: str) -> Rows:
    rows = tuple(
        (
            place,
            name,
            number_text(each.rate_per_year, 4),
            number_text(each.hit_mean),
            percent_text(each.all_hit_probability, 2),
            *(money_text(part.expected) for part in (each.damage, each.interruption, each.together, each.paid)),
        )
        for place, name, each, _ in _listed(answer)
    )
    columns = (
        "distance",
        "incident",
        "a year",
        "containers hit",
        "all are hit",
        "damage",
        "interruption",
        "both",
        "insurer pays",
    )
    caption = (
        f"Expected loss of a year, {currency} of the first year. Containers hit and the probability that all are, of "
        "one incident; other distances show the classes that they change"
    )
    return Rows(caption=caption, columns=columns, rows=rows, word_columns=(0, 1))


def _large(answer: InsurerAnswer, currency: str) -> Rows:
    rows = tuple(
        (
            place,
            name,
            *(
                money_text(amount)
                for part in (each.damage, each.interruption)
                for amount in (part.p99, part.p996, part.maximum)
            ),
            money_text(each.paid.maximum),
        )
        for place, name, each, _ in _listed(answer)
    )
    columns = (
        "distance",
        "incident",
        "damage P99",
        "P99.6",
        "maximum",
        "interruption P99",
        "P99.6",
        "maximum",
        "insurer pays, maximum",
    )
    caption = (
        f"Large losses of a year, {currency}: not exceeded in 99 and in 99.6 % of the years (1 in 250; 0: rarer). The "
        "maximum is that of one incident that takes every container it can reach, whatever the distance"
    )
    return Rows(caption=caption, columns=columns, rows=rows, word_columns=(0, 1))


def _picture(answer: InsurerAnswer, currency: str) -> Picture:
    lines: list[Line] = []
    for k, at in enumerate(answer.spacings):
        exceeded = 1.0 - np.cumsum(at.year.probability)
        shown = exceeded > _LEAST_PROBABILITY
        name = "all incidents" if at.spacing_m is None else f"{number_text(at.spacing_m, 1)} m"
        x, y = at.year.loss[shown], exceeded[shown]
        falls = np.flatnonzero(np.diff(y, prepend=np.inf) < -1e-9 * y)  # corners of the steps are enough
        edges = np.unique(np.concatenate([falls, np.maximum(falls - 1, 0), [y.size - 1]]))
        lines.append(Line(name=name, x=x[edges] / 1e3, y=100.0 * y[edges], style=k))
    chart = Chart(
        title="How often a year loses more",
        x_label=f"damage and interruption of a year, k{currency}",
        y_label="% of the years",
        lines=tuple(lines),
        is_log=_spans_decades(lines),
    )
    return Picture(
        key="loss-exceedance",
        caption="Exceedance of the loss of a year, before insurance, for each distance between containers; counted, "
        "not drawn.",
        charts=(chart,),
    )


def _spans_decades(lines: list[Line]) -> bool:
    """Whether the curves reach so far that a linear axis would hide their lower ends."""
    shares = np.concatenate([each.y for each in lines])
    return bool(shares.size and shares.max() > _DECADE * shares.min())


def _borne(losses: SiteLosses, study: StudyFigures) -> str:
    incidents = losses.incidents
    assert incidents is not None, "a policy has incidents drawn"
    cost = availability_figures(study.result).cost
    share = float((incidents.events.sum(axis=1) > 0.0).mean())
    p50, p90, p99 = (money_text(each) for each in cost)
    return (
        f"In the lives of this study, as built, {percent_text(share, 1)} see an incident in {study.n_years} years. "
        "Repairs, premium, and damage less what the insurer pays are part of the cash flow below: in all years "
        f"{p50} {study.currency} at P50, {p90} at P90 and {p99} at P99, nominal, what is not exceeded in as many "
        f"lives. While parts stand still nothing is earned. {_insured_day(study)}Containers that are lost are taken to "
        "be rebuilt as they were."
    )


def _insured_day(study: StudyFigures) -> str:
    """Set what a day is insured for beside what it earns."""
    insurance = study.result.study.insurance
    if insurance is None or insurance.interruption_per_day == 0.0:
        return ""
    earned = [
        f"{money_text(earned_per_day(each.outcome.flows, study.result))} by {each.name}" for each in study.strategies
    ]
    insured = money_text(insurance.interruption_per_day)
    return (
        f"A day of the site is insured for {insured} {study.currency}; it earns {listed(earned)}, mean of all lives. "
    )
