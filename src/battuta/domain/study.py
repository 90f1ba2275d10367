"""What an investor asks of the next twenty years: a battery, strategies, ageing models, warranty, market and money."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

from battuta.domain.ageing_choice import AgeingChoice
from battuta.domain.augmentation import AugmentationPlan
from battuta.domain.day_ahead_trading import DayAheadTrading
from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.domain.failures import FailingUnit
from battuta.domain.finance_plan import FinancePlan
from battuta.domain.insurance import Insurance
from battuta.domain.measured_health import TelemetryFile
from battuta.domain.outlook import Availability, MarketOutlook
from battuta.domain.revenue_contract import RevenueContract, refuse_overlap
from battuta.domain.studied_battery import Climate, StudiedBattery
from battuta.domain.warranty import Warranty


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyRegulation:
    """Answer the grid's frequency by a product's droop, and steer the charge back slowly.

    Attributes
    ----------
    product : str
        Name of the product, whose law is answered.
    power_share : float
        Share of the rated power that is sold; products ask for power beyond it, see `sold_share_max`. [-]
    soc_target : float
        State of charge that the base power steers to. [-]
    recovery_share : float
        Base power at most, share of the power that is sold. [-]
    full_cycles_per_day_max : float
        Once the day's throughput is spent, no more is answered until midnight UTC; infinite when not capped. [-]
    frequency_path : str or None
        File of the frequency, one value a second of whole days, as the study names it; SYNTHETIC days of a grid like
        that of continental Europe where it is left out.
    synthetic_days : int
        How many synthetic days are made; they repeat until the year is full. [d]
    """

    product: str = "ce_fcr"
    power_share: float = 0.8
    soc_target: float = 0.5
    recovery_share: float = 0.25
    full_cycles_per_day_max: float = float("inf")
    frequency_path: str | None = None
    synthetic_days: int = 7

    def __post_init__(self) -> None:
        """Refuse shares beyond the rating."""
        for name, value, low, high in (
            ("synthetic_days", self.synthetic_days, 1, 365),
            ("power_share", self.power_share, 0.01, 1.0),
            ("soc_target", self.soc_target, 0.0, 1.0),
            ("recovery_share", self.recovery_share, 0.0, 1.0),
            ("full_cycles_per_day_max", self.full_cycles_per_day_max, 0.01, float("inf")),
        ):
            if not low <= value <= high:
                raise InvalidQuantityError(name, value, low, high, "-", where="[[strategy]]")


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyFile:
    """Follow the powers, or the states of charge, of a file of one year.

    Attributes
    ----------
    path : str
        Where it lies, as the study names it.
    strategy : str or None
        Whose rows of the file, where it holds those of several, as a backtest writes them.
    is_schedule : bool
        Whether the power does stand still within each of its steps: then steps of more than five minutes hide no
        cycles, however quickly it turns.
    """

    path: str
    strategy: str | None = None
    is_schedule: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """Stand still at a state of charge.

    Attributes
    ----------
    soc : float
        State of charge. [-]
    """

    soc: float = 0.5

    def __post_init__(self) -> None:
        """Refuse a charge that no battery has."""
        if not 0.0 <= self.soc <= 1.0:
            raise InvalidQuantityError("soc", self.soc, 0.0, 1.0, "-", where="[[strategy]]")


Duty: TypeAlias = FrequencyRegulation | DayAheadTrading | DutyFile | Storage


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeWhen:
    """When a life goes over to another duty: what comes first, and never back.

    Attributes
    ----------
    soh_capacity_below : float or None
        Once its capacity, over that when new, has fallen below. [-]
    from_year : int or None
        From this year of operation on, the first is 1. [a]
    """

    soh_capacity_below: float | None = None
    from_year: int | None = None

    def __post_init__(self) -> None:
        """Refuse a change that never comes."""
        if self.soh_capacity_below is None and self.from_year is None:
            message = "[[strategy.change]] never comes: give soh_capacity_below, from_year, or both"
            raise UsageError(message)
        for name, value, low, high, unit in (
            ("soh_capacity_below", self.soh_capacity_below, 0.0, 1.0, "-"),
            ("from_year", self.from_year, 1, 100, "a"),
        ):
            if value is not None and not low <= value <= high:
                raise InvalidQuantityError(name, value, low, high, unit, where="[[strategy.change]]")


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyChange:
    """Another duty, from some health or year of each life on.

    Attributes
    ----------
    when : ChangeWhen
        When it begins.
    duty : FrequencyRegulation or DayAheadTrading or DutyFile or Storage
        What it does from then on.
    """

    when: ChangeWhen
    duty: Duty


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """One way to use the battery for twenty years.

    Attributes
    ----------
    name : str
        What the report calls it.
    duty : FrequencyRegulation or DayAheadTrading or DutyFile or Storage
        What it does.
    changes : tuple of StrategyChange
        What it does instead as a life's health or years go on, one after the other.
    """

    name: str
    duty: Duty
    changes: tuple[StrategyChange, ...] = ()

    def __post_init__(self) -> None:
        """Refuse changes that come out of their order, and trading that changes."""
        if self.changes and any(isinstance(each.duty, DayAheadTrading) for each in self.stages):
            message = f"strategy {self.name!r} trades and changes: trading years do not change yet; leave one out"
            raise UsageError(message)
        for number, (one, two) in enumerate(pairwise(each.when for each in self.changes), start=1):
            healthier = None not in {one.soh_capacity_below, two.soh_capacity_below}
            if healthier and (two.soh_capacity_below or 0.0) > (one.soh_capacity_below or 0.0):
                message = (
                    f"strategy {self.name!r}: change {number + 1} is due at soh_capacity {two.soh_capacity_below:g}, "
                    f"before change {number} at {one.soh_capacity_below:g}; put them in the order in which they come"
                )
                raise UsageError(message)
            if None not in {one.from_year, two.from_year} and (two.from_year or 0) < (one.from_year or 0):
                message = (
                    f"strategy {self.name!r}: change {number + 1} is due in year {two.from_year}, before change "
                    f"{number} in year {one.from_year}; put them in the order in which they come"
                )
                raise UsageError(message)

    @property
    def stages(self) -> tuple[Strategy, ...]:
        """What it does when new and after each change, each as a strategy that does not change."""
        after = (
            Strategy(name=f"{self.name}, change {number}", duty=each.duty)
            for number, each in enumerate(self.changes, start=1)
        )
        return (Strategy(name=self.name, duty=self.duty), *after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What an investor asks.

    Attributes
    ----------
    name : str
        Title of the report.
    battery : StudiedBattery
        What is bought.
    climate : SteadyClimate or ClimateFile
        Where it stands.
    strategies : tuple of Strategy
        Ways to use it, side by side; the first is the one that the others are held against.
    ageing : AgeingChoice
        Which models speak.
    market : MarketOutlook
        What is paid.
    availability : Availability
        How much of the time it is there.
    finance : FinancePlan
        How it is paid for; its years are those of the study.
    warranty : Warranty or None
        What the maker promises, and asks.
    augmentation : AugmentationPlan or None
        When strings are added or replaced; None: never.
    contracts : tuple of RevenueContract
        Rents and floors; without them all revenue is merchant.
    insurance : Insurance or None
        What an insurer asks; None: nothing is insured, and no incident is drawn.
    telemetry : TelemetryFile or None
        Where measured health of this battery, or of sisters, lies; None: lives are those of the models alone.
    first_year : int
        Calendar year in which it begins.
    n_lives : int
        Lives that are drawn for each strategy. [-]
    seed : int
        Same seed, same answer. [-]
    """

    name: str
    battery: StudiedBattery
    climate: Climate
    strategies: tuple[Strategy, ...]
    ageing: AgeingChoice
    market: MarketOutlook
    finance: FinancePlan
    availability: Availability = field(default_factory=Availability)
    warranty: Warranty | None = None
    augmentation: AugmentationPlan | None = None
    contracts: tuple[RevenueContract, ...] = ()
    insurance: Insurance | None = None
    telemetry: TelemetryFile | None = field(default=None, repr=False)  # hashed with the rows that it names
    first_year: int = 2027
    n_lives: int = 1000
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse a study of nothing, and names that say two things."""
        if not self.strategies:
            message = "the study names no strategy; write at least one [[strategy]]"
            raise UsageError(message)
        changing = [each.name for each in self.strategies if each.changes]
        if changing and self.augmentation is not None:
            message = (
                f"strategy {changing[0]!r} changes with its health, and [augmentation] brings new strings: the two are "
                "not lived together; leave one out"
            )
            raise UsageError(message)
        if changing and self.contracts:
            message = (
                f"strategy {changing[0]!r} changes with its health, and [[contract]] pays for what it did before: "
                "rents would be paid in full for another duty; leave one out"
            )
            raise UsageError(message)
        refuse_overlap(self.contracts, self.finance.n_years)
        if self.warranty is not None and self.warranty.currency != self.finance.currency:
            message = (
                f"warranty {self.warranty.name!r} pays in {self.warranty.currency} and [finance] counts in "
                f"{self.finance.currency}; state both in one currency"
            )
            raise UsageError(message)
        for failure in self.availability.failure:
            self.battery.n_units(failure.unit)
        self._refuse_odd_insurance()
        names = [stage.name for each in self.strategies for stage in each.stages]
        traders = [each.name for each in self.strategies if isinstance(each.duty, DayAheadTrading)]
        if traders and self.market.history is None:
            message = f"strategy {traders[0]!r} trades, and the study names no prices; write a table [market.history]"
            raise UsageError(message)
        twice = sorted({each for each in names if names.count(each) > 1})
        if twice:
            message = f"two strategies are called {twice[0]!r}; give each a name of its own"
            raise UsageError(message)
        self._refuse_telemetry(names)
        for name, value, low, high in (
            ("first_year", self.first_year, 1990, 2100),
            ("n_lives", self.n_lives, 1, 100_000),
            ("seed", self.seed, 0, 2**63),
            ("n_years", self.finance.n_years, 1, 40),
        ):
            if not low <= value <= high:
                raise InvalidQuantityError(name, value, low, high, "-", where="[study]")

    def _refuse_odd_insurance(self) -> None:
        """Refuse a grid with a hole, and a premium that is stated twice."""
        if self.insurance is None:
            return
        n_containers, rows = self.battery.n_units(FailingUnit.CONTAINER), self.insurance.rows
        if n_containers % rows:
            message = f"[insurance] rows = {rows} does not part [battery] containers = {n_containers} into equal rows"
            raise UsageError(message)
        if self.insurance.premium_per_year is not None and self.finance.insurance_share:
            message = (
                "the premium is stated twice: [insurance] premium_per_year and [finance] insurance_share; "
                "leave one of them out"
            )
            raise UsageError(message)

    def _refuse_telemetry(self, names: list[str]) -> None:
        """Refuse measurements of a duty that no strategy has, or of another beginning than the study's."""
        named = self.telemetry
        if named is None:
            return
        if named.lived_as not in names:
            message = f"[telemetry] lived_as = {named.lived_as!r} is none of the strategies: {', '.join(names)}"
            raise UsageError(message)
        begins = named.commissioned
        if begins is not None and not named.is_of_sister_sites and begins.year != self.first_year:
            message = (
                f"[telemetry] commissioned = {begins:%Y-%m-%d}, and the study begins in {self.first_year}: its years "
                f"count from commissioning, so write [study] first_year = {begins.year}"
            )
            raise UsageError(message)

    @property
    def n_years(self) -> int:
        """Years of operation. [a]"""
        return self.finance.n_years
