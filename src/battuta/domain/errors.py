"""Every error says what is wrong, where, by how much, and what to do about it.

::

    BattutaError
    ├── UsageError            (exit 2)  the command or call asks for something that does not exist
    ├── InvalidQuantityError  (exit 4)  a number outside its physical range
    ├── DataError             (exit 4)  a file or series that cannot be used as it stands
    │   ├── ImportRefusedError          a file with findings that must be mended or allowed by name
    │   ├── StaleDataError              too little or too old
    │   └── SourceUnavailableError      a remote source that did not answer usefully
    ├── ClockError            (exit 4)  naive, ambiguous or benchmark time where real time is needed
    ├── CurrencyError         (exit 4)  two currencies without a stated conversion
    ├── LookAheadError        (exit 1)  a decision asked for a value that nobody knew yet
    ├── InfeasibleError       (exit 3)  bounds that conflict, each by name and amount
    ├── NotExpressibleError   (exit 2)  an engine asked for a feature it does not have
    ├── DeviceError           (exit 1)  a device that did not do what was asked
    │   ├── DeviceUnavailableError      it did not answer within its deadline
    │   └── DeviceChangedError          it is not the device that was opened
    ├── SolverError           (exit 1)  the solver stopped without an answer
    ├── StorageError          (exit 1)  a disk that did not take what has to be kept
    ├── JobError              (exit of the job)  a job that has no answer, or none yet
    └── MissingExtraError     (exit 1)  an optional library is not installed
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import inf
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence


class BattutaError(Exception):
    """Root of all errors that Battuta raises on purpose.

    Attributes
    ----------
    code : str
        Stable code; the reference page ``docs/errors.md`` has a heading for each.
    exit_code : int
        What the command line ends with.
    """

    code: ClassVar[str] = "E000"
    exit_code: ClassVar[int] = 1


class UsageError(BattutaError, ValueError):
    """The call or command names something that does not exist."""

    code: ClassVar[str] = "E100"
    exit_code: ClassVar[int] = 2


class InvalidQuantityError(BattutaError, ValueError):
    """A number outside its range.

    Parameters
    ----------
    name : str
        Name of the quantity, unit last.
    value : float
        What was given. [unit]
    low, high : float
        The allowed range. [unit]
    unit : str
        Unit of all three.
    where : str
        File and key, or function, where the value came in.
    above_low : bool
        Whether `low` itself is refused too: zero where something above zero is needed.

    Examples
    --------
    >>> print(InvalidQuantityError("voltage_v", 5.7, 0.0, 5.0, "V"))
    voltage_v = 5.7 V is outside [0, 5] V
    >>> print(InvalidQuantityError("mean", 0.0, 0.0, 1.0, "-"))
    mean = 0 is outside (0, 1], 0 itself excluded
    >>> print(InvalidQuantityError("mean", -1.0, 0.0, 1.0, "-", above_low=True))
    mean = -1 is outside (0, 1]
    """

    code: ClassVar[str] = "E101"
    exit_code: ClassVar[int] = 4

    def __init__(
        self, name: str, value: float, low: float, high: float, unit: str, *, where: str = "", above_low: bool = False
    ) -> None:
        place = f"{where}: " if where else ""
        unit_text = f" {unit}" if unit and unit != "-" else ""
        # A bound that is refused itself is no part of the range.
        left, right = "(" if above_low or value == low else "[", ")" if value == high else "]"
        range_text = f"{left}{low:g}, {high:g}{right}"
        itself = f", {_shown(value)} itself excluded" if value in {low, high} and abs(value) != inf else ""
        super().__init__(f"{place}{name} = {_shown(value)}{unit_text} is outside {range_text}{unit_text}{itself}")
        self.name = name
        self.value = value
        self.low = low
        self.high = high
        self.unit = unit


class DataError(BattutaError, ValueError):
    """A file or a series that cannot be used as it stands."""

    code: ClassVar[str] = "E200"
    exit_code: ClassVar[int] = 4


class ImportRefusedError(DataError):
    """A file with findings that must be mended, or allowed by name.

    Parameters
    ----------
    source : str
        The file, as the user named it.
    findings : sequence of str
        One line per finding: row, column, what is wrong, how to mend it.
    """

    code: ClassVar[str] = "E201"

    def __init__(self, source: str, findings: Sequence[str]) -> None:
        lines = "\n".join(f"  - {finding}" for finding in findings)
        super().__init__(f"{source} cannot be used as it stands:\n{lines}")
        self.source = source
        self.findings = tuple(findings)


class StaleDataError(DataError):
    """Too few values, or values that are too old, for what was asked."""

    code: ClassVar[str] = "E202"


class SourceUnavailableError(DataError, ConnectionError):
    """A remote source that did not answer, or not with what it documents."""

    code: ClassVar[str] = "E203"


class ClockError(DataError):
    """Naive, ambiguous or benchmark time where an instant is needed."""

    code: ClassVar[str] = "E210"


class CurrencyError(DataError):
    """Two currencies meet without a stated conversion."""

    code: ClassVar[str] = "E220"


class LookAheadError(BattutaError, LookupError):
    """A decision asked for a value that nobody could know at that time."""

    code: ClassVar[str] = "E300"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """One bound of an infeasible problem, and how far it would have to move.

    Attributes
    ----------
    bound : str
        Name of the bound, as the asset file or the call spells it.
    step : int
        Step at which it binds, or -1 for the whole horizon.
    amount : float
        Smallest movement that makes the problem feasible. [unit]
    unit : str
        Unit of `amount`.
    """

    bound: str
    step: int
    amount: float
    unit: str

    def __str__(self) -> str:
        """Say the conflict in one line."""
        where = "" if self.step < 0 else f" at step {self.step}"
        return f"{self.bound}{where} is short by {self.amount:.6g} {self.unit}"


class InfeasibleError(BattutaError, ValueError):
    """No schedule keeps all bounds; says which ones conflict and by how much.

    Parameters
    ----------
    conflicts : sequence of Conflict
        The smallest set of movements that makes the problem feasible.
    """

    code: ClassVar[str] = "E400"
    exit_code: ClassVar[int] = 3

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        lines = "\n".join(f"  - {conflict}" for conflict in conflicts)
        super().__init__(f"no schedule keeps all bounds; the least that would have to give way:\n{lines}")
        self.conflicts = tuple(conflicts)


class NotExpressibleError(BattutaError, ValueError):
    """An engine was asked for a feature that it cannot express."""

    code: ClassVar[str] = "E401"
    exit_code: ClassVar[int] = 2

    def __init__(self, engine: str, features: Sequence[str], instead: str) -> None:
        names = ", ".join(features)
        super().__init__(f"engine {engine!r} cannot express {names}; use engine {instead!r}")
        self.engine = engine
        self.features = tuple(features)


class SolverError(BattutaError, RuntimeError):
    """The solver stopped without a usable answer."""

    code: ClassVar[str] = "E402"


class DeviceError(BattutaError, OSError):
    """A device that did not do what was asked."""

    code: ClassVar[str] = "E600"


class DeviceUnavailableError(DeviceError, TimeoutError):
    """A device that did not answer within its deadline, or not at all."""

    code: ClassVar[str] = "E601"


class DeviceChangedError(DeviceError):
    """A device that is not the one that was opened: another maker, model or serial number."""

    code: ClassVar[str] = "E602"


class StorageError(BattutaError, OSError):
    """A disk that did not take what has to be kept: full, not writable, gone.

    Parameters
    ----------
    path : str
        The file or folder that could not be written.
    reason : str
        What the system says of it.
    mend : str
        What to do about it.

    Examples
    --------
    >>> print(StorageError("runs/a.log", "No space left on device", "free space"))
    runs/a.log cannot be written: No space left on device; free space
    """

    code: ClassVar[str] = "E700"

    def __init__(self, path: str, reason: str, mend: str) -> None:
        super().__init__(f"{path} cannot be written: {reason}; {mend}")
        self.path = path
        self.reason = reason


class JobError(BattutaError, RuntimeError):
    """A job that has no answer, or none yet.

    Parameters
    ----------
    job_id : str
        Which job.
    state : str
        Where it stands.
    words : str
        Why, and what to do about it.
    exit_code : int
        What the command line would have ended with, had it been asked directly.

    Examples
    --------
    >>> print(JobError("1f", "lost", "its worker is gone; submit it again", 1))
    job 1f is lost: its worker is gone; submit it again
    """

    code: ClassVar[str] = "E800"

    def __init__(self, job_id: str, state: str, words: str, exit_code: int) -> None:
        super().__init__(f"job {job_id} is {state}: {words}")
        self.job_id = job_id
        self.state = state
        self.exit_code = exit_code  # pyright: ignore[reportAttributeAccessIssue]


class MissingExtraError(BattutaError, ImportError):
    """An optional library is not installed.

    Examples
    --------
    >>> print(MissingExtraError("pandas", "pandas"))
    pandas is not installed; run: pip install 'battuta[pandas]'
    """

    code: ClassVar[str] = "E500"

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(f"{library} is not installed; run: pip install 'battuta[{extra}]'")


def _shown(value: float) -> str:
    """Write a number, also a whole one beyond all floats.

    Examples
    --------
    >>> _shown(5.70), _shown(-(10**400))
    ('5.7', '-1.00000e+400')
    """
    try:
        return f"{value:g}"
    except OverflowError:
        return f"{Decimal(value):.6g}"
