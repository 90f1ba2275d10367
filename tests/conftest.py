"""What every test may ask for: the folder of real data; hypothesis gives kernels time to compile."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]

settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def require(what: str, reason: str) -> None:
    """Skip for want of something outside, or fail where ``BATTUTA_REQUIRE`` says that it must be there."""
    if what in os.environ.get("BATTUTA_REQUIRE", "").split(","):
        pytest.fail(f"{reason} (BATTUTA_REQUIRE names {what!r})")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Folder of real data: ``BATTUTA_DATA``, else ``../shared/data`` beside the repository."""
    folder = Path(os.environ.get("BATTUTA_DATA") or ROOT / ".." / "shared" / "data").resolve()
    if not folder.is_dir():
        require("data", f"no real data: {folder} is missing; name its folder in BATTUTA_DATA")
    return folder
