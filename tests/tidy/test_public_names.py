"""What ``import battuta`` offers is a promise: names come and go by a decision, the import costs nothing."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import battuta as bt
from tidy.source_tree import ROOT

PINNED = Path(__file__).with_name("public_names.txt")
HEAVY = {"highspy", "numba", "numpy", "pandas", "plotly", "polars", "pydantic", "rich", "typer"}


def test_public_names_are_pinned() -> None:
    assert sorted(bt.__all__) == PINNED.read_text(encoding="utf-8").split()


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert bt.__version__ == project["version"]


def test_every_public_name_is_there() -> None:
    assert [name for name in bt.__all__ if not hasattr(bt, name)] == []
    assert set(bt.__all__) <= set(dir(bt))


def test_import_is_light() -> None:
    program = "import json, sys, battuta; print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert HEAVY.intersection(json.loads(run.stdout)) == set()
