"""What a study of twenty years came to, for those who print, draw and export it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from battuta.domain.market_history import ExpectedYear
from battuta.domain.measured_health import MeasuredHealth
from battuta.domain.study import Strategy, Study
from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.ageing_law import AgeingLaw, ageing_law
from battuta.physics.ageing.card import ModelCard
from battuta.studies.telemetry_study import TelemetryOutcome
from battuta.studies.trading_duty import TradingDuty
from battuta.twin.augmentation import AugmentedLives
from battuta.twin.contract_revenue import ContractRevenue
from battuta.twin.duty_summary import DutySummary
from battuta.twin.lives import Lives
from battuta.twin.outlook import DrawnYears
from battuta.twin.project_finance import FinanceOutcome
from battuta.twin.site_losses import SiteLosses
from battuta.twin.study_sensitivity import StudyRisk
from battuta.twin.traded_energy import TradedEnergy
from battuta.twin.warranty_outcome import WarrantyOutcome
from battuta.twin.yearly_flows import YearlyFlows


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StudyInput:
    """A year of one strategy's duty, and where it came from.

    Attributes
    ----------
    power_kw : ndarray, shape (525600,)
        Mean power asked of each minute at the interconnection point, discharge positive. [kW]
    sold_kw : float
        Response that is sold all year; 0 where the duty sells none. [kW]
    soc_start : float
        State of charge as the year begins. [-]
    is_schedule : bool
        Whether the power stands still within each of its steps, as in a schedule.
    sample_s : float
        Length of the steps that the source has. [s]
    throughput_factor : float
        Throughput of the source over that of its minutes: what a minute hides. [-]
    source : str
        In words, for the report.
    is_synthetic : bool
        Whether it was made and not recorded.
    traded : TradingDuty or None
        All years of history that were traded, of which `power_kw` is the first; None where one year repeats.
    """

    power_kw: FloatArray
    sold_kw: float
    soc_start: float
    sample_s: float
    source: str
    is_synthetic: bool
    is_schedule: bool = False
    throughput_factor: float = 1.0
    traded: TradingDuty | None = None

    @property
    def years_kw(self) -> tuple[FloatArray, ...]:
        """Powers of the years in the order in which they are lived, each of shape (525600,). [kW]"""
        return (self.power_kw,) if self.traded is None else tuple(each.power_kw for each in self.traded.years)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StudyInputs:
    """What a study looked at besides its own figures.

    Attributes
    ----------
    ambient_c : ndarray, shape (525600,)
        Temperature around the battery, each minute of a year. [degC]
    climate_source : str
        Where it came from, in words.
    duties : Mapping of str to StudyInput
        Year of duty by the name of the strategy, or of the stage that it changes to.
    data_hash : str
        Hash of all of it.
    laws : Mapping of str to AgeingLaw
        Ageing models that do not ship, by name: tables of the study, and plug-ins.
    telemetry : MeasuredHealth or None
        Measured health that the study names.
    expected : tuple of ExpectedYear
        What somebody expects of the years; empty where trends say it.
    """

    ambient_c: FloatArray
    climate_source: str
    duties: Mapping[str, StudyInput]
    data_hash: str
    laws: Mapping[str, AgeingLaw] = field(default_factory=dict[str, AgeingLaw])

    def law(self, name: str) -> AgeingLaw:
        """Ageing model of a name; raises UsageError if there is none."""
        return self.laws[name] if name in self.laws else ageing_law(name)

    telemetry: MeasuredHealth | None = None
    expected: tuple[ExpectedYear, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StrategyOutcome:
    """One way to use the battery.

    Attributes
    ----------
    strategy : Strategy
        What was asked.
    duty : StudyInput
        What it does in a year.
    summary : DutySummary
        What that is like for a new battery.
    lives : Lives
        What became of the batteries.
    flows : YearlyFlows
        What operation brings and costs.
    finance : FinanceOutcome
        What the owner and the lender get.
    warranty : WarrantyOutcome or None
        What the warranty came to; None where the study names none.
    usable_mwh_new : float
        AC energy of a full discharge when new. [MWh]
    remarks : tuple of str
        What a reader of this strategy has to know: models asked outside their box, energy not met.
    followed_share : float
        Share of the time in which a new battery follows requests, because the day's throughput is not spent. [-]
    tranches : ContractRevenue or None
        Contracted and merchant revenue, which add up to that of the flows; None where not parted.
    augmented : AugmentedLives or None
        Strings that came, what they cost and how old all are; `lives` is then that of the whole site, and the
        warranty is judged on the first strings. None without augmentation.
    traded : TradedEnergy or None
        What a new battery moves and is paid in each year of history; None where energy has one price a year.
    """

    strategy: Strategy
    duty: StudyInput
    summary: DutySummary
    lives: Lives
    flows: YearlyFlows
    finance: FinanceOutcome
    warranty: WarrantyOutcome | None
    usable_mwh_new: float
    remarks: tuple[str, ...] = ()
    followed_share: float = 1.0
    tranches: ContractRevenue | None = None
    augmented: AugmentedLives | None = None
    traded: TradedEnergy | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LifeStudyResult:
    """What a study came to.

    Attributes
    ----------
    study : Study
        What was asked.
    inputs : StudyInputs
        What was looked at.
    years : DrawnYears
        Prices and availability of each life, the same for all strategies.
    strategies : tuple of StrategyOutcome
        Ways to use the battery, in the order of the study.
    cards : Mapping of str to ModelCard
        Cards of the ageing models.
    study_hash : str
        Hash of the study: same hash, same lock, same answer.
    remarks : tuple of str
        What a reader of the whole has to know: what is synthetic, assumed, unverified.
    risk : StudyRisk or None
        What may go otherwise, and what that does to the money; None until computed.
    losses : SiteLosses or None
        Failures and incidents; None where the study names none.
    telemetry : TelemetryOutcome or None
        What measured health says, and is worth; None where the study names none.
    """

    study: Study
    inputs: StudyInputs
    years: DrawnYears
    strategies: tuple[StrategyOutcome, ...]
    cards: Mapping[str, ModelCard]
    study_hash: str
    remarks: tuple[str, ...] = field(default=())
    risk: StudyRisk | None = None
    losses: SiteLosses | None = None
    telemetry: TelemetryOutcome | None = None

    def of(self, name: str) -> StrategyOutcome:
        """Outcome of a strategy by its name; KeyError if there is none."""
        for each in self.strategies:
            if each.strategy.name == name:
                return each
        raise KeyError(name)
