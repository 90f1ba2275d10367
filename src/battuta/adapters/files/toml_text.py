"""Text of a TOML file that a user names, with the same words for each kind of file where there is none."""

from __future__ import annotations

from pathlib import Path

from battuta.domain.errors import DataError


def toml_text(path: Path, schema: str = "") -> str:
    """Read a file as text.

    Parameters
    ----------
    path : Path
        The file.
    schema : str
        Name by which ``battuta schema`` prints an example of it, if it does.

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
        mend = f"; write one with: battuta schema {schema} --example > {path.name}" if schema else ""
        message = f"{path} does not exist{mend}"
        raise DataError(message) from None
    except UnicodeDecodeError as error:
        message = f"{path} cannot be read as text: {error}; save it as UTF-8"
        raise DataError(message) from None
    except OSError as error:
        message = f"{path} cannot be read as text: {error.strerror or error}"
        raise DataError(message) from None
