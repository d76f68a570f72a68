"""The solution on a screen: a person's file beside one of ours, the other ways, what an interviewer asks next."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

from interview.content.katas.kata import FollowUp
from interview.practice.answers.likeness import Form
from interview.practice.answers.solution import Alike, Answer, Beside, Shown
from interview.terminal.screens.answers.beside import WIDE, columns, half
from interview.terminal.screens.answers.words import SolutionWords
from interview.terminal.text.code import code_lines
from interview.terminal.text.prose import ACCENT, inline, prose
from interview.terminal.text.words import several
from interview.terminal.text.wrap import wrap

LONGEST = 200  # lines of a person's file that are shown


def solution_lines(shown: Shown, *, lang: str, width: int) -> Iterator[Text]:
    """Everything but what an interviewer asks next."""
    answer = shown.pair.answer
    yield from wrap(Text.assemble((shown.kata.id, "bold"), (f" · {which(shown, lang)}", "dim")), width)
    yield Text()
    yield from files(shown, answer, lang, width)
    yield Text()
    if shown.note:
        yield from wrap(Text(shown.note, "yellow"), width, first=" ", rest=" ")
    yield from likeness(shown.pair, lang, width)
    yield from style(answer, lang, width)
    others = [each for each in shown.answers if each is not answer]
    if others:
        yield Text()
        yield Text.assemble((SolutionWords.others.say(lang), "bold"), (f"   {SolutionWords.style.say(lang)}", "dim"))
        for each in others:
            yield from other(each, lang, width)


def which(shown: Shown, lang: str) -> str:
    if len(shown.answers) == 1:
        return SolutionWords.only.say(lang)
    near = shown.pair.alike is not None and not shown.asked
    return (SolutionWords.nearest if near else SolutionWords.one).say(lang, n=len(shown.answers))


def files(shown: Shown, answer: Answer, lang: str, width: int) -> Iterator[Text]:
    """Beside each other, or the person's own first; ours alone has the whole width."""
    room = half(width) if width >= WIDE and shown.own else width
    yours = [*heading(SolutionWords.yours.say(lang, file=shown.file), room), *code(shown.own, room)]
    ours = [*heading(SolutionWords.ours.say(lang, name=f"{answer.name}.py"), room), *code(answer.source, room)]
    if not shown.own:
        yield from ours
    elif width >= WIDE:
        yield from columns(yours, ours, width)
    else:
        yield from [*yours, Text(), *ours]


def heading(said: str, room: int) -> list[Text]:
    return wrap(Text(said, ACCENT), room, first=" ", rest=" ")


def code(source: str, room: int) -> list[Text]:
    lines = source.strip("\n").split("\n")
    rest = len(lines) - LONGEST
    shown = code_lines("\n".join(lines[:LONGEST]), room)
    return [*shown, Text(f"   … {rest}", "dim")] if rest > 0 else shown


def likeness(pair: Beside, lang: str, width: int) -> Iterator[Text]:
    match pair.alike:
        case None:
            return
        case Alike(share=1):
            said = SolutionWords.same.say(lang)
        case Alike(own, ours, share):
            forms = {"own": shape(own, lang), "other": shape(ours, lang)}
            said = SolutionWords.alike.say(lang, share=int(100 * share), **forms)
    yield from wrap(Text(said), width, first=" ", rest=" ")


def shape(form: Form, lang: str) -> str:
    statements, loops = several(form.statements, "statements"), several(form.loops, "loops")
    return SolutionWords.shape.say(lang, statements=statements, loops=loops, n=form.statements, m=form.loops)


def style(answer: Answer, lang: str, width: int) -> Iterator[Text]:
    """What there is to say of the one that is shown."""
    yield Text()
    yield from wrap(Text(answer.title.say(lang), f"bold {ACCENT}"), width, first=" ", rest=" ")
    if answer.style:
        yield from prose(answer.style.why.say(lang), width, indent="   ")
        yield from cost(answer, lang, width)


def cost(answer: Answer, lang: str, width: int) -> Iterator[Text]:
    if answer.style and answer.style.cost:
        label = f"   {SolutionWords.cost.say(lang)}  "
        said = inline(answer.style.cost.say(lang))
        said.stylize("dim")
        yield from wrap(said, width, first=label, rest=" " * cell_len(label))


def other(answer: Answer, lang: str, width: int) -> Iterator[Text]:
    named = Text.assemble((answer.name, ACCENT), f"  {answer.title.say(lang)}")
    yield from wrap(named, width, first=" ", rest="   ")
    yield from cost(answer, lang, width)


def question(number: int, follow_up: FollowUp, lang: str, width: int) -> Iterator[Text]:
    yield Text()
    yield from prose(f"{number}. {follow_up.ask.say(lang)}", width)


def answer_to(follow_up: FollowUp, lang: str, width: int) -> Iterator[Text]:
    if follow_up.answer:
        yield from prose(follow_up.answer.say(lang), width, indent="    ")
