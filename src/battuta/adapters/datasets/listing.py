"""Which public data sets there are: name, source, licence, citation and checksum of each file."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import cast

from battuta.domain.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetFile:
    """One file of a data set.

    Attributes
    ----------
    name : str
        Name on disk.
    url : str
        Where its source keeps it.
    sha256 : str
        Published checksum, empty where there is none.
    """

    name: str
    url: str
    sha256: str = ""

    @property
    def is_verified(self) -> bool:
        """True when a published checksum tells whether a download is the file that is meant."""
        return bool(self.sha256)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A public data set.

    Attributes
    ----------
    name : str
        Short name, as ``battuta data fetch`` takes it.
    title : str
        What it holds.
    homepage : str
        Page of its source.
    licence : str
        Terms of use.
    citation : str
        How to cite it.
    clock : str
        Clock of its labels, as importers take it.
    note : str
        What to know before use.
    files : tuple of DatasetFile
        Its files.
    """

    name: str
    title: str
    homepage: str
    licence: str
    citation: str
    clock: str
    note: str
    files: tuple[DatasetFile, ...]


@lru_cache(maxsize=1)
def _listed() -> tuple[Dataset, ...]:
    text = files("battuta.adapters.datasets").joinpath("datasets.toml").read_text(encoding="utf-8")
    found: list[Dataset] = []
    for name, entry in tomllib.loads(text).items():
        words = cast("dict[str, str]", {key: value for key, value in entry.items() if key != "files"})
        parts = cast("list[dict[str, str]]", entry["files"])
        found.append(Dataset(name=name, **words, files=tuple(DatasetFile(**part) for part in parts)))
    return tuple(found)


def available() -> list[Dataset]:
    """List the data sets that can be fetched.

    Returns
    -------
    list of Dataset
        In the order of the data file.

    Examples
    --------
    >>> [dataset.name for dataset in available()]
    ['epf', 'epf-forecasts', 'ddnn', 'entsoe-zones', 'de-intraday']
    """
    return list(_listed())


def named(names: Sequence[str]) -> list[Dataset]:
    """Find data sets by name; no name means all.

    Raises
    ------
    UsageError
        If a name is not known; the message lists those there are.
    """
    known = {dataset.name: dataset for dataset in _listed()}
    unknown = [name for name in names if name not in known]
    if unknown:
        message = f"data set {', '.join(map(repr, unknown))} is not known; choose from {', '.join(known)}"
        raise UsageError(message)
    return [known[name] for name in dict.fromkeys(names)] if names else list(known.values())
