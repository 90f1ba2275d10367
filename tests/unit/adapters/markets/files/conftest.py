"""Small price files: a good one, and a way to write any other."""

from collections.abc import Callable
from pathlib import Path

import pytest

HEADER = "time,price_eur_per_mwh"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write lines (or bytes) as a file and return its path."""

    def to_file(content: list[str] | bytes, name: str = "prices.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else "".join(f"{line}\n" for line in content).encode())
        return path

    return to_file


@pytest.fixture
def hours() -> list[str]:
    """Three days of hourly prices from 40 to 63, the header not among them; line k of the file is row k + 2."""
    return [f"2026-01-{1 + k // 24:02d}T{k % 24:02d}:00+01:00,{40 + k % 24}" for k in range(72)]


@pytest.fixture
def good(hours: list[str]) -> list[str]:
    """A canonical file without any finding."""
    return [HEADER, *hours]
