"""All sources by name, and which of them a header looks like."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from battuta.adapters.markets.files.formats.american import CAISO, NYISO
from battuta.adapters.markets.files.formats.entsoe import ENTSOE, ENTSOE_EXPORT
from battuta.adapters.markets.files.formats.epf import DDNN, DDNN_FORECAST, EPEX_LEAR, EPF, EPF_FORECAST
from battuta.adapters.markets.files.formats.intraday import GERMAN_INTRADAY
from battuta.adapters.markets.files.formats.layout import FileFormat
from battuta.domain.errors import DataError, UsageError

CANONICAL = "canonical"
"""Name of Battuta's own form."""

FORMATS: Mapping[str, FileFormat] = MappingProxyType(
    {
        each.name: each
        for each in (
            EPF,
            EPF_FORECAST,
            DDNN,
            DDNN_FORECAST,
            EPEX_LEAR,
            ENTSOE,
            ENTSOE_EXPORT,
            GERMAN_INTRADAY,
            NYISO,
            CAISO,
        )
    }
)
"""Descriptions of other people's files by the name a user gives as the source."""


def source_names() -> tuple[str, ...]:
    """All names that a user may give as the source."""
    return (CANONICAL, *FORMATS)


def looks_like(header: tuple[str, ...]) -> FileFormat | None:
    """Return the source that has most columns of a header, None where no source has its time and price."""
    best = max(FORMATS.values(), key=lambda each: each.n_recognised(header))
    return best if best.n_recognised(header) else None


def format_of(source: str, header: tuple[str, ...], file: str) -> FileFormat:
    """Return the description of a named source once the header fits it.

    Parameters
    ----------
    source : str
        One of `source_names`, not ``canonical``.
    header : tuple of str
        Column labels of the file.
    file : str
        The file, as the user named it.

    Returns
    -------
    FileFormat
        The description.

    Raises
    ------
    UsageError
        If no source has this name.
    DataError
        If the header is not that of the source; the message names the one it looks like.
    """
    if source not in FORMATS:
        message = f"source {source!r} is not known; choose one of {', '.join(source_names())}"
        raise UsageError(message)
    described = FORMATS[source]
    likely = looks_like(header)
    n_recognised = described.n_recognised(header)
    if n_recognised and (likely is None or likely.n_recognised(header) == n_recognised):
        return described
    message = f"{file} is no {described.title} file: {_expected(described)}. It has {listed(header)}.{hint(header)}"
    raise DataError(message)


def hint(header: tuple[str, ...]) -> str:
    """Say which source a header looks like, as the end of a message; empty where none."""
    likely = looks_like(header)
    return "" if likely is None else f" It looks like {likely.title}: pass --source {likely.name}"


def listed(header: tuple[str, ...]) -> str:
    """Say the columns of a header."""
    return ", ".join(label or "a nameless column" for label in header)


def _expected(described: FileFormat) -> str:
    times = " or ".join(repr(label) if label else "without a name" for label in described.times)
    prices = " or ".join(repr(label) for label in described.prices[:4]) or "forecasts by name"
    return f"a time column {times} and {prices} are expected"
