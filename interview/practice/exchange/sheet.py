"""The sheet: a card as two sides of HTML, in one language: what is asked, and everything that answers it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from interview.content.cards.deck import Card, Choice, Flip, Numeric, Open, PredictOutput, Reference, SpotBug, TrueFalse
from interview.content.cards.expression import draws, evaluate, fill
from interview.practice.exchange.html import code, inline, to_html
from interview.text import Text


class SheetWords:
    true_or_false = Text("True or false?", "对还是错？")
    prints = Text("What does it print?", "输出什么？")
    which_line = Text("Which line is wrong?", "哪一行有错？")
    several = Text("More than one is right.", "不止一个正确。")
    true = Text("True.", "对。")
    false = Text("False.", "错。")
    line = Text("Line {n}.", "第 {n} 行。")
    points = Text("Points", "要点")
    must = Text("must", "必答")
    mistakes = Text("Often said instead", "常见误解")
    follow_ups = Text("Then they ask", "追问")
    hint = Text("Hint", "提示")


def front(card: Card, lang: str, note: Text | None) -> str:
    """What is asked. A card with parameters is asked with the first values that they may take."""
    params = next(draws(card.params))
    parts = [to_html(fill(card.ask.say(lang), params))] if card.ask else []
    match card.answer:
        case TrueFalse(statement=statement):
            parts += [f"<p>{SheetWords.true_or_false.say(lang)}</p>", to_html(statement.say(lang))]
        case PredictOutput(code=source):
            parts += [code(source), *([] if card.ask else [f"<p>{SheetWords.prints.say(lang)}</p>"])]
        case SpotBug(code=source):
            numbered = "\n".join(f"{n:2} {line}" for n, line in enumerate(source.rstrip().split("\n"), 1))
            parts += [code(numbered), *([] if card.ask else [f"<p>{SheetWords.which_line.say(lang)}</p>"])]
        case Choice(options=options, many=many):
            parts += [f"<p>{SheetWords.several.say(lang)}</p>"] if many else []
            parts.append(listed([inline(option.text.say(lang)) for option in options], "ol"))
        case Numeric(parts=quantities):
            asked = [to_html(fill(each.ask.say(lang), params)) for each in quantities if each.ask]
            parts += [listed(asked, "ol")] if asked else []
        case Open() | Flip():
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
        must = f' <span class="must">{SheetWords.must.say(lang)}</span>'
        points = [inline(point.text.say(lang)) + (must if point.must else "") for point in card.rubric]
        parts += [title(lang, SheetWords.points), listed(points, "ul")]
    if card.mistakes:
        parts += [
            title(lang, SheetWords.mistakes),
            listed([inline(each.text.say(lang)) for each in card.mistakes], "ul"),
        ]
    asked = [
        inline(each.ask.say(lang)) + (f"<br><i>{inline(each.expect.say(lang))}</i>" if each.expect else "")
        for each in card.follow_ups
        if each.ask
    ]
    if asked:
        parts += [title(lang, SheetWords.follow_ups), listed(asked, "ul")]
    if references is not None and card.refs:
        sources = [cite(references[key]) if key in references else escape(key) for key in card.refs]
        parts.append(f'<div class="sources">{"<br>".join(sources)}</div>')
    return "".join(parts)


def verdict(card: Card, lang: str, params: Mapping[str, float]) -> str:
    match card.answer:
        case Open(model_answer=text) | Flip(back=text):
            return to_html(text.say(lang))
        case TrueFalse(holds=holds):
            return f"<p><b>{(SheetWords.true if holds else SheetWords.false).say(lang)}</b></p>"
        case Choice(options=options):
            return listed([f"<b>{inline(each.text.say(lang))}</b>" for each in options if each.right], "ul")
        case Numeric(parts=quantities):
            values = [f"{evaluate(each.expr, params):.6g}" for each in quantities]
            return f"<p><b>{'; '.join(values)}</b></p>"
        case PredictOutput(prints=prints):
            return code(prints)
        case SpotBug(lines=lines, fix=fix):
            numbers = ", ".join(map(str, lines))
            return f"<p><b>{SheetWords.line.say(lang, n=numbers)}</b></p>{code(fix)}"


def listed(entries: list[str], name: str) -> str:
    return f"<{name}>" + "".join(f"<li>{each}</li>" for each in entries) + f"</{name}>"


def title(lang: str, words: Text) -> str:
    return f'<div class="title">{words.say(lang)}</div>'


def cite(reference: Reference) -> str:
    said = escape(f"{reference.authors} {reference.year}. {reference.title}. {reference.where}", quote=False)
    return f'<a href="{escape(reference.url)}">{said}</a>' if reference.url else said
