"""``battuta health plan``: findings and windows in; which module on which visit, what it costs, what to order out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from battuta.interfaces.cli import options, output
from battuta.interfaces.cli.health_flaws import stated_words

if TYPE_CHECKING:
    from datetime import date

    from battuta.app.health_plan import StatedPlan
    from battuta.domain.health import Finding
    from battuta.health.maintenance import MaintenancePlan

RULES = {"do_nothing": "do nothing", "at_once": "exchange all at once", "next_window": "exchange all in next window"}
LEFT_OUT_SHOWN = 8
OLD_DAYS = 30
"""Age of the newest finding from which it is said. [d]"""


def plan(
    findings: Annotated[Path, typer.Argument(help="Findings of battuta health scan: JSON, CSV or Parquet.")],
    windows: Annotated[
        list[str], typer.Option("--windows", help="Days and crew hours: 2026-12-14:16,2027-02-01:24. May be repeated.")
    ],
    costs: Annotated[
        Path | None, typer.Option("--costs", help="Costs and stocks (TOML); see docs/maintenance_plan.md.")
    ] = None,
    said: Annotated[
        list[str] | None,
        typer.Option("--set", help="The same in single words: module_cost=4200, n_spares=1. May be repeated."),
    ] = None,
    today: Annotated[str | None, typer.Option("--today", help="Day of the plan; today in UTC if left out.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write a row per module (CSV or Parquet).")] = None,
    as_json: options.JsonOption = False,
) -> None:
    """Plan which modules to exchange on which visit at least expected cost, and say what simple rules would cost."""
    from battuta.app.health_plan import plan_stated, read_day, read_settings, read_windows
    from battuta.app.health_plan_findings import read_findings
    from battuta.interfaces.python.health_plan_tables import modules_frame
    from battuta.interfaces.python.tables import write_frame

    options.refuse_to_overwrite([findings, costs], out)
    settings, names = read_settings(costs, stated_words(said or ()))
    found = read_findings(findings, probability_assumed=settings.probability_assumed)
    made = plan_stated(found, read_windows(windows), settings, stated=names, today=read_day(today))
    for reason in made.plan.suspects.left_out[:LEFT_OUT_SHOWN]:
        output.note(f"left out: {reason}")
    if len(made.plan.suspects.left_out) > LEFT_OUT_SHOWN:
        output.note(f"left out: {len(made.plan.suspects.left_out) - LEFT_OUT_SHOWN} more findings")
    say_age(found, made.plan.today)
    if made.assumed:
        output.note(f"assumed, not stated: {', '.join(made.assumed)}")
    if out is not None:
        write_frame(modules_frame(made.plan), out)
        output.note(f"modules: {out}")
    if as_json:
        output.print_json(summary(made))
    else:
        _print(made.plan)


def say_age(found: Sequence[Finding], today: date) -> None:
    """Say how old findings are, where much may have happened since."""
    from battuta.domain.time import from_ns

    if not found:
        return
    newest = from_ns(max(each.found_ns for each in found)).date()
    n_days = (today - newest).days
    if n_days > OLD_DAYS:
        output.note(
            f"the newest finding was told on {newest}, {n_days:,} days before {today}: scan newer telemetry first, or "
            "state --today as the day from which to plan"
        )


def summary(made: StatedPlan) -> dict[str, output.Json]:
    """Write a plan as the command's JSON object."""
    from battuta.interfaces.python.health_plan_tables import module_rows

    plan = made.plan
    modules: list[output.Json] = [
        {
            "string": row.string_id,
            "module": row.module,
            "cells": list(row.cells),
            "probability": row.probability,
            "fails_within_horizon": row.fails_within_horizon,
            "visit": row.visit,
            "cost": row.cost,
            "cost_never": row.cost_never,
        }
        for row in module_rows(plan)
    ]
    visits: list[output.Json] = [
        {
            "on": visit.on.isoformat(),
            "kind": "planned" if visit.is_planned else "call_out",
            "modules": int((plan.best.chosen == place).sum()),
            "cost": visit.cost,
        }
        for place, visit in enumerate(plan.visits)
    ]
    orders: list[output.Json] = [
        {"by": each.by.isoformat(), "modules": each.n_modules, "use": each.use} for each in plan.orders
    ]
    sensitivity: list[output.Json] = [
        {
            "input": each.name,
            "factor": each.factor,
            "kept_cost": each.kept_cost,
            "best_cost": each.best_cost,
            "modules_moved": each.n_moved,
        }
        for each in plan.sensitivities
    ]
    return {
        "today": plan.today.isoformat(),
        "currency": plan.settings.currency,
        "expected_cost": plan.best.cost,
        "costs": dict(plan.best.costs),
        "reserve": plan.best.reserve.value,
        "rules": {name: each.cost for name, each in plan.rules.items()},
        "value_of_waiting": plan.value_of_waiting,
        "modules": modules,
        "visits": visits,
        "orders": orders,
        "sensitivity": sensitivity,
        "left_out": list(plan.suspects.left_out),
        "assumed": list(made.assumed),
    }


def _print(plan: MaintenancePlan) -> None:
    from battuta.interfaces.python.health_plan_tables import module_rows

    money = plan.settings.currency
    rows = [
        [
            row.visit or "never",
            row.string_id,
            str(row.module),
            ", ".join(map(str, row.cells)),
            f"{100.0 * row.probability:.0f}",
            f"{100.0 * row.fails_within_year:.0f}",
            f"{row.cost:,.0f}",
            f"{row.cost_never:,.0f}",
        ]
        for row in module_rows(plan)
    ]
    heads = [
        "exchange on",
        "string",
        "module",
        "cells (from 0)",
        "real %",
        "fails in a year %",
        f"cost {money}",
        "if never",
    ]
    if not rows:
        print("No module to exchange: no finding names a cell that another module would mend.")
        return
    output.print_table(f"Modules, as of {plan.today}", heads, rows, left=4)
    lines = [["this plan", f"{plan.best.cost:,.0f}", ""]]
    lines += [
        [RULES[name], f"{each.cost:,.0f}", f"{each.cost - plan.best.cost:+,.0f}"] for name, each in plan.rules.items()
    ]
    output.print_table("Expected cost", ["way", money, "over this plan"], lines)
    print(f"Waiting beyond the first window that modules can reach saves {plan.value_of_waiting:,.0f} {money}.")
    for order in plan.orders:
        what = "to have one in reserve" if order.use == "reserve" else f"for {order.use}"
        print(f"Order {order.n_modules} by {order.by}, {what}.")
    _print_sensitivity(plan)


def _print_sensitivity(plan: MaintenancePlan) -> None:
    lines = [
        [
            f"{each.name.replace('_', ' ')} x {each.factor:g}",
            f"{each.kept_cost:,.0f}",
            f"{each.best_cost:,.0f}",
            str(each.n_moved),
        ]
        for each in plan.sensitivities
    ]
    output.print_table("Were it otherwise", ["input", "this plan", "best then", "modules moved"], lines)
