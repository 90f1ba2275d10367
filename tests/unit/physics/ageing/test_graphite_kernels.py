"""The anode's potential against the published curve written out once more."""

import numpy as np
import pytest

from battuta.physics.ageing.graphite_kernels import anode_potential_v


@pytest.mark.parametrize("soc", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_the_published_curve(soc):
    x = 0.0085 + soc * (0.78 - 0.0085)
    plain = (
        0.6379
        + 0.5416 * np.exp(-305.5309 * x)
        + 0.044 * np.tanh(-(x - 0.1958) / 0.1088)
        - 0.1978 * np.tanh((x - 1.0571) / 0.0854)
        - 0.6875 * np.tanh((x + 0.0117) / 0.0529)
        - 0.0175 * np.tanh((x - 0.5692) / 0.0875)
    )
    assert anode_potential_v(soc) == pytest.approx(plain, rel=1e-12)


def test_it_falls_as_the_cell_fills():
    assert np.all(np.diff([anode_potential_v(soc) for soc in np.linspace(0.0, 1.0, 50)]) < 0.0)
