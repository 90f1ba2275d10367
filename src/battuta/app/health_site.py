"""A site's own log, opened and checked: what is wrong around the cells, and what nothing was logged of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from battuta.adapters.telemetry.site_parquet import read_site_log
from battuta.domain.errors import UsageError
from battuta.health.site_checks import SiteReport, check_site


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedSite:
    """What was found around the cells of a site.

    Attributes
    ----------
    site_id : str
        The site.
    n_rows : int
        Rows of its log.
    report : SiteReport
        Findings, what was looked for, and what could not be.
    remarks : tuple of str
        What was seen while the log was read.
    """

    site_id: str
    n_rows: int
    report: SiteReport
    remarks: tuple[str, ...]


def check_site_log(path: Path) -> CheckedSite:
    """Check the log of a site.

    Parameters
    ----------
    path : Path
        A Parquet file, as docs/site_faults.md says.

    Returns
    -------
    CheckedSite
        What was found.

    Raises
    ------
    UsageError
        If it is no file.
    DataError
        If it cannot be read, or has no rows.
    """
    if not path.is_file():
        message = f"{path} is no file; name the Parquet file of the site's log, see docs/site_faults.md"
        raise UsageError(message)
    read = read_site_log(path)
    return CheckedSite(
        site_id=read.log.site_id, n_rows=read.log.n_times, report=check_site(read.log), remarks=tuple(read.remarks)
    )
