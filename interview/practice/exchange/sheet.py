"""The sheet: a card as two sides of HTML, in one language: what is asked, and everything that answers it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from interview.content.cards.deck import Card, Choice, Numeric, Open, PredictOutput, Reference, SpotBug, TrueFalse
from interview.content.cards.expression import draws, evaluate, fill
from interview.practice.exchange.html import code, inline, to_html
from interview.text import Text

SAID: dict[str, tuple[str, str]] = {
    "true_or_false": ("True or false?", "对还是错？"),
    "prints": ("What does it print?", "输出什么？"),
    "which_line": ("Which line is wrong?", "哪一行有错？"),
    "several": ("More than one is right.", "不止一个正确。"),
    "true": ("True.", "对。"),
    "false": ("False.", "错。"),
    "line": ("Line {n}.", "第 {n} 行。"),
    "points": ("Points", "要点"),
    "must": ("must", "必答"),
    "mistakes": ("Often said instead", "常见误解"),
    "follow_ups": ("Then they ask", "追问"),
    "hint": ("Hint", "提示"),
}


def say(lang: str, key: str, **values: object) -> str:
    return SAID[key][lang == "zh"].format(**values)


def front(card: Card, lang: str, note: Text | None) -> str:
    """What is asked. A card with parameters is asked with the first values that they may take."""
    params = next(draws(card.params))
    parts = [to_html(fill(card.ask.say(lang), params))] if card.ask else []
    match card.answer:
        case TrueFalse(statement=statement):
            parts += [f"<p>{say(lang, 'true_or_false')}</p>", to_html(statement.say(lang))]
        case PredictOutput(code=source):
            parts += [code(source), *([] if card.ask else [f"<p>{say(lang, 'prints')}</p>"])]
        case SpotBug(code=source):
            numbered = "\n".join(f"{n:2} {line}" for n, line in enumerate(source.rstrip().split("\n"), 1))
            parts += [code(numbered), *([] if card.ask else [f"<p>{say(lang, 'which_line')}</p>"])]
        case Choice(options=options, many=many):
            parts += [f"<p>{say(lang, 'several')}</p>"] if many else []
            parts.append(listed([inline(option.text.say(lang)) for option in options], "ol"))
        case Numeric(parts=quantities):
            asked = [to_html(fill(each.ask.say(lang), params)) for each in quantities if each.ask]
            parts += [listed(asked, "ol")] if asked else []
        case Open():
            pass
    if note and card.needs(note):
        parts.append(f'<div class="note">{to_html(note.say(lang))}</div>')
    return "".join(parts)


def back(card: Card, lang: str, references: Mapping[str, Reference] | None) -> str:
    """The answer first, then its reason, the points, the mistakes, the follow-ups, the sources (None: without)."""
    params = next(draws(card.params))
    parts = [verdict(card, lang, params)]
    if card.reason:
        parts.append(to_html(fill(card.reason.say(lang), params)))
    if card.rubric:
        points = [
            inline(point.text.say(lang)) + (f' <span class="must">{say(lang, "must")}</span>' if point.must else "")
            for point in card.rubric
        ]
        parts += [title(lang, "points"), listed(points, "ul")]
    if card.mistakes:
        parts += [title(lang, "mistakes"), listed([inline(each.text.say(lang)) for each in card.mistakes], "ul")]
    asked = [
        inline(each.ask.say(lang)) + (f"<br><i>{inline(each.expect.say(lang))}</i>" if each.expect else "")
        for each in card.follow_ups
        if each.ask
    ]
    if asked:
        parts += [title(lang, "follow_ups"), listed(asked, "ul")]
    if references is not None and card.refs:
        sources = [cite(references[key]) if key in references else escape(key) for key in card.refs]
        parts.append(f'<div class="sources">{"<br>".join(sources)}</div>')
    return "".join(parts)


def verdict(card: Card, lang: str, params: Mapping[str, float]) -> str:
    match card.answer:
        case Open(model_answer=text):
            return to_html(text.say(lang))
        case TrueFalse(holds=holds):
            return f"<p><b>{say(lang, 'true' if holds else 'false')}</b></p>"
        case Choice(options=options):
            return listed([f"<b>{inline(each.text.say(lang))}</b>" for each in options if each.right], "ul")
        case Numeric(parts=quantities):
            values = [f"{evaluate(each.expr, params):.6g}" for each in quantities]
            return f"<p><b>{'; '.join(values)}</b></p>"
        case PredictOutput(prints=prints):
            return code(prints)
        case SpotBug(lines=lines, fix=fix):
            numbers = ", ".join(map(str, lines))
            return f"<p><b>{say(lang, 'line', n=numbers)}</b></p>{code(fix)}"


def listed(entries: list[str], name: str) -> str:
    return f"<{name}>" + "".join(f"<li>{each}</li>" for each in entries) + f"</{name}>"


def title(lang: str, key: str) -> str:
    return f'<div class="title">{say(lang, key)}</div>'


def cite(reference: Reference) -> str:
    said = escape(f"{reference.authors} {reference.year}. {reference.title}. {reference.where}", quote=False)
    return f'<a href="{escape(reference.url)}">{said}</a>' if reference.url else said
