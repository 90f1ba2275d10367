"""What the sites of a living run are made of: ratings, laws and awards, from what the run is asked to be."""

from __future__ import annotations

from battuta.app.living_journal import LivingSettings
from battuta.app.living_request import TICKS_PER_S, RunRequest
from battuta.domain.asset import Battery, Site
from battuta.domain.command import Mandate, Reservation
from battuta.domain.errors import UsageError
from battuta.domain.product_catalogue import (
    directions,
    product,
    recovery_power_kw,
    reserved_energy_kwh,
    reserved_power_kw,
)
from battuta.domain.time import NS_PER_S, from_ns
from battuta.domain.wear import Wear
from battuta.physics.container_parameters import ContainerParameters, container_parameters
from battuta.physics.grid_connection import volt_var_law
from battuta.services.conductor import NO_REACTIVE
from battuta.site.limits import SiteLimits


def living_site(currency: str = "EUR", timezone: str = "Europe/Berlin") -> Site:
    """Return the site that a living run is made of when no asset file is given: 100 kW / 205 kWh, wear priced."""
    battery = Battery(
        power_kw=100.0,
        energy_kwh=205.0,
        efficiency_charge=0.95,
        efficiency_discharge=0.95,
        soc_min=0.05,
        soc_max=0.95,
        soc_start=0.5,
        auxiliary_power_kw=0.2,
        wear=Wear(price_per_mwh=6.0),
    )
    return Site(battery=battery, timezone=timezone, currency=currency, name="simulated 100 kW / 205 kWh cabinet")


def cabinet_of(site: Site) -> ContainerParameters:
    """Return the data sheet of a site's cabinet: the 314 Ah preset with as many cells as its energy takes, assumed."""
    whole = container_parameters("lfp_314ah")
    return whole.scaled(max(1, round(site.battery.energy_kwh * whole.n_cells / whole.energy_kwh)))


def settings_of(request: RunRequest, site: Site, start_ns: int) -> LivingSettings:
    """Write what each site may do and does, as the head of a journal tells it.

    Raises
    ------
    UsageError
        If a product or a curve is not known, or the cells of a site cannot be shared evenly over its modules.
    """
    battery, cabinet = site.battery, cabinet_of(site)
    _refuse_uneven_modules(cabinet.n_cells, request.n_modules)
    limits = SiteLimits(
        power_kw=battery.power_kw,
        apparent_power_kva=1.1 * battery.power_kw,
        energy_kwh=battery.energy_kwh,
        import_power_kw_max=site.import_power_kw_max,
        export_power_kw_max=site.export_power_kw_max,
        soc_min=battery.soc_min,
        soc_max=battery.soc_max,
        efficiency_charge=battery.efficiency_charge,
        efficiency_discharge=battery.efficiency_discharge,
        mode_ramp_kw_per_s=0.1 * battery.power_kw,
        chiller_setpoint_c=cabinet.setpoint_c,
    )
    mandate = Mandate(charge_kw_max=battery.power_kw, discharge_kw_max=battery.power_kw)
    if request.response:
        product(request.response, from_ns(start_ns).date())  # one that does not exist is refused, answered or not
    law = volt_var_law(request.reactive) if request.reactive else NO_REACTIVE
    answering, following = request.answering, request.following
    return LivingSettings(
        seed=request.seed,
        start_ns=start_ns,
        ticks_per_s=TICKS_PER_S,
        ticks_per_block=request.ticks_per_block,
        sites=(limits,) * request.n_sites,
        mandates=(mandate,) * request.n_sites,
        products=tuple(request.response if k in answering else "" for k in range(request.n_sites)),
        products_on=from_ns(start_ns).date().isoformat(),
        reactive=(law,) * request.n_sites,
        follows_load=tuple(k in following for k in range(request.n_sites)),
        n_modules=request.n_modules,
    )


def _refuse_uneven_modules(n_cells: int, n_modules: int) -> None:
    """Check that the cells of a site can be shared evenly over its modules, two or more to each."""
    if n_modules > 1 and (n_cells % n_modules or n_cells < 2 * n_modules):
        fitting = ", ".join(str(each) for each in range(1, n_cells // 2 + 1) if n_cells % each == 0)
        message = f"{n_cells} cells of a site cannot be shared evenly over {n_modules} modules; choose one of {fitting}"
        raise UsageError(message)


def refuse_other_grids(settings: LivingSettings, nominal_hz: float) -> None:
    """Check that the products belong to the grid that the sites stand in.

    Raises
    ------
    UsageError
        If one is not known, or belongs to another grid.
    """
    for name, law in zip(settings.products, settings.laws(), strict=True):
        if law is not None and law.nominal_hz != nominal_hz:
            message = (
                f"product {name} answers a grid of {law.nominal_hz:g} Hz, the sites stand in one of "
                f"{nominal_hz:g} Hz; choose another product, or none"
            )
            raise UsageError(message)


def reservations_of(
    settings: LivingSettings, site: Site, request: RunRequest, start_ns: int
) -> tuple[Reservation, ...]:
    """Reserve a fifth of the rated power of each answering site, for the whole run; local, and not paid for."""
    power_kw = 0.2 * site.battery.power_kw
    end_ns = start_ns + (request.duration_s + 60) * NS_PER_S
    found: list[Reservation] = []
    for number, name in enumerate(settings.products):
        if name:
            rules = product(name, from_ns(start_ns).date())
            energy_kwh = reserved_energy_kwh(rules, power_kw)
            (up_kw, down_kw), (is_up, is_down) = reserved_power_kw(rules, power_kw), directions(rules)
            found.append(
                Reservation(
                    site=number,
                    product=name,
                    up_kw=up_kw,
                    down_kw=down_kw,
                    energy_up_kwh=energy_kwh if is_up else 0.0,
                    energy_down_kwh=energy_kwh if is_down else 0.0,
                    recovery_kw=recovery_power_kw(rules, power_kw),
                    start_ns=start_ns,
                    end_ns=end_ns,
                    award="local, unpaid",
                )
            )
    return tuple(found)
