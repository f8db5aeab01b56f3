import pytest
from pygments.token import Token

from tui_app.widgets.python_code import token_lines


@pytest.mark.parametrize(
    "code", ["", "\n", "\n\nx = 1\n\n", 'a = """one\ntwo\n\n', "  \t\n", "def (:\n\\", "# ș"]
)
def test_every_line_keeps_its_number_and_its_text(code: str) -> None:
    lines = ["".join(text for _, text in line) for line in token_lines(code)]
    assert lines == code.split("\n")


def test_a_text_over_many_lines_is_a_string_in_each() -> None:
    lines = token_lines('a = """one\ntwo\n"""\nb = 3')
    assert {kind for kind, text in lines[1] if text} == {Token.Literal.String.Double}
    assert (Token.Literal.Number.Integer, "3") in lines[3]
