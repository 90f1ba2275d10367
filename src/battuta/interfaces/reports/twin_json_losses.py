"""Failures, availability and an insurer's losses in the annex of a study's report."""

from __future__ import annotations

from battuta.interfaces.reports.twin_json_parts import Json, number
from battuta.interfaces.reports.twin_losses import availability_figures, failure_figures
from battuta.studies.life_study_result import LifeStudyResult
from battuta.twin.incident_losses import IncidentLosses, InsurerAnswer, LossFigures, SpacingLosses


def losses_json(result: LifeStudyResult) -> dict[str, Json]:
    """Write what fails, what may happen, and what both cost.

    Parameters
    ----------
    result : LifeStudyResult
        The study.

    Returns
    -------
    dict
        ``availability`` where the study names failures or incidents, ``insurance`` where it names incidents; empty
        where it names neither. Of availability p90 is what 90 % have at least, of cost what 90 % do not exceed.
    """
    losses = result.losses
    if losses is None:
        return {}
    found = availability_figures(result)
    failures: dict[str, Json] = {
        each.failure.name: {
            "unit": each.failure.unit.value,
            "units": each.n_units,
            "events": each.events_per_year,
            "share_lost_by_one": each.share_lost,
            "lost_share": each.lost_share,
            "repair_cost": each.repair_cost,
            "is_assumed": each.failure.is_assumed,
        }
        for each in failure_figures(result)
    }
    told: dict[str, Json] = {
        "availability": {
            "mean": found.mean,
            "year": _p(found.year),
            "life": _p(found.life),
            "cost": _p(found.cost),
            "failures": failures,
        }
    }
    if losses.insurer is not None:
        told["insurance"] = _insurer(losses.insurer)
    return told


def _p(values: tuple[float, ...]) -> dict[str, Json]:
    return {name: float(value) for name, value in zip(("p50", "p90", "p99"), values, strict=True)}


def _insurer(answer: InsurerAnswer) -> dict[str, Json]:
    spacings: list[Json] = [_spacing(each) for each in answer.spacings]
    return {
        "containers": answer.n_containers,
        "value_per_container": answer.value_per_container,
        "premium": answer.premium_per_year,
        "loss_ratio": number(answer.loss_ratio),
        "spacings": spacings,
    }


def _spacing(each: SpacingLosses) -> dict[str, Json]:
    classes: dict[str, Json] = {one.name: _incident(one) for one in each.classes}
    return {
        "spacing_m": each.spacing_m,
        "propagation_probability": each.propagation_probability,
        "incidents": classes,
        "all": _incident(each.whole),
    }


def _incident(each: IncidentLosses) -> dict[str, Json]:
    return {
        "rate": each.rate_per_year,
        "hit_mean": each.hit_mean,
        "all_hit_probability": each.all_hit_probability,
        "damage": _loss(each.damage),
        "interruption": _loss(each.interruption),
        "both": _loss(each.together),
        "paid": _loss(each.paid),
    }


def _loss(each: LossFigures) -> dict[str, Json]:
    return {"expected": each.expected, "p99": each.p99, "p996": each.p996, "max": each.maximum}
