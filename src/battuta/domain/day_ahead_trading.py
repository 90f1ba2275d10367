"""A battery that buys and sells energy at day-ahead prices: how it decides, and how much of the best it gets."""

from __future__ import annotations

from dataclasses import dataclass

from battuta.domain.errors import InvalidQuantityError, UsageError

CAPTURE_SHARE_ASSUMED = 0.88
"""Share of the margin of perfect foresight that is earned where a study says nothing: ASSUMED. Lenders hold 0.85 to
0.90 for defensible and question more than 0.92 (trade press, no study of it is known). [-]"""
_ORACLE = "oracle_"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAheadTrading:
    """Buy and sell energy at the day-ahead prices of the years in ``[market.history]``.

    Attributes
    ----------
    strategy : str
        Who decides, by a name of `battuta backtest`. An ``oracle_`` knows the prices beforehand, so its margin is an
        upper bound, of which `capture_share` is earned; what any other earns is measured.
    capture_share : float or None
        Share of the margin of perfect foresight that is earned, ASSUMED; 0.88 where it is left out. Belongs to an
        ``oracle_`` alone. [-]
    wear_price_per_mwh : float
        What discharging a MWh has to earn beyond the energy, for the cells' sake; steers the schedule and is nobody's
        cost. [currency/MWh]
    full_cycles_per_day_max : float
        Energy that is planned to be discharged in a day over that of a full discharge; infinite when not capped. [-]
    """

    strategy: str = "oracle_day"
    capture_share: float | None = None
    wear_price_per_mwh: float
    full_cycles_per_day_max: float = float("inf")

    def __post_init__(self) -> None:
        """Refuse shares that are none, and an assumed capture of what is measured."""
        for name, value, low, high, unit in (
            ("capture_share", self.captured_of_best, 0.0, 1.0, "-"),
            ("wear_price_per_mwh", self.wear_price_per_mwh, 0.0, 1e4, "currency/MWh"),
            ("full_cycles_per_day_max", self.full_cycles_per_day_max, 0.01, float("inf"), "-"),
        ):
            if not low <= value <= high:
                raise InvalidQuantityError(name, value, low, high, unit, where="[[strategy]]")
        if self.capture_share is not None and not self.is_perfect_foresight:
            message = (
                f"capture_share = {self.capture_share:g} is assumed of perfect foresight, what {self.strategy!r} "
                "captures is measured; leave capture_share out, or name an oracle_ as strategy"
            )
            raise UsageError(message)

    @property
    def is_perfect_foresight(self) -> bool:
        """Whether prices are known before they are."""
        return self.strategy.startswith(_ORACLE)

    @property
    def captured_of_best(self) -> float:
        """Share that is taken of the margin of the schedule; 1 where it is measured. [-]"""
        if not self.is_perfect_foresight:
            return 1.0
        return CAPTURE_SHARE_ASSUMED if self.capture_share is None else self.capture_share
