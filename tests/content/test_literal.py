"""Text that was never meant as Markdown stays as it is, in the terminal as in Anki: one parser reads it for both."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.content.cards.markdown import spans
from interview.practice.exchange.html import to_html
from interview.terminal.text.prose import prose

LITERAL = [
    "2 * 3 * 4 == 24", "2*3*4", "a*b and c*d", "x**2 + y**2 == z**2", "2 ** 10", "5 * (3 + 4)*2", "p* and q*, w*",
    "f(*args, **kwargs) and g(*more)", "(*) and (*)", "src/**/*.py and tests/**/*.py", "*.py and *.md", "**", "***",
    "a **b", "a *b", "* not closed", "snake_case, __init__ and _x_", "~~x~~", "<b>&amp;</b>", "C:\\dir", "a\\",
    "billed at $2 and not $3?", "$5 to $10", "US$5 or US$6", "$HOME and $PATH", "5$ or 6$", "I paid $20 ($5 each).",
    "$1,000 and $2,000.", "$x$5", "$ x$ and $x $", "$", "$$", "$$$", "$$ $$", "pid $$ of it", "`", "``", "`not code",
    "#hash and C# is", "born in 1986. A year", "|x| < 1", "|x| < |y|", "+ plus", "> quoted", "[a](b)", "--", "1.5 - 2",
    "[sound:a.mp3] and [latex]x[/latex] and [$]y",
]  # fmt: skip
ESCAPED = {
    r"\$5 and \$6": "$5 and $6", r"\*not\* \*\*so\*\*": "*not* **so**", r"\\": "\\", r"\\(x\\)": r"\(x\)",
    r"\_x\_ \` \# \[ \|": "_x_ ` # [ |", r"\# no heading": "# no heading", r"\- no item": "- no item",
    r"1\. no item": "1. no item", r"\a \1 \ ": "\\a \\1 \\", r"\$$x": "$$x", "2 \\* 3": "2 * 3", r"\<b\>": "<b>",
}  # fmt: skip
# Markdown, what a terminal shows, what Anki gets.
MEANT = [
    ("*em* **strong**", [" em strong"], "<p><i>em</i> <b>strong</b></p>"),
    ("***both***, *a **b** c*", [" both, a b c"], "<p><b><i>both</i></b>, <i>a <b>b</b> c</i></p>"),
    ("**Q**uery and **K**ey", [" Query and Key"], "<p><b>Q</b>uery and <b>K</b>ey</p>"),
    ("**注意：**正文，用ReLU**之后**", [" 注意：正文，用ReLU之后"], "<p><b>注意：</b>正文，用ReLU<b>之后</b></p>"),
    ("the *best $w^*$ of* all", [" the best w* of all"], r"<p>the <i>best \(w^*\) of</i> all</p>"),
    ("**a `**` b**", [" a ** b"], "<p><b>a <code>**</code> b</b></p>"),
    ("`` a`b `` and `\\*`", [" a`b and \\*"], "<p><code>a`b</code> and <code>\\*</code></p>"),
    (r"$\$5$ and $x$", [" $5 and x"], r"<p>\(\$5\) and \(x\)</p>"),
    (r"\$2, $x$, \$3", [" $2, x, $3"], r"<p>$2, \(x\), $3</p>"),
    (r"$a \\ b_*$*em*", [r" a \\ b_*em"], r"<p>\(a \\ b_*\)<i>em</i></p>"),
    ("$$x^2$$", ["   x²"], r"<p>\[x^2\]</p>"),
    ("see $$ x^2 $$ then", [" see", "   x²", " then"], r"<p>see \[x^2\] then</p>"),
    ("$$\na = b\n- c\n$$", ["   a = b − c"], r"<p>\[a = b - c\]</p>"),
    ("- so\n  $$x$$\n- on", [" • so", "     x", " • on"], r"<ul><li>so \[x\]</li><li>on</li></ul>"),
    (r"$$x \\ y$$", ["   x", "   y"], r"<p>\[x \\ y\]</p>"),
    ("costs $$\n- a\n- b", [" costs $$", " • a", " • b"], "<p>costs $$</p><ul><li>a</li><li>b</li></ul>"),
    ("roses  \nred\\\nblue\nsky", [" roses", " red", " blue sky"], "<p>roses<br>red<br>blue sky</p>"),
    ("- one  \n  two\n- three", [" • one", "   two", " • three"], "<ul><li>one<br>two</li><li>three</li></ul>"),
    ("one\\\\\ntwo", [" one\\ two"], "<p>one\\ two</p>"),
    ("born in\n1986. A year", [" born in 1986. A year"], "<p>born in 1986. A year</p>"),
    ("two:\n1. a\n2. b", [" two:", " 1. a", " 2. b"], "<p>two:</p><ol><li>a</li><li>b</li></ol>"),
    ("|x| < 1\n|y| < 2", [" |x| < 1 |y| < 2"], "<p>|x| &lt; 1 |y| &lt; 2</p>"),
    (
        "|a\\|b|c|\n|-|-|\n|1|$5|", [" a|b  c", " 1    $5"],
        "<table><tr><th>a|b</th><th>c</th></tr><tr><td>1</td><td>$5</td></tr></table>",
    ),
]  # fmt: skip


def shown(text: str) -> list[str]:
    return [line.plain.replace("\u00a0", " ").rstrip() for line in prose(text, 200)]


def in_anki(text: str) -> str:
    """The words of its HTML, when nothing in them is a mark to Anki."""
    html = to_html(text)
    assert not re.search(r"\\[(\[]|\[(?:\$|latex\]|sound:)", html)
    return unescape(html.replace("<p>", "").replace("</p>", "").replace("<span></span>", ""))


@pytest.mark.parametrize("text", LITERAL)
def test_what_was_not_meant_as_markdown(text: str) -> None:
    """Products, powers, prices, variables of a shell, patterns of files: every character is there, in both."""
    assert list(spans(text)) == [("text", text)]
    if not text.startswith("* "):
        assert shown(text) == [" " + text]
        assert in_anki(text) == text


@pytest.mark.parametrize(("text", "said"), ESCAPED.items())
def test_a_backslash_makes_it_literal(text: str, said: str) -> None:
    """Before ASCII punctuation; before anything else it is one itself."""
    assert shown(text) == [" " + said]
    assert in_anki(text).rstrip() == said


@pytest.mark.parametrize(("text", "lines", "html"), MEANT)
def test_what_was_meant(text: str, lines: list[str], html: str) -> None:
    """Emphasis, formulas set apart, breaks; and what looks like another block and is none."""
    assert shown(text) == lines
    assert to_html(text) == html


WORDS = st.text(st.sampled_from([*"*_$`\\#|-+.[](){}<>! ab1中，\t"]), max_size=30)


@given(WORDS)
def test_what_an_importer_escapes_comes_back(words: str) -> None:
    """With a backslash before all punctuation any line is itself, in both, whatever was in it."""
    said = " ".join(words.split())
    text = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", said)
    assert "".join(words for _, words in spans(text)) == said
    assert shown(text) == ([" " + said] if said else [])
    assert in_anki(text) == said


@given(WORDS)
def test_any_text_is_read_in_full(words: str) -> None:
    """Whatever stands there, no letter of it is lost, and no bracket of it is a tag."""
    letters = re.sub(r"[^ab1中]", "", words)
    html = re.sub(r"</?(?:p|br|b|i|ul|ol|li|code|pre|table|tr|th|td|span)>", "", to_html(words))
    assert not re.search("[<>]", html)
    assert re.sub(r"[^ab1中]", "", unescape(html)) == letters


@pytest.mark.parametrize("piece", ["*a ", "**a ", "**a *b ", "`a ", "``a `b ", "$a ", "$$a ", "$$\n", "\\", "*a **b**"])
def test_a_long_text_that_ends_nothing(piece: str) -> None:
    """Marks without an end are read once, not once for each that might have been theirs."""
    text = piece * 20_000
    assert len(to_html(text)) > 10_000
