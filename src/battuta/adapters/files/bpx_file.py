"""Reads a BPX file (Battery Parameter eXchange) into the parameters of a cell, and says what was approximated or left.

A BPX file describes porous electrodes; Battuta's cell is a circuit. The open-circuit curve, the entropy, the limits
and the heat capacity go over as they are; the losses become resistances, see `bpx_circuit`. What a file does not say
(limits of current, tapers over temperature) is assumed and marked so in ``parameters.facts``.

References
----------
.. [1] Korotkin, I. et al., Battery Parameter eXchange (BPX), Faraday Institution, https://bpxstandard.com.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from battuta.adapters.files.bpx_mapping import Assumptions, map_cell
from battuta.adapters.files.bpx_schema import BpxDocument, left_over
from battuta.adapters.files.toml_text import refuse_endless
from battuta.domain.errors import BattutaError, DataError
from battuta.physics.cell_parameters import CellParameters

_DIGITS_MAX = 300
_SHOWN_MAX = 60


class _WrittenTwiceError(ValueError):
    """A key that stands in one section twice, with different values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BpxCell:
    """What became of a BPX file.

    Attributes
    ----------
    parameters : CellParameters
        The cell.
    version : str
        Version of the format that the file names.
    approximations : tuple of str
        What was simplified on the way, in words.
    not_mapped : tuple of str
        Keys of the file that nothing was made of.
    """

    parameters: CellParameters
    version: str
    approximations: tuple[str, ...]
    not_mapped: tuple[str, ...]


def read_bpx(path: Path, assumptions: Assumptions | None = None) -> BpxCell:
    """Read a BPX file.

    Parameters
    ----------
    path : Path
        JSON file of version 0.x or 1.x, each electrode of one material.
    assumptions : Assumptions, optional
        What the format does not say.

    Returns
    -------
    BpxCell
        Parameters, and what was approximated.

    Raises
    ------
    DataError
        If the file is absent, not JSON, or a section cannot be used; each finding with its place and its mend.
    """
    try:
        refuse_endless(path)
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        message = f"{path} does not exist; name a BPX file (JSON)"
        raise DataError(message) from None
    except (OSError, ValueError) as error:  # ValueError: bytes that are no text, or a name that no file can have
        message = f"{str(path)!r} cannot be read as text: {error}; name a BPX file (JSON)"
        raise DataError(message) from None
    return parse_bpx(text, str(path), assumptions)


def parse_bpx(text: str, where: str, assumptions: Assumptions | None = None) -> BpxCell:
    """Read a BPX file from its text; `where` names it in errors.

    Parameters
    ----------
    text : str
        JSON.
    where : str
        What to call it.
    assumptions : Assumptions, optional
        What the format does not say.

    Returns
    -------
    BpxCell
        Parameters, and what was approximated. Raises as `read_bpx`.
    """
    document = _document(text, where)
    try:
        parameters, approximations = map_cell(document, Path(where).stem, assumptions or Assumptions())
    except BattutaError as error:
        message = f"{where}: {error}"
        raise DataError(message) from error
    except RecursionError:
        message = f"{where}: a formula is nested too deeply; give a table instead"
        raise DataError(message) from None
    return BpxCell(
        parameters=parameters,
        version=document.header.version,
        approximations=approximations,
        not_mapped=left_over(document),
    )


def _document(text: str, where: str) -> BpxDocument:
    try:
        return BpxDocument.model_validate(json.loads(text, parse_int=_whole, object_pairs_hook=_once_each))
    except RecursionError:
        message = f"{where} is not a BPX file: it is nested too deeply"
        raise DataError(message) from None
    except json.JSONDecodeError as error:
        message = f"{where} is not valid JSON: {error}"
        raise DataError(message) from None
    except _WrittenTwiceError as error:
        message = f"{where} cannot be used as a BPX file: {error}"
        raise DataError(message) from None
    except ValidationError as error:
        lines = [_finding(item["loc"], item["type"], item["msg"]) for item in error.errors()]
        message = f"{where} cannot be used as a BPX file:\n" + "\n".join(f"  - {line}" for line in lines)
        raise DataError(message) from None


def _whole(digits: str) -> int | float:
    """Read a whole number; as a float where it may be larger than one holds, which its place then refuses."""
    return int(digits) if len(digits) <= _DIGITS_MAX else float(digits)


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse a key that is written twice with different values, of which JSON would take the last."""
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found and found[key] != value:
            message = f"{key} is written twice, as {_short(found[key])} and as {_short(value)}; leave one out"
            raise _WrittenTwiceError(message)
        found[key] = value
    return found


def _short(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= _SHOWN_MAX else text[: _SHOWN_MAX - 3] + "..."


def _finding(place: tuple[int | str, ...], kind: str, text: str) -> str:
    """Say where it is, what is wrong, and how to mend it."""
    name = ".".join(str(part) for part in place) or "the file"
    if kind == "missing":
        blended = "electrode" in name
        also = "; an electrode blended of several materials (Particle) is not read" if blended else ""
        return f"{name} is missing; add it, the unit in brackets{also}"
    return f"{name}: {text.removeprefix('Value error, ')}"
