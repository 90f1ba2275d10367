"""A warranty by the words that a study, or a command, uses for it: a name that ships, or a file."""

from __future__ import annotations

from pathlib import Path

from battuta.adapters.files.warranty_file import named_warranty, read_warranty, warranty_names
from battuta.domain.errors import UsageError
from battuta.domain.warranty import Warranty


def warranty_of(terms: str, folder: Path) -> Warranty:
    """Give the warranty that ships under a name, or that a file holds.

    Parameters
    ----------
    terms : str
        The name of a warranty that ships, or of a file.
    folder : Path
        Where the file lies, unless it is named from the root.

    Returns
    -------
    Warranty
        The contract.

    Raises
    ------
    UsageError
        If there is neither.

    Examples
    --------
    >>> warranty_of("assumed_314ah", Path()).is_assumed
    True
    """
    if terms in warranty_names():
        return named_warranty(terms)
    path = folder / terms
    try:
        is_file = path.is_file()
    except (OSError, ValueError):  # too long for a path, or with a letter that none has
        is_file = False
    if not is_file:
        known = ", ".join(warranty_names())
        message = f"warranty terms {terms!r} are neither a warranty that ships ({known}) nor a file: {path}"
        raise UsageError(message)
    return read_warranty(path)
