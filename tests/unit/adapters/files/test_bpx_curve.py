import numpy as np
import pytest

from battuta.adapters.files.bpx_curve import bpx_curve


def test_a_formula_is_computed_over_an_array() -> None:
    curve = bpx_curve("3.4 - 0.02 * x + 0.5 * exp(-150 * x) - 2 ** -x * tanh(x)")
    x = np.array([0.0, 0.3, 1.0])
    assert curve.values_at(x) == pytest.approx(3.4 - 0.02 * x + 0.5 * np.exp(-150 * x) - 2.0**-x * np.tanh(x))


def test_a_number_is_the_same_everywhere() -> None:
    assert bpx_curve(3).values_at(np.array([0.1, 0.9])).tolist() == [3.0, 3.0]
    assert bpx_curve("3").values_at(np.array([0.1, 0.9])).tolist() == [3.0, 3.0]


def test_a_table_is_straight_between_its_points_and_nothing_beyond() -> None:
    curve = bpx_curve({"x": [1.0, 0.0], "y": [0.0, 2.0]})
    assert curve.values_at(np.array([0.25])) == pytest.approx([1.5])
    assert np.isnan(curve.values_at(np.array([1.01]))).all()
    assert (curve.low, curve.high) == (0.0, 1.0)


def test_a_formula_without_a_value_gives_no_number_and_no_warning() -> None:
    assert not np.isfinite(bpx_curve("log(x - 1)").values_at(np.array([0.5]))).any()
    assert np.isinf(bpx_curve("9 ** 9 ** 9 ** 9 + x").values_at(np.array([0.5]))).all(), "no endless whole number"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("__import__('os').system('true')", "only numbers, x"),
        ("x.real", "only numbers, x"),
        ("open(x)", "the function open is not known"),
        ("y + 1", "the variable is called x"),
        ("x if x else 1", "only numbers, x"),
        ("x // 2", r"only \+ - \* / \*\*"),
        ("x +", "no formula in x"),
        ("\x00", "no formula in x"),
        ("(" * 500 + "x" + ")" * 500, "no formula in x"),
        ("-" * 15_000 + "x", "no formula in x"),
        ("x" * 30_000, "30000 characters"),
        (True, "not bool"),
        (None, "not NoneType"),
        (float("nan"), "finite"),
        ({"x": [0.0, 1.0]}, "two lists x and y"),
        ({"x": [0.0, 1.0], "y": [1.0]}, "as many of both"),
        ({"x": [0.0, 0.0], "y": [1.0, 2.0]}, "stands there twice"),
        ({"x": [0.0, "1"], "y": [1.0, 2.0]}, "list of numbers"),
        ({"x": [0.0, float("inf")], "y": [1.0, 2.0]}, "not finite"),
        ({"x": [0.0, 1.0], "y": [1.0, 10**400]}, "y of a table has a value that is not finite.*number 2 of 2; mend it"),
        ({"x": [-1e308, 1e308], "y": [1.0, 2.0]}, r"x of a table .* above 1e\+30"),
        (10**400, r"finite number up to 1e\+30"),
        ("1" + "0" * 400, "holds a number above 1e308; shorten it"),
        ("x + 1e999", "holds a number above 1e308"),
        ("1" * 5000, "no formula in x"),
    ],
)
def test_what_is_no_curve_is_refused(given, words) -> None:
    with pytest.raises(ValueError, match=words):
        bpx_curve(given)
