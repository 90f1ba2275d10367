"""Study files: what an investor asks, as TOML, checked key by key before a life is lived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar, cast

from pydantic import BaseModel, ValidationError

from battuta.adapters.files.dataclass_tables import table_of, value_of
from battuta.adapters.files.toml_text import toml_text
from battuta.domain.ageing_choice import AgeingChoice
from battuta.domain.augmentation import AugmentationPlan
from battuta.domain.day_ahead_trading import DayAheadTrading
from battuta.domain.errors import BattutaError, DataError, UsageError
from battuta.domain.finance_plan import FinancePlan
from battuta.domain.insurance import Insurance
from battuta.domain.measured_health import TelemetryFile
from battuta.domain.outlook import Availability, MarketOutlook
from battuta.domain.revenue_contract import RevenueContract
from battuta.domain.studied_battery import Climate, ClimateFile, SteadyClimate, StudiedBattery
from battuta.domain.study import (
    ChangeWhen,
    Duty,
    DutyFile,
    FrequencyRegulation,
    Storage,
    Strategy,
    StrategyChange,
    Study,
)
from battuta.domain.toml_tables import toml_tables
from battuta.domain.warranty import Warranty

T = TypeVar("T")

DUTIES: Mapping[str, type[Duty]] = MappingProxyType(
    {
        "frequency_regulation": FrequencyRegulation,
        "day_ahead_trading": DayAheadTrading,
        "duty_file": DutyFile,
        "storage": Storage,
    }
)
"""Kinds of ``[[strategy]]`` by the name that a file gives them."""

_TABLES = frozenset(
    {
        "study",
        "battery",
        "climate",
        "strategy",
        "ageing",
        "market",
        "availability",
        "augmentation",
        "contract",
        "finance",
        "insurance",
        "telemetry",
        "warranty",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyHead:
    """What a study is called, and how it is drawn.

    Attributes
    ----------
    name : str
        Title of the report.
    first_year : int
        Calendar year in which it begins.
    lives : int
        Lives that are drawn for each strategy. [-]
    seed : int
        Same seed, same answer. [-]
    """

    name: str
    first_year: int = 2027
    lives: int = 1000
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse a report without a title."""
        if not self.name.strip():
            message = "name is empty; write what the report is to be called"
            raise UsageError(message)


def read_study(path: Path, warranty: Warranty | None = None) -> Study:
    """Read a study file.

    Parameters
    ----------
    path : Path
        TOML file.
    warranty : Warranty or None
        The warranty that its ``[warranty]`` names, see `warranty_named`.

    Returns
    -------
    Study
        What is asked.

    Raises
    ------
    DataError
        If the file is absent, not TOML, or a key is unknown, missing, or out of range; all are named at once.
    """
    return parse_study(tables_of(path), str(path), warranty)


def tables_of(path: Path) -> Mapping[str, object]:
    """Tables of a TOML file; raises DataError as `read_study`."""
    return toml_tables(toml_text(path, "study"), str(path), "see: battuta schema study --example")


def warranty_named(tables: Mapping[str, object], where: str) -> str | None:
    """Name or path of the warranty that a study stands under; None where it names none.

    Raises
    ------
    DataError
        If ``[warranty]`` holds anything else than one text called `terms`.
    """
    given = tables.get("warranty")
    if given is None:
        return None
    table: Mapping[str, object] = cast("Mapping[str, object]", given) if isinstance(given, Mapping) else {}
    terms = table.get("terms")
    if set(table) != {"terms"} or not isinstance(terms, str) or not terms:
        message = f"{where}: [warranty] holds one key, terms: the name of a warranty that ships, or a file of one"
        raise DataError(message)
    return terms


def parse_study(tables: Mapping[str, object], where: str, warranty: Warranty | None = None) -> Study:
    """Study of parsed tables; `where` names the file in errors. Raises as `read_study`."""
    wrong = _Wrong(where)
    wrong.unknown(tables)
    head = wrong.read(StudyHead, tables, "study")
    battery = wrong.read(StudiedBattery, tables, "battery")
    climate = _climate(tables, wrong)
    strategies = _strategies(tables, wrong)
    ageing = wrong.read(AgeingChoice, tables, "ageing")
    market = wrong.read(MarketOutlook, tables, "market")
    finance = wrong.read(FinancePlan, tables, "finance")
    availability = wrong.read(Availability, {"availability": {}, **tables}, "availability")
    augmentation = wrong.read(AugmentationPlan, tables, "augmentation") if "augmentation" in tables else None
    contracts = _contracts(tables, wrong)
    insurance = wrong.read(Insurance, tables, "insurance") if "insurance" in tables else None
    telemetry = wrong.read(TelemetryFile, tables, "telemetry") if "telemetry" in tables else None
    wrong.raise_all()
    assert head is not None, "a table that is missing was named"
    assert battery is not None, "a table that is missing was named"
    assert climate is not None, "a table that is missing was named"
    assert ageing is not None, "a table that is missing was named"
    assert market is not None, "a table that is missing was named"
    assert finance is not None, "a table that is missing was named"
    assert availability is not None, "a table that is missing was named"
    try:
        return Study(
            name=head.name,
            first_year=head.first_year,
            n_lives=head.lives,
            seed=head.seed,
            battery=battery,
            climate=climate,
            strategies=tuple(strategies),
            ageing=ageing,
            market=market,
            finance=finance,
            availability=availability,
            warranty=warranty,
            augmentation=augmentation,
            contracts=tuple(contracts),
            insurance=insurance,
            telemetry=telemetry,
        )
    except BattutaError as error:
        message = f"{where}: {error}"
        raise DataError(message) from error


