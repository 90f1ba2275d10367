"""What the price forecast is worth: what each part is, what it was tuned on, and what it does not know."""

from __future__ import annotations

from dataclasses import dataclass

from battuta.forecast import boosted_trees, kernel_regression, lear
from battuta.forecast.member import REFIT_DAYS
from battuta.forecast.price_model import BENT, FAMILIES, LEAR, LINEAR

HISTORY_DAYS_MIN = 14
"""Days of history before which nothing is forecast."""
_LAGO = (
    "J. Lago, G. Marcjasz, B. De Schutter, R. Weron, Forecasting day-ahead electricity prices: A review of "
    "state-of-the-art algorithms, best practices and an open-access benchmark, Applied Energy 293 (2021) 116983"
)
_UNIEJEWSKI_2016 = (
    "B. Uniejewski, J. Nowotarski, R. Weron, Automated variable selection and shrinkage for day-ahead electricity "
    "price forecasting, Energies 9 (2016) 621"
)
_UNIEJEWSKI_2018 = (
    "B. Uniejewski, R. Weron, F. Ziel, Variance stabilizing transformations for electricity spot price forecasting, "
    "IEEE Transactions on Power Systems 33 (2018) 2219"
)
_RASMUSSEN = "C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning, MIT Press (2006)"
_MIXING = (
    "J. Berrisch, F. Ziel, CRPS learning, Journal of Econometrics 237 (2023) 105221",
    (
        "J. Nowotarski, R. Weron, Computing electricity spot price prediction intervals using quantile regression and "
        "forecast averaging, Computational Statistics 30 (2015)"
    ),
    "I. Gibbs, E. Candes, Adaptive conformal inference under distribution shift, NeurIPS 34 (2021)",
    "M. Clark et al., The Schaake shuffle, Journal of Hydrometeorology 5 (2004)",
)
_PARTS = {LINEAR: (LEAR, BENT)}
_KE = "G. Ke et al., LightGBM: A Highly Efficient Gradient Boosting Decision Tree, NeurIPS (2017)"


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyCard:
    """One family of models in the forecast.

    Attributes
    ----------
    name : str
        What tables call it.
    what : str
        What it does, in plain words.
    strong, weak : str
        Where it helps, and where it does not.
    references : tuple of str
        Papers it follows.
    """

    name: str
    what: str
    strong: str
    weak: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastCard:
    """What a price forecast is worth.

    Attributes
    ----------
    families : tuple of FamilyCard
        Its parts.
    tuned_on : tuple of str
        Data on which settings were chosen, and what was left aside.
    inputs : tuple of str
        What it looks at.
    mixing : tuple of str
        How the parts become one number, how wide it is, and how hours move together.
    sensitivity : tuple of str
        What moves it most.
    limits : tuple of str
        What it does not know, in the user's words.
    """

    families: tuple[FamilyCard, ...]
    tuned_on: tuple[str, ...]
    inputs: tuple[str, ...]
    mixing: tuple[str, ...]
    sensitivity: tuple[str, ...]
    limits: tuple[str, ...]

    def references(self) -> tuple[str, ...]:
        """Papers of all families and of the mixing, each once."""
        return tuple(dict.fromkeys([*(each for family in self.families for each in family.references), *_MIXING]))


