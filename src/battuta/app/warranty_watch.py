"""A site's telemetry held against its warranty: files in, the log fed block by block, its memory kept."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final

import numpy as np

from battuta.adapters.files.capacity_tests_file import read_capacity_tests
from battuta.adapters.files.warranty_records import record_blocks
from battuta.adapters.files.warranty_state_file import read_state, state_bytes
from battuta.app.result_file import write_result
from battuta.app.warranty_terms import warranty_of
from battuta.domain.errors import DataError
from battuta.domain.time import from_ns
from battuta.domain.warranty import Warranty
from battuta.twin.warranty_log import LoggedWarranty, WarrantyLog
from battuta.twin.warranty_log_sense import energy_ratio

_SYNTHETIC: Final = "is_synthetic"
_SLOPES: Final = (0.5, 2.0)
"""Energy by the state of charge over that by the power: losses, and another notion of what is installed. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarrantyQuestion:
    """What is to be held against what.

    Attributes
    ----------
    terms : str
        A warranty that ships, by name, or the file of one.
    telemetry : Path
        File or folder of the site's records.
    start : date
        First day of the warranty.
    installed_mwh : float
        Energy when new. [MWh]
    opened : datetime or None
        When records begin; the start if None.
    full_cycles_before, discharged_mwh_before : float or None
        What was used before records begin; left out, nothing where they begin with the warranty, else not known, and
        totals are not judged. [-], [MWh]
    until : datetime or None
        As of when is asked; the last record if None.
    capacity_tests : Path or None
        File of capacity tests.
    state : Path or None
        File in which the memory is kept from one look to the next.
    """

    terms: str
    telemetry: Path
    start: date
    installed_mwh: float
    opened: datetime | None = None
    full_cycles_before: float | None = None
    discharged_mwh_before: float | None = None
    until: datetime | None = None
    capacity_tests: Path | None = None
    state: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WatchedWarranty:
    """What came of it.

    Attributes
    ----------
    logged : LoggedWarranty
        Clause by clause.
    is_checked : bool
        Whether the state of charge moved enough to check sign and unit of the power by it.
    is_synthetic : bool
        Whether a record says that it is made up.
    is_continued : bool
        Whether it went on from a memory that was kept.
    """

    logged: LoggedWarranty
    is_checked: bool
    is_synthetic: bool
    is_continued: bool


def watched_warranty(question: WarrantyQuestion, said: Callable[[int], None] | None = None) -> WatchedWarranty:
    """Hold a site's telemetry against its warranty.

    Parameters
    ----------
    question : WarrantyQuestion
        What is asked.
    said : callable or None
        Told how many records were read.

    Returns
    -------
    WatchedWarranty
        Clause by clause.

    Raises
    ------
    DataError, UsageError, InvalidQuantityError
        If a file cannot be read, or holds what cannot be; nothing is kept then. So where another run kept the same
        memory meanwhile: the later of the two would undo what the other took in.
    """
    log, key = _opened_log(question)
    is_synthetic = is_continued = False
    before = _held(question.state)
    if question.state is not None and before is not None:
        kept = read_state(question.state, key)
        is_continued, is_synthetic = True, bool(kept.pop(_SYNTHETIC, np.zeros(1)).any())
        log.restore(kept)
    if question.capacity_tests is not None:
        for time_ns, soh_capacity in read_capacity_tests(question.capacity_tests):
            log.feed_soh(time_ns, soh_capacity)
    fed = _feed(log, question, said)
    is_synthetic |= fed.is_synthetic
    until = from_ns(fed.last_ns) if question.until is None else question.until
    logged = log.outcome(until)
    if question.until is not None and logged.as_of > question.until:
        message = (
            f"until = {question.until.isoformat()} lies before the last record, {logged.as_of.isoformat()}: a log is "
            "not turned back; give the records up to then, without a memory of later ones"
        )
        raise DataError(message)
    if question.state is not None:
        if _held(question.state) != before:
            message = (
                f"{question.state} was written by another run meanwhile; nothing of this one is kept: run it again"
            )
            raise DataError(message)
        arrays = log.arrays() | {_SYNTHETIC: np.array([float(is_synthetic)])}
        write_result(question.state, state_bytes(arrays, key), makes_folder=True)
    return WatchedWarranty(
        logged=logged, is_checked=fed.is_checked, is_synthetic=is_synthetic, is_continued=is_continued
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fed:
    """What was seen while a log was fed."""

    last_ns: int
    is_synthetic: bool
    is_checked: bool


def _opened_log(question: WarrantyQuestion) -> tuple[WarrantyLog, str]:
    """Open the log that a question asks for, with the hash of what it was opened with."""
    warranty = warranty_of(question.terms, Path())
    begins = datetime.combine(question.start, time(), UTC)
    opened = begins if question.opened is None else question.opened
    cycles, mwh = (
        (0.0 if opened <= begins else math.nan) if used is None else used
        for used in (question.full_cycles_before, question.discharged_mwh_before)
    )
    log = WarrantyLog(
        warranty,
        question.start,
        installed_mwh=question.installed_mwh,
        opened=opened,
        full_cycles_before=cycles,
        discharged_mwh_before=mwh,
    )
    return log, _key(warranty, question, opened)


def _feed(log: WarrantyLog, question: WarrantyQuestion, said: Callable[[int], None] | None) -> _Fed:
    n_read, last_ns, is_synthetic, is_checked = 0, 0, False, False
    for block in record_blocks(question.telemetry, installed_mwh=question.installed_mwh):
        slope = energy_ratio(block.time_ns, block.soc, block.power_kw, question.installed_mwh)
        _refuse_other_units(slope, question.telemetry)
        log.feed(block.time_ns, block.soc, block.temperature_c, block.power_kw)
        is_checked |= not math.isnan(slope)
        is_synthetic |= block.is_synthetic
        n_read, last_ns = n_read + block.time_ns.size, max(last_ns, int(block.time_ns.max()))
        if said is not None:
            said(n_read)
    return _Fed(last_ns=last_ns, is_synthetic=is_synthetic, is_checked=is_checked)


def _refuse_other_units(slope: float, telemetry: Path) -> None:
    """Refuse power that contradicts the state of charge beside it."""
    if math.isnan(slope) or _SLOPES[0] <= slope <= _SLOPES[1]:
        return
    said = f"{telemetry}: the state of charge moves by {slope:.2g} of the energy that power_kw says"
    if slope < 0.0:
        message = f"{said}: charge is positive in this record; discharge is positive here, change the sign of power_kw"
    else:
        message = (
            f"{said}; power_kw is in kW and --installed-mwh in MWh: one of them is in another unit, or of another part"
        )
    raise DataError(message)


def _held(state: Path | None) -> bytes | None:
    """Hash of a memory that is kept; None where there is none."""
    try:
        return None if state is None else hashlib.sha256(state.read_bytes()).digest()
    except FileNotFoundError:
        return None
    except OSError as error:
        message = f"{state} cannot be read: {error.strerror or error}"
        raise DataError(message) from None


def _key(warranty: Warranty, question: WarrantyQuestion, opened: datetime) -> str:
    """Hash of what a log was opened with."""
    before = repr((question.full_cycles_before, question.discharged_mwh_before))
    asked = (repr(warranty), question.start.isoformat(), repr(question.installed_mwh), opened.isoformat(), before)
    return hashlib.sha256("\n".join(asked).encode()).hexdigest()
