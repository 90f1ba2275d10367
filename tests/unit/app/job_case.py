"""A study that is quick to answer, a climate beside it, and jobs that are waited for."""

import time

import numpy as np
import polars as pl
import pytest

from unit.studies.life_case import example_file


def quick_study(folder, *, lives=4, name="at rest"):
    """A study of a battery that stands still, with a SYNTHETIC climate in a file of its own."""
    hours = np.arange(8760)
    climate = pl.DataFrame({"t_hours": hours, "T_degC": 10.0 + 5.0 * np.sin(hours / 24), "is_synthetic": True})
    (folder / "data").mkdir(exist_ok=True)
    climate.write_csv(folder / "data" / "climate.csv")
    text = example_file(folder, lives=lives).read_text()
    first, rest = text.split("[[strategy]]", 1)
    _, after = rest.split("[ageing]", 1)
    own = f'[[strategy]]\nname = "{name}"\nkind = "storage"\nsoc = 0.5\n\n[ageing]'
    first = first.split("[climate]")[0] + '[climate]\npath = "data/climate.csv"\n\n'
    path = folder / "study.toml"
    path.write_text(first + own + after, encoding="utf-8")
    return path


def until(is_so, timeout_s=60.0):
    """Look again and again until something is so."""
    end_s = time.monotonic() + timeout_s
    while time.monotonic() < end_s:
        if is_so():
            return
        time.sleep(0.02)
    pytest.fail(f"it was not so within {timeout_s} s")
