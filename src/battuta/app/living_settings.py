"""What a living run is made of, as the head of its journal tells: sites, limits, mandates, products, laws."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import cast

from battuta.domain.command import Mandate
from battuta.domain.errors import DataError, InvalidQuantityError, UsageError
from battuta.domain.product_catalogue import product
from battuta.domain.response_law import ResponseLaw
from battuta.physics.grid_connection import ReactiveLaw, ReactiveMode
from battuta.services.conductor import NO_REACTIVE
from battuta.site.guard import SETPOINT_STEP_KW
from battuta.site.limits import LimitTable, SafeState, SiteLimits, limit_table
from battuta.site.own_functions import OwnFunctions

TICKS_PER_S_MAX = 1000
N_MODULES_MAX = 1000
TIME_NS_MAX = 2**62
"""Later than any time of a run, and so early that differences of two times are whole numbers of 64 bits. [ns]"""

_OTHER = (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)
"""What a head of something else raises while it is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LivingSettings:
    """What a run was made of, as its journal's head tells.

    Attributes
    ----------
    seed : int
        Seed of the world.
    start_ns : int
        First second. [ns]
    ticks_per_s : int
        Answers of the guard in a second.
    ticks_per_block : int
        Answers that are kept in one record: all of a second in lock step, one where they are given one by one.
    sites : tuple of SiteLimits
        Limits of each site.
    mandates : tuple of Mandate
        Mandate of each site.
    products : tuple of str
        Product that each site answers to, empty for none.
    products_on : str
        Date of their rules, ISO.
    reactive : tuple of ReactiveLaw
        Law of the reactive power of each site; empty where none is asked for any.
    follows_load : tuple of bool
        Whether each site keeps its meter near zero; empty for none.
    n_modules : int
        Modules with a converter each at every site; 1 where a site has one string and one converter.
    """

    seed: int
    start_ns: int
    ticks_per_s: int
    ticks_per_block: int
    sites: tuple[SiteLimits, ...]
    mandates: tuple[Mandate, ...]
    products: tuple[str, ...]
    products_on: str
    reactive: tuple[ReactiveLaw, ...] = ()
    follows_load: tuple[bool, ...] = ()
    n_modules: int = 1

    @property
    def n_sites(self) -> int:
        """Number of sites."""
        return len(self.sites)

    def limits(self) -> LimitTable:
        """Limits and mandates as arrays."""
        return limit_table(self.sites, self.mandates, self.start_ns)

    def laws(self) -> tuple[ResponseLaw | None, ...]:
        """Armed law of each site."""
        on = date.fromisoformat(self.products_on)
        known = {name: product(name, on).law for name in set(self.products) if name}
        return tuple(known.get(name) for name in self.products)

    def functions(self) -> OwnFunctions:
        """What each site does of its own, before the first second."""
        n_sites = self.n_sites
        return OwnFunctions.set_to(self.reactive or (NO_REACTIVE,) * n_sites, self.follows_load or (False,) * n_sites)

    def header(self) -> Mapping[str, str]:
        """Write as the head of a journal."""
        return {"living": json.dumps(asdict(self), default=_plain), "step_kw": repr(SETPOINT_STEP_KW)}

    @classmethod
    def from_header(cls, header: Mapping[str, str]) -> LivingSettings:
        """Read the head of a journal.

        Raises
        ------
        DataError
            If the journal is not that of a living run, or of one that cannot be.
        """
        try:
            found = json.loads(header["living"])
            settings = cls(
                seed=int(found["seed"]),
                start_ns=int(found["start_ns"]),
                ticks_per_s=int(found["ticks_per_s"]),
                ticks_per_block=int(found["ticks_per_block"]),
                sites=tuple(_site_limits(each) for each in _tables(found, "sites")),
                mandates=tuple(_mandate(each) for each in _tables(found, "mandates")),
                products=tuple(str(each) for each in found["products"]),
                products_on=str(found["products_on"]),
                reactive=tuple(_reactive_law(each) for each in _tables(found, "reactive")),
                follows_load=tuple(bool(each) for each in found["follows_load"]),
                n_modules=int(found.get("n_modules", 1)),
            )
            settings._require_whole()
        except _OTHER as error:
            what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            message = (
                f"the journal's head does not describe a living run that can be ({what}); it was written by something "
                "else: name the folder of a run, or replay it with the version of Battuta that wrote it"
            )
            raise DataError(message) from None
        return settings

    def _require_whole(self) -> None:
        """Refuse what no run is made of, the sites' limits, laws and functions included."""
        for name, value, highest in (
            ("ticks_per_s", self.ticks_per_s, TICKS_PER_S_MAX),
            ("ticks_per_block", self.ticks_per_block, TICKS_PER_S_MAX),
            ("start_ns", self.start_ns, TIME_NS_MAX),
            ("n_modules", self.n_modules, N_MODULES_MAX),
        ):
            if not 1 <= value <= highest:
                raise InvalidQuantityError(name, value, 1, highest, "-")
        self.limits()
        for name, given in (("reactive", len(self.reactive)), ("follows_load", len(self.follows_load))):
            if given not in {0, self.n_sites}:
                raise _miscounted(name, given, self.n_sites)
        if len(self.products) != self.n_sites:
            raise _miscounted("products", len(self.products), self.n_sites)
        self.laws()
        self.functions()


