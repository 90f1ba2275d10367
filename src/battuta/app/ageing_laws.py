"""Ageing models that do not ship: the tables of a study, and plug-ins that other packages install."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import cast

from battuta.adapters.files.ageing_table_file import read_ageing_table
from battuta.domain.ageing_table import warranty_points
from battuta.domain.errors import UsageError
from battuta.domain.study import Study
from battuta.physics.ageing.ageing_law import AgeingLaw, ageing_law_names
from battuta.physics.ageing.card import ModelCard
from battuta.physics.ageing.user_table import user_tables

GROUP = "battuta.ageing"
"""Entry points under which a package offers ageing models: a callable without arguments that gives an `AgeingLaw`."""
_ASKED = ("name", "card", "terms", "n_slots", "is_for_optimiser", "stresses")


def with_points(study: Study, folder: Path) -> Study:
    """Read the points of the tables of a study that names files or its warranty.

    Parameters
    ----------
    study : Study
        The study.
    folder : Path
        Where the files that it names lie.

    Returns
    -------
    Study
        The study with all points in it; the same where none is missing.

    Raises
    ------
    DataError, UsageError
        If a file has no such points, or the warranty promises none.
    """
    if all(each.has_points for each in study.ageing.table):
        return study
    tables = tuple(warranty_points(read_ageing_table(each, folder), study.warranty) for each in study.ageing.table)
    return replace(study, ageing=replace(study.ageing, table=tables))


def own_laws(study: Study, found: Sequence[EntryPoint] | None = None) -> Mapping[str, AgeingLaw]:
    """Ageing models of a study that do not ship, by name.

    Parameters
    ----------
    study : Study
        The study, with the points of its tables.
    found : sequence of EntryPoint or None
        Plug-ins in place of those that are installed.

    Returns
    -------
    Mapping of str to AgeingLaw
        Models that its weights ask for.

    Raises
    ------
    UsageError
        If a model is not known, two plug-ins have one name, or one gives no ageing model.
    DataError
        If a table is no table of ageing.
    """
    laws: dict[str, AgeingLaw] = dict(user_tables(study.ageing.table))
    wanted = [each for each in study.ageing.weights if each not in laws and each not in ageing_law_names()]
    if not wanted:
        return laws
    plugged = list(entry_points(group=GROUP)) if found is None else list(found)
    for name in wanted:
        own = [each for each in plugged if each.name == name]
        if len(own) != 1:
            raise UsageError(_not_one(name, own, [*ageing_law_names(), *laws, *(each.name for each in plugged)]))
        laws[name] = _loaded(own[0])
    return laws


def _not_one(name: str, own: list[EntryPoint], known: list[str]) -> str:
    if own:
        return f"two packages offer an ageing model {name!r}: {', '.join(each.value for each in own)}; remove one"
    return f"[ageing.weights] names {name!r}, and no ageing model has that name; there are: {', '.join(known)}"


def _loaded(point: EntryPoint) -> AgeingLaw:
    try:
        made = cast("object", point.load()())
    except Exception as error:
        message = f"ageing model {point.name!r} of {point.value} does not load: {error}"
        raise UsageError(message) from error
    named = cast("object", getattr(made, "name", None))
    lacks = [each for each in _ASKED if not hasattr(made, each)]
    if lacks or named != point.name or not isinstance(getattr(made, "card", None), ModelCard):
        said = f"it lacks {', '.join(lacks)}" if lacks else f"its name is {named!r}, or its card is no ModelCard"
        message = f"ageing model {point.name!r} of {point.value} gives no ageing model: {said}"
        raise UsageError(message)
    return cast("AgeingLaw", made)
