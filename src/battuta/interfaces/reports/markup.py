"""HTML made so that nothing a user wrote can become markup: text is escaped unless it was made here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


class Html(str):
    """Text that is markup already; everything else is escaped."""

    __slots__ = ()


def safe(content: str) -> Html:
    """Escape plain text, pass markup through.

    Examples
    --------
    >>> safe("<b>"), safe(Html("<b>"))
    ('&lt;b&gt;', '<b>')
    """
    return content if isinstance(content, Html) else Html(escape(content))


def element(tag: str, *children: str, **attributes: str) -> Html:
    """Make an element; a trailing underscore of an attribute is dropped, others become hyphens.

    Parameters
    ----------
    tag : str
        Name of the element, never from a user.
    *children : str
        Text (escaped) or markup.
    **attributes : str
        Attributes; values are escaped.

    Returns
    -------
    Html
        The element with its end tag.

    Examples
    --------
    >>> element("p", "1 < 2", class_="note", aria_label='"x"')
    '<p class="note" aria-label="&quot;x&quot;">1 &lt; 2</p>'
    """
    named = "".join(f' {name.rstrip("_").replace("_", "-")}="{escape(text)}"' for name, text in attributes.items())
    return Html(f"<{tag}{named}>{joined(children)}</{tag}>")


def joined(parts: Iterable[str]) -> Html:
    """Join text (escaped) and markup."""
    return Html("".join(safe(part) for part in parts))


def table(
    caption: str,
    columns: Sequence[str],
    groups: Sequence[Sequence[Sequence[str]]],
    *,
    text_columns: Sequence[int] = (0,),
    long_column: int | None = None,
) -> Html:
    """Make a table whose columns and rows have headers with a scope.

    Parameters
    ----------
    caption : str
        What the table shows.
    columns : sequence of str
        Headers.
    groups : sequence of sequence of rows
        Groups of rows, each a body of its own; the first cell of a row is its header.
    text_columns : sequence of int
        Columns of words, aligned left; the others are numbers.
    long_column : int or None
        The one of them whose words may wrap.

    Returns
    -------
    Html
        The table, in a box that scrolls by itself and can be reached by keyboard.
    """
    kinds = ["l" if k == long_column else "w" if k in text_columns else "" for k in range(len(columns))]
    head = joined(_cell("th", name, kind, scope="col") for name, kind in zip(columns, kinds, strict=True))
    bodies = joined(element("tbody", *(_row(row, kinds) for row in rows)) for rows in groups if rows)
    whole = element(
        "table", element("caption", element("span", caption)), element("thead", element("tr", head)), bodies
    )
    return element("div", whole, class_="scroll", tabindex="0", role="region", aria_label=caption)


def _row(cells: Sequence[str], kinds: Sequence[str]) -> Html:
    first = _cell("th", cells[0], kinds[0], scope="row")
    return element("tr", first, *(_cell("td", cell, kind) for cell, kind in zip(cells[1:], kinds[1:], strict=True)))


def _cell(tag: str, content: str, kind: str, **attributes: str) -> Html:
    """Make a cell; only words carry a class, as long tables are mostly numbers."""
    return element(tag, content, **attributes, **({"class_": kind} if kind else {}))


def pairs(items: Iterable[tuple[str, str]], class_: str) -> Html:
    """Make a list of terms and what they are."""
    return element(
        "dl", *(element("div", element("dt", term), element("dd", text)) for term, text in items), class_=class_
    )
