"""The repository holds our own words: no large file, no blob, no one else's data, nothing of one machine."""

import re
from pathlib import Path

import pytest

from tidy.source_tree import ROOT, expect_none, tracked_files

BYTES_MAX = 256 * 1024
PICTURES = {".png", ".woff2"}  # binary by nature, still small
# Data lives outside; what is kept is synthetic and says so, or a published answer that we are held against.
DATA = {
    ".arrow",
    ".csv",
    ".feather",
    ".gz",
    ".h5",
    ".mat",
    ".npy",
    ".npz",
    ".parquet",
    ".tsv",
    ".xls",
    ".xlsx",
    ".zip",
}
MACHINE = re.compile(rb"(?<![\w.])/(?:" + b"|".join([b"wo" + b"rk", b"ro" + b"ot", b"ho" + b"me/\\w+"]) + rb")/")
JOBS = b"/tmp/" + b"bash_jobs"


def faults(path: Path) -> list[str]:
    name = path.relative_to(ROOT).as_posix()
    content = path.read_bytes()
    found = []
    if len(content) > BYTES_MAX:
        found.append(f"{name}: {len(content)} bytes, at most {BYTES_MAX}")
    if b"\0" in content and path.suffix not in PICTURES:
        found.append(f"{name}: binary")
    if path.suffix in DATA and "synthetic" not in name and not name.startswith("tests/validation/"):
        found.append(f"{name}: data that is neither synthetic nor a validation case")
    if MACHINE.search(content) or JOBS in content:
        found.append(f"{name}: names a path of one machine")
    return found


def test_files_are_small_and_ours() -> None:
    expect_none([fault for path in tracked_files() for fault in faults(path)])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("src/large.py", b"#" * (BYTES_MAX + 1)),
        ("src/blob.bin", b"\x7fELF\0"),
        ("docs/prices.csv", b"time,price\n"),
        ("docs/path.md", b"see `" + b"/wo" + b"rk/main`"),
        ("docs/path.md", b"cd " + JOBS),
    ],
)
def test_a_fault_is_seen(name: str, content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(faults.__globals__, "ROOT", tmp_path)
    path = tmp_path / name
    path.parent.mkdir()
    path.write_bytes(content)
    assert len(faults(path)) == 1


def test_requirements_are_hashed_and_name_no_address() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"https?://|--(?:extra-)?index-url|--find-links|file:", text) == [], path.name
        pins = re.findall(r"^[a-z0-9][\w.-]*(?:\[\w+\])?==\S+.*$", text, re.MULTILINE)
        assert pins, path.name
        assert [pin for pin in pins if not pin.endswith("\\")] == [], path.name
