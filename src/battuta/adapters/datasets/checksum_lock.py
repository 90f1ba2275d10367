"""What the first download of an unverified file showed, kept beside the data and held against every later one."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

from battuta.domain.errors import DataError

LOCK_NAME = "checksums.lock.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen at the first download of a file.

    Attributes
    ----------
    sha256 : str
        Checksum.
    n_bytes : int
        Size.
    url : str
        Where it came from.
    answered_at : str
        When, in the words of the server's own clock; empty where it told none.
    """

    sha256: str
    n_bytes: int
    url: str
    answered_at: str


class ChecksumLock:
    """The lock file of a data folder.

    Parameters
    ----------
    folder : Path
        The data folder.

    Raises
    ------
    DataError
        If there is a lock file that cannot be read.
    """

    __slots__ = ("_seen", "path")

    def __init__(self, folder: Path) -> None:
        self.path = folder / LOCK_NAME
        try:
            entries = cast("dict[str, dict[str, object]]", json.loads(self.path.read_text(encoding="utf-8")))
            self._seen = {
                name: Seen(
                    sha256=str(entry["sha256"]),
                    n_bytes=int(cast("int", entry["n_bytes"])),
                    url=str(entry["url"]),
                    answered_at=str(entry["answered_at"]),
                )
                for name, entry in entries.items()
            }
        except FileNotFoundError:
            self._seen = {}
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            message = f"the lock file {self.path} cannot be read ({error}); mend it, or delete it to trust anew"
            raise DataError(message) from None

    def get(self, name: str) -> Seen | None:
        """Return what was seen of a file, None before its first download."""
        return self._seen.get(name)

    def record(self, name: str, seen: Seen) -> None:
        """Write down the first download of a file; what is written already stays."""
        if name in self._seen:
            return
        self._seen[name] = seen
        text = json.dumps({key: asdict(self._seen[key]) for key in sorted(self._seen)}, indent=2) + "\n"
        partial = self.path.with_suffix(".part")
        partial.write_text(text, encoding="utf-8")
        partial.replace(self.path)
