"""Few cells are logged each minute, many every five."""

from types import SimpleNamespace

import pytest

from battuta.app.living_diagnosis import diagnosis_of


@pytest.mark.parametrize(("n_sites", "n_cells", "step_s"), [(2, 40, 60), (300, 200, 300)])
def test_the_step_follows_the_number_of_cells(n_sites, n_cells, step_s) -> None:
    run = SimpleNamespace(request=SimpleNamespace(n_sites=n_sites, n_modules=1), n_cells=n_cells)
    assert diagnosis_of(run, 3).step_s == step_s
