"""A warranty that contradicts itself is refused, and each line that does is named."""

import pytest

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.domain.warranty import Warranty
from battuta.domain.warranty_terms import (
    DoubtBearer,
    LiquidatedDamages,
    SohBand,
    SohGuarantee,
    SohProtocol,
    UseLimits,
    Window,
    WindowQuantity,
)

CALM = SohBand(full_cycles_per_year_max=365.0, floor=((1.0, 0.95), (10.0, 0.7)))


def warranty(**terms):
    return Warranty(name="toy", source="nobody", is_assumed=True, years=10, currency="EUR", **terms)


def busy(begin, floor=((10.0, 0.6),)):
    return SohBand(full_cycles_per_year_min=begin, full_cycles_per_year_max=500.0, floor=floor)


def soc(low, high, name="soc"):
    return Window(name=name, quantity=WindowQuantity.SOC, low=low, high=high)


def test_a_warranty_that_agrees_with_itself_stands():
    promise = SohGuarantee(bands=(CALM, busy(365.0)))
    use = UseLimits(full_cycles_per_year_max=500.0, full_cycles_max=500.0)
    assert warranty(soh=promise, use=use, windows=(soc(0.1, 0.9),)).soh is promise


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"soh": SohGuarantee(bands=(SohBand(floor=((1.0, 0.8), (5.0, 0.9))),))}, "soh.bands.0.floor: year 5 at 0.9"),
        (
            {"soh": SohGuarantee(bands=(SohBand(floor=((12.0, 0.6),)),))},
            "soh.bands.0.floor: year 12 lies after the end",
        ),
        ({"soh": SohGuarantee(bands=(CALM, busy(300.0)))}, "the bands overlap"),
        ({"soh": SohGuarantee(bands=(CALM, busy(400.0)))}, "leave use between them without a floor"),
        ({"soh": SohGuarantee(bands=(busy(365.0),))}, "soh.bands.0.full_cycles_per_year_min = 365"),
        ({"soh": SohGuarantee(bands=(CALM, busy(365.0, ((10.0, 0.8),))))}, "promises more (0.8) for more use"),
        (
            {"soh": SohGuarantee(bands=(SohBand(full_cycles_per_year_max=0.0, floor=((1.0, 0.9),)),))},
            "soh.bands.0.full_cycles_per_year_min = 0 is not below",
        ),
        (
            {"soh": SohGuarantee(bands=(CALM,), tolerance=0.1, doubt_borne_by=DoubtBearer.SUPPLIER)},
            "soh.bands.0.floor and soh.tolerance",
        ),
        (
            {"soh": SohGuarantee(bands=(CALM,)), "use": UseLimits(full_cycles_per_year_max=400.0)},
            "allows use for which soh.bands.0.full_cycles_per_year_max = 365 promises nothing",
        ),
        (
            {"soh": SohGuarantee(bands=(CALM,), protocol=SohProtocol(temperature_c_min=30.0, temperature_c_max=20.0))},
            "soh.protocol.temperature_c_min = 30 is above soh.protocol.temperature_c_max = 20",
        ),
        ({"use": UseLimits(full_cycles_per_year_max=400.0, full_cycles_max=399.0)}, "use.full_cycles_max = 399"),
        (
            {"use": UseLimits(full_cycles_per_year_max=400.0, discharged_mwh_per_mwh_max=10.0)},
            "use.discharged_mwh_per_mwh_max = 10",
        ),
        ({"use": UseLimits(full_cycles_per_year_max=1.0, full_cycles_per_day_max=2.0)}, "use.full_cycles_per_day_max"),
        ({"windows": (soc(0.9, 0.1),)}, "windows.0.low = 0.9 is not below windows.0.high = 0.1 (soc)"),
        ({"windows": (Window(name="w", quantity=WindowQuantity.SOC),)}, "windows.0 (w) has neither low nor high"),
        ({"windows": (soc(0.1, 0.9), soc(0.2, 0.9))}, "windows.0.name and windows.1.name are both 'soc'"),
        ({"windows": (soc(0.1, 0.3), soc(0.4, 0.9, "b"))}, "leave no soc that keeps both"),
        (
            {"windows": (soc(0.1, 0.3), Window(name="b", quantity=WindowQuantity.RESTING_SOC, low=0.4))},
            "leave no soc, resting_soc that keeps both",
        ),
        (
            {"windows": (Window(name="w", quantity=WindowQuantity.CHARGE_RATE, low=0.1, high=0.5),)},
            "windows.0.low = 0.1 (w): no battery has a charge_rate_per_hour above 0 always",
        ),
        (
            {
                "soh": SohGuarantee(bands=(CALM,), protocol=SohProtocol(temperature_c_min=45.0)),
                "windows": (Window(name="w", quantity=WindowQuantity.TEMPERATURE, low=0.0, high=40.0),),
            },
            "leave no temperature at which health may be measured",
        ),
        ({"soh": SohGuarantee(bands=(CALM, busy(365.0, ((5.0, 0.9),))))}, "year 5 promises more (0.9) for more use"),
        ({"damages": LiquidatedDamages(cap_per_year=2.0, cap=1.0)}, "damages.cap_per_year = 2"),
        ({"damages": LiquidatedDamages(capacity_per_mwh=1.0)}, "damages.capacity_per_mwh"),
        ({"damages": LiquidatedDamages(unavailable_per_year=1.0)}, "damages.unavailable_per_year"),
        ({"damages": LiquidatedDamages(loss_per_mwh=1.0)}, "damages.loss_per_mwh"),
    ],
)
def test_a_contradiction_is_named(terms, said):
    with pytest.raises(DataError) as caught:
        warranty(**terms)
    assert "warranty 'toy' contradicts itself" in str(caught.value)
    assert said in str(caught.value)


def test_all_contradictions_are_told_at_once():
    with pytest.raises(DataError) as caught:
        warranty(windows=(soc(0.9, 0.1),), damages=LiquidatedDamages(cap_per_year=2.0, cap=1.0))
    assert str(caught.value).count("\n  - ") == 2


@pytest.mark.parametrize(
    ("key", "value"), [("years", 0), ("years", 101), ("gap_minutes", 0.0), ("rest_c_rate_max", -1.0)]
)
def test_a_number_out_of_range_is_refused(key, value):
    given = {"name": "toy", "source": "x", "is_assumed": True, "years": 10, "currency": "EUR", key: value}
    with pytest.raises(InvalidQuantityError, match=key):
        Warranty(**given)
