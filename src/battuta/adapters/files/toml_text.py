"""Text of a TOML file that a user names, with the same words for each kind of file where there is none."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from battuta.domain.errors import DataError


def toml_text(path: Path, schema: str) -> str:
    """Read a file as text.

    Parameters
    ----------
    path : Path
        The file.
    schema : str
        Name by which ``battuta schema`` prints an example of it.

    Returns
    -------
    str
        Its text.

    Raises
    ------
    DataError
        If it is absent, or no text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        message = f"{path} does not exist; write one with: battuta schema {schema} --example > {path.name}"
        raise DataError(message) from None
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path} cannot be read as text: {error}"
        raise DataError(message) from None


def toml_tables(text: str, where: str, schema: str) -> Mapping[str, object]:
    """Read the tables of TOML text.

    Parameters
    ----------
    text : str
        The text.
    where : str
        Names the file in errors.
    schema : str
        Name by which ``battuta schema`` prints an example of it.

    Returns
    -------
    mapping of str to object
        What it holds, still unread.

    Raises
    ------
    DataError
        If it is no TOML, is nested too deeply, or holds a whole number of thousands of digits, which Python does not
        read.

    Examples
    --------
    >>> toml_tables("lives = 10", "study.toml", "study")
    {'lives': 10}
    """
    try:
        return tomllib.loads(text)
    except ValueError as error:
        message = f"{where} is not valid TOML: {error}"
        raise DataError(message) from None
    except RecursionError:
        message = f"{where} is no {schema} file: it is nested too deeply; see: battuta schema {schema} --example"
        raise DataError(message) from None
