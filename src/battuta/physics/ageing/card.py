"""A model's card: what it was fitted on, where it may be asked, and what it does not know; a report prints it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidityRange:
    """One side of the box in which a model was fitted.

    Attributes
    ----------
    name : str
        Quantity, unit last.
    low, high : float
        Range. [unit]
    unit : str
        Unit of both.
    """

    name: str
    low: float
    high: float
    unit: str

    def __str__(self) -> str:
        """Say the range in a few words."""
        unit = "" if self.unit == "-" else f" {self.unit}"
        return f"{self.name} in [{self.low:g}, {self.high:g}]{unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What a model is worth.

    Attributes
    ----------
    name : str
        Name of the model.
    fitted_on : str
        Cells and tests behind its parameters.
    validity : tuple of ValidityRange
        The box in which it was fitted; outside it extrapolates.
    accuracy : tuple of str
        What it was measured against, and how far off it was.
    limits : tuple of str
        What it does not know, in the user's words.
    citations : tuple of str
        Papers and software.
    family : str
        Kind of cell that it describes, which several models may; "" where no other describes the same.

    Examples
    --------
    >>> card = ModelCard(
    ...     name="toy",
    ...     fitted_on="one cell",
    ...     validity=(ValidityRange(name="temperature_c", low=0.0, high=60.0, unit="degC"),),
    ... )
    >>> card.outside({"temperature_c": 75.0})
    ('temperature_c = 75 degC is outside what toy was fitted on, [0, 60] degC: it extrapolates',)
    """

    name: str
    fitted_on: str
    validity: tuple[ValidityRange, ...]
    accuracy: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    family: str = ""

    def outside(self, values: Mapping[str, float]) -> tuple[str, ...]:
        """Say in which quantities a question lies outside the box; names without a range are not judged.

        Parameters
        ----------
        values : Mapping of str to float
            Quantities of the question, by the names of the ranges.

        Returns
        -------
        tuple of str
            One sentence each; empty when all lie inside.
        """
        found: list[str] = []
        for each in self.validity:
            value = values.get(each.name)
            if value is not None and not each.low <= value <= each.high:
                unit = "" if each.unit == "-" else f" {each.unit}"
                found.append(
                    f"{each.name} = {value:g}{unit} is outside what {self.name} was fitted on, "
                    f"[{each.low:g}, {each.high:g}]{unit}: it extrapolates"
                )
        return tuple(found)

    def markdown(self) -> str:
        """The card as a report prints it."""
        parts = [
            f"**{self.name}.** Fitted on {self.fitted_on}.",
            f"Holds for {'; '.join(str(each) for each in self.validity)}.",
            *(f"- Accuracy: {each}" for each in self.accuracy),
            *(f"- Limit: {each}" for each in self.limits),
            *(f"- {each}" for each in self.citations),
        ]
        return "\n".join(parts) + "\n"
