"""Tables and plug-ins speak in a study; what is not known, or does not load, is told with what there is."""

import sys
import tomllib
from dataclasses import replace
from importlib.metadata import EntryPoint

import pytest

from battuta.adapters.files.study_file import parse_study
from battuta.adapters.files.warranty_file import named_warranty
from battuta.app.ageing_laws import GROUP, own_laws, with_points
from battuta.app.life_studies import example_study, study_inputs
from battuta.domain.ageing_choice import AgeingChoice
from battuta.domain.ageing_table import AgeingTable
from battuta.domain.errors import UsageError

STUDY = parse_study(tomllib.loads(example_study()), "example", named_warranty("assumed_314ah"))
PLUGIN = """
from battuta.physics.ageing.ageing_term import AgedQuantity, AgeingTerm, TermKind
from battuta.physics.ageing.card import ModelCard
import numpy as np

class Linear:
    name = "linear_cells"
    card = ModelCard(name="linear", fitted_on="nothing", validity=())
    n_slots = 1
    is_for_optimiser = False
    terms = (
        AgeingTerm(name="time", quantity=AgedQuantity.CAPACITY, kind=TermKind.POWER, exponent=1.0, slot=0,
                   cause="calendar"),
    )
    def stresses(self, duty):
        return np.full((duty.n_days, 1), 0.02 / 365.25)

def broken():
    raise RuntimeError("no licence")
"""


def asked(*names, table=()):
    return replace(STUDY, ageing=AgeingChoice(weights=dict.fromkeys(names, 1.0), table=table))


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A package that offers an ageing model, as an installer leaves it."""
    (tmp_path / "linear_cells_package.py").write_text(PLUGIN)
    info = tmp_path / "linear_cells-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: linear-cells\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        f"[{GROUP}]\nlinear_cells = linear_cells_package:Linear\nbroken_cells = linear_cells_package:broken\n"
        "wrong_cells = linear_cells_package:ModelCard.markdown.__class__\nother_cells = linear_cells_package:Linear\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    sys.modules.pop("linear_cells_package", None)


@pytest.mark.usefixtures("installed")
def test_a_package_that_is_installed_offers_its_model():
    laws = own_laws(asked("naumann_lfp", "linear_cells"))
    assert list(laws) == ["linear_cells"]
    assert laws["linear_cells"].card.name == "linear"


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("linear_cell", "no ageing model has that name; there are: naumann_lfp, .*linear_cells"),
        ("broken_cells", "broken_cells' of linear_cells_package:broken does not load: no licence"),
        ("other_cells", "gives no ageing model: its name is 'linear_cells'"),
    ],
)
def test_what_does_not_load_is_told(name, says):
    with pytest.raises(UsageError, match=says):
        own_laws(asked(name))


def test_what_is_no_model_and_what_comes_twice_is_told():
    point = EntryPoint(name="odd", value="builtins:dict", group=GROUP)
    with pytest.raises(UsageError, match="gives no ageing model: it lacks name, card"):
        own_laws(asked("odd"), [point])
    with pytest.raises(UsageError, match="two packages offer"):
        own_laws(asked("odd"), [point, point])


@pytest.mark.usefixtures("installed")
def test_a_plug_in_changes_the_hash_of_the_data(tmp_path):
    plain = study_inputs(replace(asked("naumann_lfp"), strategies=STUDY.strategies[:1]), tmp_path)
    plugged = study_inputs(replace(asked("linear_cells"), strategies=STUDY.strategies[:1]), tmp_path)
    assert plain.data_hash != plugged.data_hash
    assert plugged.law("linear_cells").name == "linear_cells"


def test_points_are_read_from_files_and_the_warranty(tmp_path):
    (tmp_path / "points.csv").write_text("years,soh_capacity\n5,0.9\n10,0.8\n")
    tables = (AgeingTable(name="maker", path="points.csv"), AgeingTable(name="promised", is_warranty=True))
    study = with_points(asked("maker", "promised", table=tables), tmp_path)
    assert study.ageing.table[0].soh_capacity == (0.9, 0.8)
    assert study.ageing.table[1].soh_capacity == (0.93, 0.82, 0.70, 0.60)
    assert with_points(study, tmp_path) is study
    assert list(own_laws(study)) == ["maker", "promised"]
