"""Public data sets for those who show and ask: what there is, and fetch it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from battuta.adapters.datasets import fetch as fetching
from battuta.adapters.datasets import listing
from battuta.adapters.datasets.fetch import FetchedFile, FetchProgress, Verdict
from battuta.adapters.datasets.listing import Dataset

__all__ = ["Dataset", "FetchProgress", "FetchedFile", "Verdict", "available", "fetch", "find"]


def available() -> list[Dataset]:
    """List the data sets that can be fetched."""
    return listing.available()


def find(names: Sequence[str]) -> list[Dataset]:
    """Find data sets by name.

    Raises
    ------
    UsageError
        If a name is not known; the message lists those there are.
    """
    return listing.named(names)


def fetch(
    names: Sequence[str],
    target_dir: Path,
    base_url_override: str | None = None,
    progress: Callable[[FetchProgress], None] | None = None,
) -> list[FetchedFile]:
    """Fetch data sets from their sources, with checksum and licence.

    Parameters
    ----------
    names : sequence of str
        Names of data sets; none means all.
    target_dir : Path
        Folder of the data.
    base_url_override : str, optional
        Address of a mirror that keeps each file as ``<data set>/<file>``.
    progress : callable, optional
        Told of each piece that arrives.

    Returns
    -------
    list of FetchedFile
        One entry per file, those that failed included.

    Raises
    ------
    UsageError
        If a name is not known.
    DataError
        If the folder cannot be written.
    """
    return fetching.fetch(names, target_dir, base_url_override, progress)