def model_card(families: tuple[str, ...] = FAMILIES) -> ForecastCard:
    """Return the card of the price forecast.

    Parameters
    ----------
    families : tuple of str
        The families in use, as `PriceModel` names them, ``linear`` being two; others are left out of the card.

    Returns
    -------
    ForecastCard
        The card.

    Examples
    --------
    >>> [family.name for family in model_card(("linear", "trees")).families]
    ['lear', 'bent', 'trees']
    """
    known = {card.name: card for card in (_lear_card(), _bent_card(), _kernel_card(), _trees_card())}
    named = dict.fromkeys(part for name in families for part in _PARTS.get(name, (name,)))
    return ForecastCard(
        families=tuple(known[name] for name in named if name in known),
        tuned_on=(
            (
                "One set of settings for all markets, chosen on years before the published test periods: the open "
                "benchmark of Lago et al. 2021 (Nordic NP, PJM, Belgium, France, Germany), each without its last 728 "
                "days; ENTSO-E France and the German set of Marcjasz et al. 2023, each before 2019; for widths also "
                "ENTSO-E Finland of 2018."
            ),
            "What is learned from a user's own prices is learned before each gate, from days already known.",
        ),
        inputs=(
            (
                "Prices of earlier days, and series published for the delivery day before the gate (12:00 market "
                "time of the day before, unless stated): load, generation, wind, sun, weather. Residual load is worked "
                "out where it can be."
            ),
            (
                "Weekday and season. Public holidays count as Sundays, but not to LEAR, which stays as published: "
                "those of the country of the prices' zone where it has one, or of a place that is named."
            ),
        ),
        mixing=(
            "Families count by what they said before, by block of hours, slowly, and never all on one.",
            (
                "The width of a day follows late errors, how much the parts disagree, and how far the forecast lies "
                "from the level of the last weeks; quantile regressions, the pool of past errors and their last half "
                "year shape it, each level by whom it suited before, and a control widens it after misses. For each "
                "input that it has to do without, it is wider still."
            ),
            "Joint courses take their order from how past days came out within their own forecasts.",
        ),
        sensitivity=(
            "Errors of the day-ahead load, wind and sun forecasts that it is given go through to the price.",
            "Errors grow with the level of prices: compare MAE over years only beside rMAE.",
            "Families differ by market: the table of each report shows every part alone, beside the whole.",
        ),
        limits=(
            (
                f"Says nothing with fewer than {HISTORY_DAYS_MIN} days of history; LEAR joins at {lear.DAYS_MIN} days, "
                f"the Gaussian process at {kernel_regression.DAYS_MIN}, trees at {boosted_trees.DAYS_MIN}; full "
                "strength needs about three years."
            ),
            "Day-ahead prices only: no intraday, no balancing, no reserve prices, and one day ahead.",
            "Outages, line works and bids of others are not seen, but for what load and generation forecasts tell.",
            "Price caps of a market are not built in: a band may reach beyond what an auction can clear.",
            "In a new regime errors come first; bands widen as the parts disagree and as misses are seen.",
            "Where prices jump on few days, the ends of the 98 % band rest on few observations.",
        ),
    )


def _lear_card() -> FamilyCard:
    windows = ", ".join(f"{each:,}" for each in lear.WINDOWS_DAYS)
    return FamilyCard(
        name="lear",
        what=(
            "A linear regression for each slot of the day on prices and day-ahead series of earlier days, whose LASSO "
            f"penalty drops what does not help; made anew each day on windows of {windows} days."
        ),
        strong="Levels that drift slowly, as in markets of water: short windows follow them.",
        weak="Bends: what a shortage does to a price that rose slowly until then.",
        references=(_LAGO, _UNIEJEWSKI_2016, _UNIEJEWSKI_2018),
    )


def _bent_card() -> FamilyCard:
    windows = ", ".join(f"{each:,}" for each in lear.BENT_WINDOWS_DAYS)
    return FamilyCard(
        name="bent",
        what=(
            "The same regression with one scale of price for all slots and residual load beside the rest, above and "
            f"below its middle apart, so that its line can bend; made anew each day on windows of {windows} days."
        ),
        strong="Prices that climb faster the more load is left to serve.",
        weak="Markets that publish no load, wind or sun: it then has little that the plain one has not.",
        references=(_LAGO,),
    )


def _kernel_card() -> FamilyCard:
    return FamilyCard(
        name="kernel",
        what=(
            "A Gaussian process over days: prices follow those of days that were alike in price, load, sun and wind, "
            f"recent ones before older ones; looks back on {kernel_regression.WINDOW_DAYS:,} days, grows by a row a "
            f"day and starts anew every {REFIT_DAYS} days."
        ),
        strong="Days whose like has been: it bends where the market bends.",
        weak="Days unlike any before: it falls back to a straight line.",
        references=(_RASMUSSEN,),
    )


def _trees_card() -> FamilyCard:
    return FamilyCard(
        name="trees",
        what=(
            "Boosted trees over all slots of the day, on prices measured against their last four weeks; look back on "
            f"{boosted_trees.WINDOW_DAYS:,} days and are grown anew every {REFIT_DAYS} days."
        ),
        strong="Thresholds and combinations, such as much wind on a Sunday morning.",
        weak="Slow levels, as in markets of water; prices beyond what was seen are reached only by scale.",
        references=(_KE,),
    )
