"""Whoever keeps calibrated blocks answers the port."""

from battuta.adapters.vintages.blocks import FolderBlocks
from battuta.ports.calibrated_blocks import CalibratedBlocks


def test_the_folder_has_all_that_the_port_names(tmp_path):
    asked = {name for name in vars(CalibratedBlocks) if not name.startswith("_")}
    assert asked == {"findings", "n_days_found", "read", "keep"}
    assert all(hasattr(FolderBlocks(tmp_path, "1"), name) for name in asked)
