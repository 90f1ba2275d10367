"""Write the pages that follow from the code, `nomenclature.md` and `strategies.md`."""

from pathlib import Path

from battuta.domain.quantities import QUANTITIES
from battuta.studies.strategies.registry import STRATEGIES

DOCS = Path(__file__).parent


def nomenclature() -> str:
    """The page of quantities."""
    rows = [
        f"| `{each.name}` | {each.unit} | {each.meaning} | {each.sign} | [{each.low:g}, {each.high:g}] |"
        for each in QUANTITIES.values()
    ]
    return "\n".join(
        [
            "# Nomenclature",
            "",
            "Made by `docs/make_pages.py` from `src/battuta/domain/quantities.py`.",
            "",
            "A name carries its unit, last. The sign column says what a positive value means. NaN is missing;",
            "zero never is.",
            "",
            "| name | unit | meaning | positive is | range |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def strategies() -> str:
    """The page of strategies."""
    rows = [
        f"| `{each.name}`{' (oracle)' if each.is_oracle else ''} | {each.information} | {each.gate} | {each.formula} |"
        for each in STRATEGIES.values()
    ]
    return "\n".join(
        [
            "# Strategies",
            "",
            "Made by `docs/make_pages.py` from `src/battuta/studies/strategies/registry.py`.",
            "",
            "A strategy decides each delivery day at its gate, with what was published by then. Its power is then",
            "followed open loop and clipped at the bounds of the battery. An oracle sees prices that nobody could",
            "know: a yardstick, never a product.",
            "",
            "| strategy | looks at | decides | does |",
            "|---|---|---|---|",
            *rows,
            "",
            "To write one of your own, see `CONTRIBUTING.md`.",
            "",
        ]
    )


PAGES = {"nomenclature.md": nomenclature, "strategies.md": strategies}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
        print(DOCS / name)
