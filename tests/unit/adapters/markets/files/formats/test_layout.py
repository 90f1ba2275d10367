"""A description meets a header: what is there is read, what is not known is left out by name."""

import pytest

from battuta.adapters.markets.files.formats.american import CAISO, NYISO
from battuta.adapters.markets.files.formats.entsoe import ENTSOE_EXPORT
from battuta.adapters.markets.files.formats.epf import EPEX_LEAR
from battuta.adapters.markets.files.formats.layout import Field, require_currency, with_rules
from battuta.domain.errors import CurrencyError, UsageError
from battuta.domain.prices import PRICE
from battuta.domain.publication import AFTER_INTERVAL, BEFORE_DAY_AHEAD_GATE, DAY_AHEAD_AUCTION


def test_the_usual_price_is_taken_and_the_rest_comes_along():
    layout = NYISO.bind(("time", "rt", "da", "remark"), None)
    assert (layout.price.label, [each.label for each in layout.fields], layout.ignored) == ("rt", ["da"], ("remark",))
    assert NYISO.bind(("time", "da"), None).price.label == "da"


def test_a_price_is_chosen_by_label_or_name():
    for chosen in ("da", "day_ahead_price_per_mwh"):
        assert NYISO.bind(("time", "rt", "da"), chosen).price.label == "da"
    with pytest.raises(UsageError, match=r"no price column 'lmp'; choose one with --price-column .*: 'rt', 'da'"):
        NYISO.bind(("time", "rt", "da"), "lmp")


def test_the_real_price_beside_a_forecast_gets_another_name():
    layout = EPEX_LEAR.bind(("time", "price", "lear56"), "lear56")
    assert [each.name for each in (layout.price, *layout.fields)] == ["lear56_price_per_mwh", "real_price_per_mwh"]


def test_only_energy_is_a_price():
    header = ("Datetime (he)", "DA Price ($/kWh)", "Reg Up Price ($/kW)")
    with pytest.raises(UsageError, match="no price column"):
        CAISO.bind(header, "Reg Up Price ($/kW)")


@pytest.mark.parametrize(
    ("unit", "currency"), [("EUR/MWh", "EUR"), ("EUR/t", ""), ("MW", ""), ("EUR/MWh thermal", ""), ("USD/MW", "")]
)
def test_the_currency_of_energy(unit, currency):
    assert Field(label="x", name="x", unit=unit, rule=AFTER_INTERVAL).currency == currency


def test_columns_that_must_not_vary():
    header = ("MTU (UTC)", "Area", "Sequence", "Day-ahead Price (GBP/MWh)", "Currency")
    assert dict(ENTSOE_EXPORT.bind(header, None).constant) == {"Area": "", "Sequence": "", "Currency": "GBP"}


def test_rules_can_be_stated():
    layout = with_rules(
        NYISO.bind(("time", "rt", "da"), None),
        {"day_ahead_price_per_mwh": BEFORE_DAY_AHEAD_GATE, PRICE: DAY_AHEAD_AUCTION},
    )
    assert (layout.price.rule, layout.fields[0].rule) == (DAY_AHEAD_AUCTION, BEFORE_DAY_AHEAD_GATE)
    with pytest.raises(UsageError, match="there is no column load_mw"):
        with_rules(layout, {"load_mw": AFTER_INTERVAL})


def test_a_stated_currency_must_agree():
    price = NYISO.bind(("time", "rt"), None).price
    require_currency(price, None)
    require_currency(price, "USD")
    with pytest.raises(CurrencyError, match="in USD, not in EUR"):
        require_currency(price, "EUR")
