"""Words of the solution and of the attempts, in both languages."""

from __future__ import annotations

from interview.drill.attempts import Pace
from interview.text import Text

A_DAY = 24 * 60  # minutes


class SolutionWords:
    nearest = Text("the nearest of {n} right answers", "{n} 份正确解答里最接近的一份")
    one = Text("one of {n} right answers", "{n} 份正确解答之一")
    only = Text("our answer", "参考解答")
    yours = Text("yours: {file}", "你的：{file}")
    ours = Text("ours: {name}", "我们的：{name}")
    same = Text("But for names, the two are the same.", "除了名字，两份是一样的。")
    alike = Text(
        "{share} % of the two is the same. Yours has {own}; ours has {other}.",
        "两份有 {share}% 相同。你的有{own}，我们的有{other}。",
    )
    shape = Text("{statements} and {loops}", " {n} 条语句、{m} 个循环")
    no_python = Text(
        "Yours is no Python as it stands, so it is not compared.", "你的文件目前不是合法的 Python，没有比较。"
    )
    too_long = Text("Yours is far longer than an answer, so it is not compared.", "你的文件远比一份解答长，没有比较。")
    untouched = Text("Your file is still the task as it was handed out.", "你的文件还是刚发下来的样子。")
    alone = Text("Ours is shown alone: {why}", "只显示我们的：{why}")
    cost = Text("Cost", "代价")
    others = Text("Other ways", "其他写法")
    style = Text("--style NAME shows one", "--style NAME 查看一种")
    next = Text("What an interviewer asks next", "面试官接下来会问")
    press = Text("Enter: the answer · q Enter: leave", "回车：看答案 · q 回车：离开")
    given_up = Text("Given up: {kata} comes back in {days} days.", "已放弃：{kata} 会在 {days} 天后再来。")
    nothing = Text("{kata} is passed: there was nothing to give up.", "{kata} 已经通过，没有什么可放弃的。")
    not_noted = Text("that you gave up was not noted: {why}", "没有记下你已放弃：{why}")


class AttemptsWords:
    none = Text(
        "No attempts at {kata} yet. `interview kata {kata} --check` makes one.",
        "{kata} 还没有作答记录。`interview kata {kata} --check` 会记下一次。",
    )
    head = Text("{kata} · {attempts}", "{kata} · 共 {n} 次作答")
    minutes = Text("{n} min", "{n} 分钟")
    days = Text("{n} d", "{n} 天")
    hints = Text("{hints}", "{n} 条提示")
    times = Text("checked {n} times", "判了 {n} 次")
    gave_up = Text("then given up", "之后放弃")
    seen = Text("after giving up", "放弃之后")
    aside = Text("put aside, never checked", "换新时收起，没有判过")
    missing = Text("its copy is gone", "副本已不在")
    changed = Text("its copy was changed", "副本被改动过")
    gone = Text("{path} is gone: only the verdict is left", "{path} 已不在：只剩判分结果")
    edited = Text("{path} was changed since it was judged", "{path} 在判分之后被改动过")
    attempt = Text("{kata} · attempt {n} of {total}", "{kata} · 第 {n} 次作答，共 {total} 次")
    failed = Text("failed: {names}", "未通过：{names}")
    more = Text(
        "--attempts N shows one, --diff A B compares two, --restore N writes one into a new file",
        "--attempts N 查看一次，--diff A B 比较两次，--restore N 写回一个新文件",
    )
    present = Text("{file} as it is now", "现在的 {file}")
    same = Text("No difference.", "没有差别。")
    restored = Text("Attempt {n} is written to {file}.", "第 {n} 次作答已写入 {file}。")
    again = Text(
        "{file} is blank again; what was in it is attempt {n}.", "{file} 已换成空白文件；原来的内容是第 {n} 次作答。"
    )
    blank = Text("{file} was blank still; its minutes count from now.", "{file} 本来就是空白的；从现在开始计时。")
    this = Text("{spent} this time", "这次 {spent}")
    before = Text("{spent} last time", "上次 {spent}")
    wanted = Text("an interviewer gives {spent}", "面试官给 {spent}")


def spent(minutes: float, lang: str) -> str:
    if minutes >= A_DAY:
        return AttemptsWords.days.say(lang, n=round(minutes / A_DAY))
    return AttemptsWords.minutes.say(lang, n=max(1, round(minutes)))


def pace_words(pace: Pace, wanted: int, lang: str) -> str:
    parts = [AttemptsWords.this.say(lang, spent=spent(pace.now, lang))]
    if pace.before is not None:
        parts.append(AttemptsWords.before.say(lang, spent=spent(pace.before, lang)))
    return " · ".join([*parts, AttemptsWords.wanted.say(lang, spent=spent(wanted, lang))])
