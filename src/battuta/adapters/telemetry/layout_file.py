"""What somebody states of a table once and for all: a short TOML file of words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from battuta.domain.errors import DataError
from battuta.domain.toml_tables import toml_tables

_EXAMPLE = 'voltage = "v{n}"'


def read_layout_file(path: Path) -> Mapping[str, str]:
    """Read a layout.

    Parameters
    ----------
    path : Path
        TOML without tables: ``time = "time"``, ``voltage = "v{n}"``, ``voltage_unit = "mV"`` and the like.

    Returns
    -------
    mapping of str to str
        Its words, numbers as text.

    Raises
    ------
    DataError
        If it cannot be read, or holds something else than words and numbers.
    """
    try:
        if path.exists() and not path.is_file():
            message = f"{path} cannot be read as text: it is no file; name a TOML file with lines such as {_EXAMPLE}"
            raise DataError(message)
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path} cannot be read as text: {error}"
        raise DataError(message) from error
    told = toml_tables(text, str(path), f"write lines such as {_EXAMPLE}")
    wrong = [name for name, value in told.items() if not isinstance(value, str | int | float) or value is True]
    if wrong:
        message = f"{path}: {', '.join(wrong)} is neither a word nor a number; write lines such as {_EXAMPLE}"
        raise DataError(message)
    return {name: str(value) for name, value in told.items()}