class _Wrong:
    """All that is wrong with a file, said at once."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.lines: list[str] = []

    def unknown(self, tables: Mapping[str, object]) -> None:
        """Name tables that no study has."""
        self.lines += [
            f"[{name}] is no table of a study; there is {', '.join(sorted(_TABLES))}"
            for name in sorted(tables)
            if name not in _TABLES
        ]

    def read(self, kind: type[T], tables: Mapping[str, object], name: str) -> T | None:
        """Read one table, or note what is wrong with it."""
        if name not in tables:
            self.lines.append(f"[{name}] is missing")
            return None
        return self.value(kind, tables[name], name)

    def value(self, kind: type[T], given: object, name: str) -> T | None:
        """Value of a table, or None and a line for each thing that is wrong."""
        try:
            table = table_of(kind).model_validate(given)
            return cast("T", value_of(kind, table))
        except ValidationError as error:
            for each in error.errors():
                place = ".".join(str(part) for part in (name, *each["loc"]))
                self.lines.append(f"{place}: {each['msg']}")
        except BattutaError as error:
            self.lines.append(f"{name}: {error}")
        return None

    def raise_all(self) -> None:
        """Raise all lines as one error."""
        if self.lines:
            lines = "\n".join(f"  - {each}" for each in self.lines)
            message = f"{self.where} is not a valid study (see: battuta schema study):\n{lines}"
            raise DataError(message)


def _climate(tables: Mapping[str, object], wrong: _Wrong) -> Climate | None:
    given = tables.get("climate")
    is_file = isinstance(given, Mapping) and "path" in given
    return wrong.read(ClimateFile if is_file else SteadyClimate, tables, "climate")


def _strategies(tables: Mapping[str, object], wrong: _Wrong) -> list[Strategy]:
    given = tables.get("strategy", [])
    if given == []:
        wrong.lines.append("[[strategy]] is missing: write at least one, a way to use the battery")
    if not isinstance(given, list):
        wrong.lines.append("[strategy] must be a list: write [[strategy]]")
        return []
    found: list[Strategy] = []
    for number, each in enumerate(cast("list[object]", given)):
        place = f"strategy.{number}"
        table = dict(cast("Mapping[str, object]", each)) if isinstance(each, Mapping) else {}
        name, kind, change = table.pop("name", None), table.pop("kind", None), table.pop("change", [])
        if not isinstance(name, str) or not name.strip():
            wrong.lines.append(f"{place}.name is missing: what the report calls it")
        elif not isinstance(kind, str) or kind not in DUTIES:
            wrong.lines.append(f"{place}.kind = {kind!r} is none of {', '.join(DUTIES)}")
        else:
            duty, changes = wrong.value(DUTIES[kind], table, place), _changes(change, kind, table, place, wrong)
            try:
                found += [] if duty is None else [Strategy(name=name.strip(), duty=duty, changes=changes)]
            except BattutaError as error:
                wrong.lines.append(f"{place}: {error}")
    return found


def _changes(
    given: object, kind: str, table: Mapping[str, object], place: str, wrong: _Wrong
) -> tuple[StrategyChange, ...]:
    """Changes of a strategy; each names what is other than before, or another kind with all of its keys."""
    if not isinstance(given, list):
        wrong.lines.append(f"{place}.change must be a list: write [[strategy.change]]")
        return ()
    found: list[StrategyChange] = []
    for number, each in enumerate(cast("list[object]", given)):
        own = f"{place}.change.{number}"
        when = dict(cast("Mapping[str, object]", each)) if isinstance(each, Mapping) else {}
        then = when.pop("then", None)
        if not isinstance(then, Mapping) or not then:
            wrong.lines.append(f"{own}.then is missing: the keys that are other than before, or another kind")
            continue
        other = dict(cast("Mapping[str, object]", then))
        new_kind = other.pop("kind", kind)
        if not isinstance(new_kind, str) or new_kind not in DUTIES:
            wrong.lines.append(f"{own}.then.kind = {new_kind!r} is none of {', '.join(DUTIES)}")
            continue
        kind, table = new_kind, {**table, **other} if new_kind == kind else other
        begins, duty = wrong.value(ChangeWhen, when, own), wrong.value(DUTIES[kind], table, f"{own}.then")
        found += [StrategyChange(when=begins, duty=duty)] if begins is not None and duty is not None else []
    return tuple(found)


def _contracts(tables: Mapping[str, object], wrong: _Wrong) -> list[RevenueContract]:
    given = tables.get("contract", [])
    if not isinstance(given, list):
        wrong.lines.append("[contract] must be a list: write [[contract]]")
        return []
    found = [
        wrong.value(RevenueContract, each, f"contract.{number}")
        for number, each in enumerate(cast("list[object]", given))
    ]
    return [each for each in found if each is not None]


def schema_of_tables() -> Mapping[str, type[BaseModel]]:
    """Table of each part of a study file, for its schema."""
    kinds: dict[str, type] = {
        "study": StudyHead,
        "battery": StudiedBattery,
        "climate": SteadyClimate,
        "ageing": AgeingChoice,
        "market": MarketOutlook,
        "availability": Availability,
        "augmentation": AugmentationPlan,
        "contract": RevenueContract,
        "finance": FinancePlan,
        "insurance": Insurance,
        "telemetry": TelemetryFile,
    }
    kinds["strategy.change"] = ChangeWhen
    return {name: table_of(kind) for name, kind in kinds.items()} | {
        f"strategy ({name})": table_of(kind) for name, kind in DUTIES.items()
    }
