import battuta as bt


def test_the_report_is_one_file(tmp_path):
    site = bt.Site.from_file("examples/site.toml")
    result = bt.backtest(bt.synthetic_prices(3, 40), site, ["persistence"], test_days=2)
    text = result.report(tmp_path / "report.html").read_text(encoding="utf-8")
    assert "persistence" in text
    assert "SYNTHETIC" in text


def test_uplift_names_its_baselines():
    site = bt.Site.from_file("examples/site.toml")
    result = bt.backtest(bt.synthetic_prices(3, 60), site, ["persistence", "fixed_time", "similar_day"], test_days=14)
    assert "persistence" in result.uplift("similar_day")


def test_notes_say_what_a_forecast_had_to_do_without():
    site = bt.Site.from_file("examples/site.toml")
    result = bt.backtest(bt.synthetic_prices(3, 20), site, ["day_ahead"], test_days=2)
    assert set(result.notes) == {"day_ahead"}
    assert result.notes["day_ahead"]["no model can speak: the similar day stands in"] == 2
