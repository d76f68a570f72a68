from __future__ import annotations

import pytest

from interview.practice.exchange.html import to_html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("`x < y` and **bold** and *it*", "<p><code>x &lt; y</code> and <b>bold</b> and <i>it</i></p>"),
        (r"variance $x^2 < \frac{p}{1-p}$", r"<p>variance \(x^2 &lt; \frac{p}{1-p}\)</p>"),
        ("costs `$5` and \\$6", "<p>costs <code>$5</code> and $6</p>"),
        ("one\ntwo\n\nthree", "<p>one two</p><p>three</p>"),
        ("每次前向\n都重新采样", "<p>每次前向都重新采样</p>"),
        ("- a\n- b\n  more", "<ul><li>a</li><li>b more</li></ul>"),
        ("see:\n\n    a < b\n\n      $x$\n\nend", "<p>see:</p><pre><code>a &lt; b\n\n  $x$</code></pre><p>end</p>"),
        ("two:\n- a\n- b", "<p>two:</p><ul><li>a</li><li>b</li></ul>"),
        ("# Title\ntext", "<p><b>Title</b></p><p>text</p>"),
        ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
        ("see\n```python\na < b\n\n  $x$\n```\nend", "<p>see</p><pre><code>a &lt; b\n\n  $x$</code></pre><p>end</p>"),
        (
            "| a | b |\n|---|:-:|\n| 1 | `2` |",
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td><code>2</code></td></tr></table>",
        ),
        ("`<script>`", "<p><code>&lt;script&gt;</code></p>"),
    ],
)  # fmt: skip
def test_markdown_becomes_what_anki_shows(text: str, html: str) -> None:
    """Code is escaped and holds no maths; maths is MathJax's; Chinese lines join without a space."""
    assert to_html(text) == html
