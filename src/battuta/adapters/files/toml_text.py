"""Text of a file that a user names, with the same words for each kind of file where there is none."""

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
        If it is absent, no file to be read to its end, or no text.
    """
    try:
        refuse_endless(path)
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


def refuse_endless(path: Path) -> None:
    """Refuse a named pipe or a device, at which reading would wait for ever or never end.

    Parameters
    ----------
    path : Path
        The file; one that is absent passes. So do the pipes that a shell itself lays: ``/dev/stdin``, ``<(command)``.

    Raises
    ------
    DataError
        If it is one, with what it is.
    OSError
        If nobody can tell.

    Examples
    --------
    >>> refuse_endless(Path("no.toml"))
    """
    if not path.exists() or path.is_file() or path.is_dir():
        return
    if path.is_fifo() and path.is_relative_to("/dev"):
        return
    message = f"{path} is a pipe or a device and no file; name a file"
    raise DataError(message)
