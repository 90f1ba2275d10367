"""Functions that are served and not enabled: said so, and not to be switched on."""

from battuta.adapters.devices.simulated.own_functions import add_own_functions
from battuta.adapters.devices.simulated.unit_image import SunSpecImage


def test_each_model_is_there_in_order_and_off():
    image = SunSpecImage()
    served = add_own_functions(image)
    assert list(served) == [706, 707, 708, 709, 710, 711, 712]
    assert [model.value("Ena") for model in served.values()] == [0.0] * 7
    addresses = [model.address("ID") for model in served.values()]
    assert addresses == sorted(addresses)


def test_no_client_can_switch_on_what_does_nothing():
    image = SunSpecImage()
    add_own_functions(image)
    assert image.writable == set()


def test_settings_are_examples_that_can_be_read():
    served = add_own_functions(SunSpecImage())
    assert (served[711].value("Ctl.DbOf"), served[711].value("Ctl.KUf")) == (0.2, 0.05)
    assert served[709].value("Crv.MustTrip.Pt.Hz") == 47.5
    assert served[707].value("Crv.MustTrip.Pt.Tms", 1) == 0.3
    assert served[712].value("Crv.Pt.Var", 1) == -44.0
