"""Nothing a user wrote can become markup."""

import pytest

from battuta.interfaces.reports.markup import Html, element, joined, pairs, safe, table

HOSTILE = """</td><script>alert("x")</script>&'"""


@pytest.mark.parametrize(
    "made",
    [
        element("p", HOSTILE),
        element("p", title=HOSTILE),
        joined([HOSTILE]),
        pairs([(HOSTILE, HOSTILE)], HOSTILE),
        table(HOSTILE, [HOSTILE], [[[HOSTILE]]]),
    ],
)
def test_text_is_escaped(made):
    assert "<script" not in made
    assert 'alert("x")' not in made


def test_markup_is_escaped_once():
    inner = element("b", "1 & 2")
    assert element("p", inner) == "<p><b>1 &amp; 2</b></p>"
    assert safe(Html("<i>")) == "<i>"


def test_a_table_can_be_read_aloud():
    made = table("What", ["name", "value"], [[["a", "1"]], [], [["b", "2"]]])
    assert '<th class="w" scope="col">name</th>' in made.replace('scope="col" class="w"', 'class="w" scope="col"')
    assert made.count('scope="row"') == 2
    assert made.count("<tbody>") == 2
    assert "<caption><span>What</span></caption>" in made
    assert 'tabindex="0"' in made


def test_a_row_that_does_not_fit_its_columns_is_our_mistake():
    with pytest.raises(ValueError, match="zip"):
        table("What", ["name", "value"], [[["a"]]])
