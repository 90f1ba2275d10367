"""What an insurer asks: incidents and how often, how fire passes between containers, what is insured."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from battuta.domain.errors import DataError, InvalidQuantityError, UsageError
from battuta.domain.failures import refuse_twice

_FAR = 1e12
_TABLE = "[insurance]"


class Layout(StrEnum):
    """How containers stand."""

    ROW = "row"
    """In one row: each has a neighbour on both sides."""
    GRID = "grid"
    """In rows behind one another: each has up to four neighbours, all at the same distance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Propagation:
    """How likely a container that burns takes a neighbour, at one distance.

    Attributes
    ----------
    spacing_m : float
        Free distance between neighbours. [m]
    probability : float
        That the neighbour burns too. [-]
    """

    spacing_m: float
    probability: float

    def __post_init__(self) -> None:
        """Refuse what is no distance or probability."""
        for name, value, high, unit in (
            ("spacing_m", self.spacing_m, 1000.0, "m"),
            ("probability", self.probability, 1.0, "-"),
        ):
            if not 0.0 <= value <= high:
                raise InvalidQuantityError(name, value, 0.0, high, unit, where="[[insurance.propagation]]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A class of incident.

    Attributes
    ----------
    name : str
        What the report calls it.
    rate_per_container_year : float or None
        Incidents that begin in one container, a year: ASSUMED without a source. [1/a]
    rate_per_site_year : float or None
        Incidents that strike all containers at once, a year; one of the two rates is given. [1/a]
    source : str
        Where rate and damage come from; empty: ASSUMED.
    destroyed_share : float
        Share of the value of the container where it begins that is lost; of each container, where it strikes all. [-]
    propagates : bool
        Whether it may pass to neighbours.
    destroyed_share_reached : float
        Share of the value of a container that it passes to. [-]
    clean_up_cost : float
        Fire water, waste, removal: for each container hit. [currency]
    interruption_days : float
        Days until a container that was hit works again. [d]
    site_interruption_days : float
        Days for which the whole site stands still: inquiry, safety. [d]
    """

    name: str
    destroyed_share: float
    rate_per_container_year: float | None = None
    rate_per_site_year: float | None = None
    source: str = ""
    propagates: bool = False
    destroyed_share_reached: float = 1.0
    clean_up_cost: float = 0.0
    interruption_days: float = 0.0
    site_interruption_days: float = 0.0

    def __post_init__(self) -> None:
        """Refuse incidents that cannot be counted."""
        where = f"[[insurance.incident]] {self.name!r}"
        if not self.name.strip():
            message = "[[insurance.incident]] has no name; say what the report calls it"
            raise UsageError(message)
        if (self.rate_per_container_year is None) == (self.rate_per_site_year is None):
            message = f"{where}: state rate_per_container_year, or rate_per_site_year where all are struck at once"
            raise DataError(message)
        if self.strikes_all and self.propagates:
            message = f"{where} strikes all containers at once: propagates = true says nothing; leave it out"
            raise DataError(message)
        for name, value, low, high, unit in (
            ("rate_per_container_year", self.rate_per_container_year or 0.0, 0.0, 10.0, "1/a"),
            ("rate_per_site_year", self.rate_per_site_year or 0.0, 0.0, 10.0, "1/a"),
            ("destroyed_share", self.destroyed_share, 0.0, 1.0, "-"),
            ("destroyed_share_reached", self.destroyed_share_reached, 0.0, 1.0, "-"),
            ("clean_up_cost", self.clean_up_cost, 0.0, _FAR, "currency"),
            ("interruption_days", self.interruption_days, 0.0, 3650.0, "d"),
            ("site_interruption_days", self.site_interruption_days, 0.0, 3650.0, "d"),
        ):
            if not low <= value <= high:
                raise InvalidQuantityError(name, value, low, high, unit, where=where)

    @property
    def strikes_all(self) -> bool:
        """Whether all containers are hit at once, as by a flood."""
        return self.rate_per_site_year is not None

    @property
    def is_assumed(self) -> bool:
        """Whether nobody says where its figures come from."""
        return not self.source.strip()

    def rate_per_year(self, n_containers: int) -> float:
        """Incidents of a site a year. [1/a]"""
        if self.rate_per_site_year is not None:
            return self.rate_per_site_year
        return (self.rate_per_container_year or 0.0) * n_containers


@dataclass(frozen=True, slots=True, kw_only=True)
class Insurance:
    """What is insured, against what, and how the containers stand.

    Attributes
    ----------
    incident : tuple of Incident
        Classes of incident.
    propagation : tuple of Propagation
        Probability that a neighbour burns by distance, rising in distance; straight between, not read beyond.
    propagation_source : str
        Where it comes from; empty: ASSUMED.
    spacing_m : float or None
        Free distance between neighbours as built; needed where an incident propagates. [m]
    spacing_m_compared : tuple of float
        Other distances that the loss is asked for. [m]
    layout : Layout
        One row, or rows behind one another.
    rows : int
        Rows of a grid, of equal length. [-]
    value_per_container : float or None
        Cost of a new one in its place; None: the installed cost over the containers. [currency]
    interruption_per_day : float
        Sum insured for a day on which the whole site stands still. [currency/d]
    deductible : float
        Of the physical damage of one incident, borne by the owner. [currency]
    waiting_days : float
        Days of interruption that the owner bears. [d]
    limit_per_incident : float or None
        What the insurer pays at most for one incident; None: no limit. [currency]
    premium_per_year : float or None
        In money of the first year, grows with inflation; None: `insurance_share` of the finance plan. [currency/a]
    """

    incident: tuple[Incident, ...]
    propagation: tuple[Propagation, ...] = ()
    propagation_source: str = ""
    spacing_m: float | None = None
    spacing_m_compared: tuple[float, ...] = ()
    layout: Layout = Layout.ROW
    rows: int = 1
    value_per_container: float | None = None
    interruption_per_day: float = 0.0
    deductible: float = 0.0
    waiting_days: float = 0.0
    limit_per_incident: float | None = None
    premium_per_year: float | None = None

    def __post_init__(self) -> None:
        """Refuse a policy that contradicts itself."""
        if not self.incident:
            message = f"{_TABLE} names no incident; write at least one [[insurance.incident]]"
            raise UsageError(message)
        refuse_twice([each.name for each in self.incident], "[[insurance.incident]]")
        for name, value, low, high, unit in (
            ("spacing_m", self.spacing_m or 0.0, 0.0, 1000.0, "m"),
            ("rows", self.rows, 1, 1000, "-"),
            ("value_per_container", self.value_per_container or 0.0, 0.0, _FAR, "currency"),
            ("interruption_per_day", self.interruption_per_day, 0.0, _FAR, "currency/d"),
            ("deductible", self.deductible, 0.0, _FAR, "currency"),
            ("waiting_days", self.waiting_days, 0.0, 3650.0, "d"),
            ("limit_per_incident", self.limit_per_incident or 0.0, 0.0, _FAR, "currency"),
            ("premium_per_year", self.premium_per_year or 0.0, 0.0, _FAR, "currency/a"),
        ):
            if not low <= value <= high:
                raise InvalidQuantityError(name, value, low, high, unit, where=_TABLE)
        if self.layout is Layout.ROW and self.rows != 1:
            message = f'{_TABLE}: rows = {self.rows} but layout = "row"; write layout = "grid"'
            raise DataError(message)
        self._refuse_unknown_interruption()
        self._refuse_unknown_propagation()

    def _refuse_unknown_interruption(self) -> None:
        stopped = [each.name for each in self.incident if each.interruption_days or each.site_interruption_days]
        if stopped and self.interruption_per_day == 0.0:
            message = (
                f"{_TABLE}: {stopped[0]!r} interrupts the business and interruption_per_day is not given; state what "
                "a day of the whole site is insured for"
            )
            raise DataError(message)

    def _refuse_unknown_propagation(self) -> None:
        for near, far in pairwise(self.propagation):
            if not near.spacing_m < far.spacing_m or near.probability < far.probability:
                message = (
                    f"[[insurance.propagation]]: {near.spacing_m:g} m with {near.probability:g} is followed by "
                    f"{far.spacing_m:g} m with {far.probability:g}; distances rise and probabilities do not"
                )
                raise DataError(message)
        spreading = [each.name for each in self.incident if each.propagates]
        if not spreading and self.spacing_m_compared:
            message = (
                f"{_TABLE}: spacing_m_compared is given and no incident has propagates = true: distances change "
                "nothing; leave them out, or say which incident propagates"
            )
            raise DataError(message)
        if spreading and (self.spacing_m is None or not self.propagation):
            message = (
                f"{_TABLE}: {spreading[0]!r} propagates; state spacing_m and at least one [[insurance.propagation]]"
            )
            raise DataError(message)
        for spacing_m in self.spacings_m if self.propagation else ():
            self.propagation_probability(spacing_m)

    @property
    def spacings_m(self) -> tuple[float, ...]:
        """Distances that are asked for: as built, then the others; none where nothing propagates. [m]"""
        if self.spacing_m is None:
            return ()
        return (self.spacing_m, *(each for each in self.spacing_m_compared if each != self.spacing_m))

    def propagation_probability(self, spacing_m: float) -> float:
        """Probability that a neighbour at a distance burns too, straight between what is stated. [-]

        Raises
        ------
        InvalidQuantityError
            If the table does not reach so far: nothing is guessed beyond it.
        """
        low, high = self.propagation[0].spacing_m, self.propagation[-1].spacing_m
        if not low <= spacing_m <= high:
            raise InvalidQuantityError("spacing_m", spacing_m, low, high, "m", where="[[insurance.propagation]]")
        for near, far in pairwise(self.propagation):
            if spacing_m <= far.spacing_m:
                share = (spacing_m - near.spacing_m) / (far.spacing_m - near.spacing_m)
                return near.probability + share * (far.probability - near.probability)
        return self.propagation[-1].probability

    @property
    def assumed(self) -> tuple[str, ...]:
        """Incidents, and the propagation, for which nobody states a source."""
        named = [each.name for each in self.incident if each.is_assumed]
        if any(each.propagates for each in self.incident) and not self.propagation_source.strip():
            named.append("propagation between containers")
        return tuple(named)
