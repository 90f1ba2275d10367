"""Write the page of grid services, `products.md`, from the dated files in `src/battuta/domain/products`."""

from dataclasses import fields
from pathlib import Path

from battuta.domain.product_catalogue import ResponseProduct, products, versions

DOCS = Path(__file__).parent


def shown(product: ResponseProduct, name: str) -> str:
    """One figure as the file names it; bold where nobody read it at a source, slanted where it was not read again."""
    owner, key = (product.law, name.removeprefix("law.")) if name.startswith("law.") else (product, name)
    value = getattr(owner, key)
    text = " / ".join(f"{each:g}" for each in value) if isinstance(value, tuple) else f"{value}"
    if isinstance(value, float):
        text = f"{value:g}"
    mark = {"unverified": "**", "recorded": "*", "verified": ""}[product.statuses[name]]
    return f"{key} {mark}{text}{mark}"


def row(product: ResponseProduct) -> str:
    """The line of one version."""
    held = {each.name for each in fields(product.law)} | {each.name for each in fields(product)}
    names = [name for name in product.statuses if name.removeprefix("law.") in held and name != "valid_from"]
    figures = ", ".join(shown(product, name) for name in sorted(names, key=lambda each: not each.startswith("law.")))
    day = shown(product, "valid_from").removeprefix("valid_from ")
    kind = type(product.law).__name__
    rules = "; ".join(each for each in (product.energy_rule, product.recovery_rule) if each)
    return f"| `{product.name}` | {product.market} | {day} | {kind} | {figures} | {rules} | {product.source} |"


def page() -> str:
    """The page of grid services."""
    return "\n".join(
        [
            "# Grid services",
            "",
            "Made by `docs/make_products.py` from the dated files in `src/battuta/domain/products`.",
            "",
            "A site answers these services by itself, from its own frequency measurement. A `Droop` follows a curve of",
            "the frequency deviation; a `TriggeredStep` latches below a threshold, holds, releases and re-arms. Points",
            "are deviations from nominal, power is per unit of what was sold, discharge positive.",
            "",
            "Plain figures were read in an operator's or a regulator's text. *Slanted* ones were noted from one",
            "and not read again. **Bold** ones are unverified: usable in a study that says so, never in a claim.",
            "",
            "| service | market | from | law | figures | energy and recovery | source |",
            "|---|---|---|---|---|---|---|",
            *(row(version) for name in products() for version in versions(name)),
            "",
            "Services whose setpoint comes from a system operator (secondary reserve, automatic generation control,",
            "five-minute dispatch) are no response laws: their setpoint is followed as it comes.",
            "",
        ]
    )


if __name__ == "__main__":
    (DOCS / "products.md").write_text(page(), encoding="utf-8")
