"""Errors say what is wrong and by how much, and each has its own code."""

from battuta.domain import errors
from battuta.domain.errors import (
    BattutaError,
    Conflict,
    ImportRefusedError,
    InfeasibleError,
    InvalidQuantityError,
    StorageError,
)


def test_a_quantity_is_named_with_its_range():
    error = InvalidQuantityError("soc", 1.5, 0.0, 1.0, "-", where="site.toml")
    assert str(error) == "site.toml: soc = 1.5 is outside [0, 1]"


def test_a_bound_that_is_refused_itself_is_open_however_far_off_the_value_is():
    assert str(InvalidQuantityError("mean", -1.0, 0.0, 1.0, "-", above_low=True)) == "mean = -1 is outside (0, 1]"


def test_a_whole_number_beyond_all_floats_is_shown_too():
    assert str(InvalidQuantityError("seed", 10**400, 0, 9, "-")) == "seed = 1.00000e+400 is outside [0, 9]"


def test_conflicts_and_findings_are_listed():
    conflict = Conflict(bound="soc_end", step=-1, amount=0.25, unit="-")
    assert "soc_end is short by 0.25 -" in str(InfeasibleError([conflict]))
    assert str(ImportRefusedError("a.csv", ["row 2"])).endswith("\n  - row 2")


def test_a_disk_that_takes_nothing_is_named_with_its_mend():
    error = StorageError("runs/a.log", "No space left on device", "free space")
    assert str(error) == "runs/a.log cannot be written: No space left on device; free space"
    assert isinstance(error, OSError)
    assert (error.path, error.exit_code) == ("runs/a.log", 1)


def test_every_error_has_its_own_code():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, BattutaError)]
    assert len({kind.code for kind in kinds}) == len(kinds)


def test_a_bound_that_is_refused_itself_is_shown_as_open():
    assert str(InvalidQuantityError("mean", 0.0, 0.0, 1.0, "-")) == "mean = 0 is outside (0, 1], 0 itself excluded"
    assert str(InvalidQuantityError("weight", float("inf"), 0.0, float("inf"), "-")).endswith("outside [0, inf)")
