"""Cards' text as lines: folding by cells, maths, code, tables; and what a screen refuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from interview.cli.world import shipped
from interview.terminal.quiz.back import cited
from interview.terminal.quiz.kinds import changes
from interview.terminal.text.code import code_lines, paint_code
from interview.terminal.text.maths import show
from interview.terminal.text.prose import prose
from interview.terminal.text.wrap import NOT_FIRST, folds, wrap
from interview.terminal.tui.screen import ansi


@pytest.fixture
def kata_prompts() -> list[str]:
    return [path.read_text("utf-8") for path in sorted((shipped() / "katas").glob("*/prompt.*.md"))]


def plain(text: str, width: int = 80) -> list[str]:
    return [line.plain.replace("\u00a0", " ") for line in prose(text, width)]


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        (r"\frac{p}{1-p} \cdot \sum_j (X^\top X)_{jj} w_j^2", "p/(1−p) · ∑ⱼ (XᵀX)ⱼⱼwⱼ²"),
        (r"\sqrt{p(1-p)}", "√(p(1−p))"),
        (r"2^{n-1}", "2ⁿ⁻¹"),
        (r"\mathrm{Var}(x) = \sigma^2", "Var(x) = σ²"),
        (r"\mathbb{E}[x]", "𝔼[x]"),
        (r"\frac{1}{\sqrt{d_k}}", "1/√dₖ"),
        (r"\frac{a}{b}c", "a/b · c"),
        (r"\frac{x^2 p}{(1-p)^2}", "x²p/(1−p)²"),
        (r"x_{q}", "x_q"),
        (r"e^{-x^2}", "e^(−x²)"),
        (r"\hat{y} \le 1", "ŷ ≤ 1"),
        (r"\log \sum_i e^{x_i}", "log ∑ᵢ e^(xᵢ)"),
        (r"\left(\frac{1}{1-p}\right)^2", "(1/(1−p))²"),
        (r"x^2/(1-p) - x^2", "x²/(1−p) − x²"),
        (r"a + b - c", "a + b − c"),
        (r"1-p", "1−p"),
        (r"\mu (1 - (1-m)^k)", "μ(1 − (1−m)ᵏ)"),
        (r"(g - \mathrm{mean}(g))/(\hat{x}-\beta_1)", "(g − mean(g))/(x̂−β₁)"),
        (r"-x", "−x"),
        (r"b = -a p \alpha'", "b = −apα′"),
    ],
)
def test_maths_as_unicode(formula: str, shown: str) -> None:
    """Fractions keep their brackets, scripts that Unicode has are used, those it lacks are written out."""
    assert show(formula) == shown


@pytest.mark.parametrize(
    "formula", [r"\begin{pmatrix}1\\2\end{pmatrix}", r"\unknown{x}", r"\frac{1}", "x^", r"\sqrt[3]{x}", "{x", r"a}b"]
)
def test_maths_beyond_us_is_verbatim(formula: str) -> None:
    """What has no exact form here is shown as it was written, never half-translated."""
    assert show(formula) == formula


@given(st.text(alphabet="\\{}^_frac sqrt12xp+-$", max_size=30))
def test_no_formula_breaks_the_screen(formula: str) -> None:
    """Any string comes back as some string."""
    assert isinstance(show(formula), str)


def test_chinese_folds_between_characters_and_never_before_punctuation() -> None:
    """No line begins with a comma or a full stop, and no line is over the width."""
    text = "对线性回归的输入使用 inverted dropout，等价正则的强度随概率单调增大，没有上界。" * 3
    for width in range(12, 60):
        lines = plain(text, width)
        assert all(cell_len(line) <= width for line in lines)
        assert not any(line.strip()[:1] in NOT_FIRST for line in lines)


@given(
    st.text(alphabet=st.characters(exclude_characters="\n\r\t", exclude_categories=("C",)), max_size=120),
    st.integers(4, 80),
)
def test_folding_loses_nothing_but_spaces(text: str, room: int) -> None:
    """Whatever the text: every line fits, unless one character alone does not, and all but spaces is there."""
    pieces = [text[start:end] for start, end in folds(text, room)]
    assert "".join("".join(pieces).split(" ")) == "".join(text.split(" "))
    assert all(cell_len(piece) <= room or len(piece) == 1 for piece in pieces)


def test_a_word_too_long_is_cut() -> None:
    """A path longer than the line goes on below."""
    assert [line.plain for line in wrap(Text("a" * 25), 10, first=" ", rest=" ")] == [" " + "a" * 9] * 2 + [
        " " + "a" * 7
    ]


def test_paragraphs_lists_and_code() -> None:
    """Source lines of one paragraph are joined; lists hang; a fence keeps its lines."""
    text = "One paragraph\nin two lines.\n\n- first\n- second, which is\n  longer\n\n```python\nx = 1\n\ny = 2\n```"
    assert plain(text, 30) == [
        " One paragraph in two lines.", "", " • first", " • second, which is longer", "", "   x = 1", "   ", "   y = 2",
    ]  # fmt: skip


CODE = "class AdamW:\n    def step(self): ...\n\n    def zero_grad(self): ..."


def test_code_indented_by_four_stands_as_it_is() -> None:
    """A signature or formulas of several lines keep their lines, their columns and their blank lines."""
    indented = "\n".join("    " + line if line else "" for line in CODE.split("\n"))
    shown = [line.rstrip() for line in plain(f"Write it:\n\n{indented}\n\nThen go on.")]
    assert shown == [" Write it:", "", *[f"   {line}".rstrip() for line in CODE.split("\n")], "", " Then go on."]


@pytest.mark.parametrize(
    "text", [f"```python\n{CODE}\n```", f"~~~\n{CODE}\n~~~", f"```\n{CODE}", CODE.replace("    ", "\t")]
)
def test_fences_of_every_make_and_tabs_are_code(text: str) -> None:
    """A fence that is never closed goes to the end; a tab is four spaces."""
    body = text if text[0] in "`~" else "\t" + text.replace("\n", "\n\t")
    assert [line.rstrip() for line in plain(body)] == [f"   {line}".rstrip() for line in CODE.split("\n")]


def test_code_below_an_item_is_code_and_a_second_paragraph_is_none() -> None:
    """What belongs to a list's item stands below it: six spaces are code, two go on in words."""
    text = "- first\n\n      x = 1\n      y = 2\n\n  more\n- second"
    assert plain(text, 30) == [" • first", "", "     x = 1", "     y = 2", "", "   more", " • second"]


