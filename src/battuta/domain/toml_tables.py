"""Text as TOML, with the same words for each kind of file where it is none."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

from battuta.domain.errors import DataError


def toml_tables(text: str, where: str, mend: str = "") -> Mapping[str, object]:
    """Read the tables of TOML text.

    Parameters
    ----------
    text : str
        All that the file holds.
    where : str
        Names the file in errors.
    mend : str
        What to do where it is no TOML, said last.

    Returns
    -------
    mapping of str to object
        What it holds, still unread.

    Raises
    ------
    DataError
        If it is no TOML, is nested too deeply, or holds a whole number of thousands of digits, which
        Python does not read.

    Examples
    --------
    >>> toml_tables("lives = 10", "study.toml")
    {'lives': 10}
    """
    then = f"; {mend}" if mend else ""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = f"{where} is not valid TOML: {error}{then}"
        raise DataError(message) from None
    except ValueError:
        message = f"{where} cannot be used: it holds a whole number of thousands of digits; shorten it{then}"
        raise DataError(message) from None
    except RecursionError:
        message = f"{where} cannot be used: it is nested too deeply{then}"
        raise DataError(message) from None
