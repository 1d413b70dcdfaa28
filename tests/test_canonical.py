"""The canonical form of JSON, judged by somebody else's program: https://pypi.org/project/rfc8785/"""

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from cxc.canonical import canonical

texts = st.text(st.characters(exclude_categories=["Cs"]))
numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(values)
@example({"\U0001f600": 1, "\ufb33": 2, "a": 3})  # by UTF-16 the first comes before the second
@example(["\u2028\u2029\x7f\x00\x1f\b\t\n\f\r\"\\/<>&'é"])
@example(
    [-0.0, 0.1, 150.25, 1e-5, 1e-6, 9.9e-7, 1e-7, 1e20, 1e21, 5e-324, 1.7976931348623157e308, 123456789012345680.0]
)
def test_a_value_has_the_form_of_rfc_8785(value: Any) -> None:
    """The bytes are those of the library, and they read as the value."""
    text = canonical(value)

    assert text.encode() == rfc8785.dumps(value)
    assert json.loads(text, parse_int=float) == value


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, -(2**53), 10**400, {1, 2}, [b""]])
def test_what_json_has_no_text_for_is_refused(value: Any) -> None:
    """So is a whole number that another program would read as its neighbour."""
    with pytest.raises(ValueError, match="JSON has no"):
        canonical(value)
    with pytest.raises(rfc8785.CanonicalizationError):
        rfc8785.dumps(value)