def test_a_heading_is_no_hash() -> None:
    """`# Title` is the title; a hash within a line is a hash."""
    assert plain("# AdamW\ntext #2") == [" AdamW", "", " text #2"]


def test_wide_code_is_cut_by_cells() -> None:
    """Chinese in code takes two cells, and no line is over the width."""
    lines = code_lines("x = 1  # " + "中文注释" * 20, 40, numbered=True)
    assert all(cell_len(line.plain) <= 40 for line in lines)


def test_every_statement_keeps_its_code(kata_prompts: list[str]) -> None:
    """In all katas, both languages: each line that is indented by four outside a list is a line on a wide screen."""
    for text in kata_prompts:
        shown = {line.strip() for line in plain(text, 200)}
        assert {line.strip() for line in text.split("\n") if line.startswith("    ")} <= shown


def test_chinese_lines_are_joined_without_a_space() -> None:
    """A line break in the file is no space between two characters."""
    assert plain("期望\n损失 and\nmore") == [" 期望损失 and more"]


def test_wide_punctuation_is_its_own_space() -> None:
    """A line that ends in a Chinese full stop needs no space before the Latin word that follows."""
    assert prose("互相影响。\nLN 不会", 40)[0].plain == " 互相影响。LN 不会"
    assert prose("用 LN\n（见下）", 40)[0].plain == " 用 LN（见下）"
    assert prose("用\nLN", 40)[0].plain == " 用 LN"


def test_dollars_that_are_no_maths_stay() -> None:
    """Code wins over maths, and a lone dollar is a dollar."""
    assert plain("it costs $5, `a$b` and $x^2$") == [" it costs $5, a$b and x²"]


def test_tables_align_by_cells() -> None:
    """Chinese and Latin columns line up; where the table does not fit, rows become lines."""
    table = "| 名称 | p |\n|---|---|\n| dropout | 0.5 |\n| 注意力 | 0.1 |"
    rows = plain(table)
    assert len({cell_len(row[: row.index(mark)]) for row, mark in zip(rows, ("p", "0.5", "0.1"), strict=True)}) == 1
    assert plain(table, 12)[-1] == " p: 0.1"
    assert all(cell_len(line) <= 12 for line in plain(table, 12))


def test_code_is_coloured_and_keeps_its_text() -> None:
    """Colour adds nothing and takes nothing; a comment is dim to its end."""
    code = 'def f(x):\n    return "a # b"  # why\n'
    text = paint_code(code)
    assert text.plain == code.rstrip("\n")
    assert {str(span.style) for span in text.spans} >= {"cyan", "bold", "green", "dim"}


def test_long_code_lines_go_on_below_their_number() -> None:
    """At 40 columns nothing is cut off."""
    lines = code_lines("x = " + "1 + " * 30 + "1", 40, numbered=True)
    assert all(cell_len(line.plain) <= 40 for line in lines)
    assert lines[0].plain.startswith(" 1 x")
    assert not lines[1].plain.strip().startswith("2")


def test_nothing_in_a_card_can_move_the_cursor() -> None:
    """Escapes and control characters are made visible; without colour there is no escape at all."""
    painted = ansi(Text("a\x1b[2Jb\x9b", style="bold red"), color=False)
    assert painted == "a\ufffd[2Jb\ufffd"
    assert ansi(Text("x", style="red"), color=True) == "\x1b[31mx\x1b[0m"


@pytest.mark.parametrize(
    ("authors", "said"),
    [
        ("N. Srivastava, G. Hinton, A. Krizhevsky", "Srivastava et al."),
        ("P. Baldi & P. Sadowski", "Baldi & Sadowski"),
        ("PyTorch contributors", "PyTorch"),
        ("J.-Y. Le, A. Vaswani", "Le & Vaswani"),
    ],
)
def test_sources_are_named_shortly(authors: str, said: str) -> None:
    """Surnames, two at most."""
    assert cited(authors) == said


@pytest.mark.parametrize("width", [40, 80])
def test_folded_code_says_that_it_goes_on(width: int) -> None:
    """A line of code that is folded has a mark before what follows, with numbers, without, and in a diff."""
    long = f"    return torch.where(mask, {' + '.join(f'x{n}' for n in range(30))}, zero)  # 缩放"
    for lines in (
        code_lines(f"def f():\n{long}", width),
        code_lines(f"def f():\n{long}", width, numbered=True, marked=frozenset({2})),
        changes(f"def f():\n{long}", f"def f():\n{long} + 1", width),
    ):
        said = [line.plain for line in lines]
        assert all(cell_len(line) <= width for line in said)
        leads = [line.lstrip(" >")[:1] for line in said]
        assert leads.count("↳") >= 2
        unfolded = "".join(line if "↳" not in line else line.split("↳ ", 1)[1] for line in said)
        assert long.strip() in unfolded