def _miscounted(name: str, given: int, n_sites: int) -> UsageError:
    return UsageError(f"{given} {name} for {n_sites} sites")


def _tables(found: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    """Take a list of tables, as sites and mandates are."""
    tables = found[name]
    if not (isinstance(tables, list) and all(isinstance(each, dict) for each in cast("list[object]", tables))):
        message = f"{name} is no list of tables"
        raise TypeError(message)
    return cast("list[Mapping[str, object]]", tables)


def _numbers(found: Mapping[str, object]) -> dict[str, float]:
    """Take values that have to be numbers."""
    for name, value in found.items():
        if not isinstance(value, int | float):
            message = f"{name} = {value!r} is no number"
            raise TypeError(message)
    return {name: float(cast("float", value)) for name, value in found.items()}


def _site_limits(found: Mapping[str, object]) -> SiteLimits:
    safe = _numbers(cast("Mapping[str, object]", found["safe_state"]))
    plain = _numbers({name: value for name, value in found.items() if name != "safe_state"})
    return SiteLimits(safe_state=SafeState(**safe), **plain)


def _mandate(found: Mapping[str, object]) -> Mandate:
    not_after_ns, is_signed = found["not_after_ns"], found["is_signed"]
    if not isinstance(not_after_ns, int) or not -(2**63) <= not_after_ns < 2**63:
        message = f"not_after_ns = {not_after_ns!r} is no time"
        raise TypeError(message)
    plain = _numbers({name: value for name, value in found.items() if name not in {"not_after_ns", "is_signed"}})
    return Mandate(not_after_ns=not_after_ns, is_signed=bool(is_signed), **plain)


def _plain(value: object) -> str:
    if isinstance(value, ReactiveMode):
        return value.value
    message = f"the head of a journal cannot hold {value!r}"
    raise TypeError(message)


def _reactive_law(found: Mapping[str, object]) -> ReactiveLaw:
    numbers = {name: float(value) for name, value in found.items() if isinstance(value, int | float)}
    curve_v_pu, curve_q_pu = (tuple(_listed(found[name])) for name in ("curve_v_pu", "curve_q_pu"))
    mode = ReactiveMode(str(found["mode"]))
    return ReactiveLaw(mode=mode, curve_v_pu=curve_v_pu, curve_q_pu=curve_q_pu, **numbers)


def _listed(value: object) -> list[float]:
    return [float(each) for each in cast("list[float]", value)]
