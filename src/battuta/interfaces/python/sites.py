"""Sites as a notebook makes them: from a file, or by name of their quantities."""

from __future__ import annotations

from pathlib import Path

from battuta.domain import asset


class Site(asset.Site):
    """A battery behind its interconnection point, in its market.

    Examples
    --------
    >>> Site.from_file("examples/site.toml").battery.power_kw
    1000.0
    """

    __slots__ = ()

    @classmethod
    def from_file(cls, path: str | Path) -> asset.Site:
        """Read an asset file (TOML); ``battuta schema asset`` prints its keys.

        Parameters
        ----------
        path : str or Path
            The file.

        Returns
        -------
        Site
            The asset.

        Raises
        ------
        DataError
            Naming the key that is unknown, missing or out of range.
        """
        from battuta.app.assets import site_from_file

        return site_from_file(Path(path))
