import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.widgets.base.form_fields import FormError, join_patterns, read_patterns


@given(st.lists(st.text()))
def test_patterns_come_out_of_a_field_as_they_went_in(patterns: list[str]) -> None:
    assert read_patterns(join_patterns(patterns)) == tuple(patterns)


def test_patterns_are_quoted_only_where_they_must_be() -> None:
    assert join_patterns(["*-small.*", "raw/**", "two words"]) == "*-small.* raw/** 'two words'"


def test_a_quote_without_an_end_is_said() -> None:
    with pytest.raises(FormError, match="the patterns cannot be read: "):
        read_patterns("'*.jpg")
