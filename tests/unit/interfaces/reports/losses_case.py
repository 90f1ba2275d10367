"""The small study of `twin_case`, with classes of failure and a policy, all made up."""

from dataclasses import replace

from battuta.domain.outlook import Availability
from battuta.interfaces.reports.twin_figures import study_figures
from battuta.twin.site_losses import site_losses
from unit.interfaces.reports.twin_case import result
from unit.twin.insurance_case import failure, policy


def with_losses(*, failures=(), insurance=None):
    """The same lives, with what fails and may happen."""
    made = result()
    study = replace(
        made.study,
        battery=replace(made.study.battery, containers=4, converters=2),
        availability=Availability(failure=failures),
        insurance=insurance,
    )
    losses = site_losses(study)
    assert losses is not None
    return replace(made, study=study, losses=losses, years=losses.without_outages(made.years))


def whole_result():
    """Failures and incidents."""
    return with_losses(
        failures=(failure(repair_cost=1000.0, repair_days=40.0), failure(name="fuse", source="a log", repair_days=1.0)),
        insurance=policy(premium_per_year=9_000.0, value_per_container=3e5),
    )


def whole():
    """Its figures."""
    return study_figures(whole_result())
