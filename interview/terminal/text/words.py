"""Words of the quiz, in both languages: in classes, so that mypy knows one that is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from interview.log.record import Rating
from interview.text import Text


class QuizWords:
    # the head
    n_new = Text("{n} new", "新 {n}")
    n_again = Text("{n} again", "重来 {n}")
    n_due = Text("{n} due", "到期 {n}")
    n_seen = Text("{n} seen before", "学过 {n}")
    minutes = Text("{n} min", "{n} 分钟")
    minutes_of = Text("{n} of {limit} min", "{n} / {limit} 分钟")
    seconds = Text("{n} s", "{n} 秒")
    level = Text("level {level}", "难度 {level}")
    space = Text("Space", "空格")
    cram = Text("cram", "突击")
    follow = Text("follow-up, {depth} deep", "追问，第 {depth} 层")
    # asking
    true_or_false = Text("True or false?", "对还是错？")
    prints_lines = Text("What does it print? ({n} lines)", "输出什么？（共 {n} 行）")
    several = Text("More than one is right.", "不止一个正确。")
    aloud = Text("Say it aloud, then tick what you said.", "先开口说一遍，再勾选说到的要点。")
    ticked = Text("Ticked from your words; put right what is not so.", "已按你写的勾选，请核对。")
    why = Text("And why? Say it, then tick what you said.", "为什么？先说出来，再勾选。")
    must = Text("must", "必\u2060答")
    hint = Text("Hint", "提示")
    your_words = Text("You wrote", "你写的")
    too_early = Text("1 to 4 rate a card that was turned over: Space first.", "1–4 是看过答案后的评分：先按空格。")
    # the back
    true = Text("true", "对")
    false = Text("false", "错")
    sure_right = Text("you were sure: right", "你很确定：对了")
    sure_wrong = Text("you were sure: wrong", "你很确定：错了")
    unsure_right = Text("you were not sure, and right", "你不确定，但对了")
    expected = Text("expected", "正确答案")
    model = Text("A strong answer", "参考回答")
    often = Text("Often said instead", "常见误解")
    sources = Text("Sources", "出处")
    colon = Text(": ", "：")
    not_said = Text("Not said", "没有说到")
    points = Text("The points", "要点")
    your_mistake = Text("Your mistake", "你的误区")
    fixed = Text("Fixed", "改正后")
    follow_up = Text("Follow-up", "追问")
    take_it = Text("f:\u00a0take\u00a0it", "f：接着答")
    taken = Text("asked next", "马上问")
    expect = Text("What they want to hear", "期望听到")
    hands_on = Text("By hand", "动手")
    summary_all = Text("{n} of {total}", "{n} / {total}")
    summary_must = Text("{n} of {total}, musts missing: {missed}", "{n} / {total}，漏了 {missed} 个必答要点")
    summary_none = Text("nothing ticked yet", "还没有勾选")
    again_in = Text("<10 min", "<10 分钟")
    days = Text("{n} d", "{n} 天")
    months = Text("{n} mo", "{n} 个月")
    years = Text("{n} y", "{n} 年")
    proposed = Text("Space {rating}", "空格 {rating}")
    # at the end
    answered = Text("{n} answered in {time}", "答了 {n} 次，用时 {time}")
    known = Text(", {n} of {total} known at once", "，{total} 张卡中 {n} 张一次答对")
    saved = Text(". All saved.", "。都已保存。")
    not_saved = Text(". Not saved: {names}.", "。没有保存：{names}。")
    left = Text("Left of this sitting: {left}.", "这一轮还剩：{left}。")
    comes = Text("To come: {days}.", "接下来：{days}。")
    today = Text("{n} today", "今天 {n} 张")
    tomorrow = Text("{n} tomorrow", "明天 {n} 张")
    within_week = Text("{n} within a week", "一周内 {n} 张")
    later = Text("{n} later, from {day} on", "{day} 起还有 {n} 张")
    weak = Text("Weak: {topics}.", "薄弱：{topics}。")
    topic = Text("{name} ({known} of {total})", "{name}（{known}/{total}）")
    comma = Text(", ", "，")
    # cards that keep being forgotten
    twice = Text(
        "Forgotten twice in a row. Writing it helps where reading does not: the kata {kata} is about it.",
        "连续两次没记住。读不进去的，动手写一遍：手写题 {kata} 练的就是它。",
    )
    leech = Text("Forgotten {n} times. Its history:", "已经忘记 {n} 次，历史：")
    leech_advice = Text(
        "A card that keeps slipping is usually two questions, or one you do not need."
        " Mend its words, split it, or let it rest.",
        "反复忘记的卡，往往一张里藏着两个问题，或者根本不需要。改写、拆开，或者先暂停。",
    )
    # what the sitting says
    undone = Text("Taken back: {card}", "已撤销：{card}")
    nothing_to_undo = Text("Nothing to take back.", "没有可以撤销的。")
    no_kata = Text("This card has no kata.", "这张卡没有对应的手写题。")
    no_key = Text("That key does nothing here; ? lists those that do.", "这里用不到这个键；按 ? 查看可用的键。")
    rate_it = Text("How well did you know it? 1 to 4 rate it.", "答得怎样？按 1–4 评分。")
    asked_next = Text("The follow-up is asked next.", "追问马上就来。")
    no_follow_up = Text("No follow-up is left.", "没有更多追问了。")
    buried = Text("Not before tomorrow: {card}. u takes it back.", "明天再说：{card}。按 u 撤销。")
    suspended = Text("Suspended: {card}. u takes it back.", "已暂停：{card}。按 u 撤销。")
    woken = Text("Awake again: {card}.", "已恢复：{card}。")
    no_hint = Text("This card has no hint.", "这张卡没有提示。")
    enter_goes_on = Text("Enter goes on. Ctrl-D saves and leaves. ", "按 Enter 继续，按 Ctrl-D 保存退出。")
    no_editor = Text("{editor}: {why}; set VISUAL or EDITOR.", "{editor}：{why}；请设置 VISUAL 或 EDITOR。")
    not_started = Text(
        "`interview kata {kata}` could not be started: {why}.", "启动不了 `interview kata {kata}`：{why}。"
    )
    editor_ended = Text("{editor} ended with code {code}.", "{editor} 以退出码 {code} 结束。")
    unreadable = Text("The deck cannot be read now; the card stays as it was.", "题库现在读不了，卡片保持原样。")


class KeyWords:
    """What a key does."""

    reveal = Text("reveal", "看答案")
    rate = Text("rate", "评分")
    answer = Text("answer", "作答")
    next_line = Text("next line", "下一行")
    leave = Text("leave the line", "离开输入行")
    then = Text("then", "之后")
    hint = Text("hint", "提示")
    sure = Text("how sure", "把握")
    type = Text("type", "输入")
    bury = Text("bury", "明天再说")
    suspend = Text("suspend", "暂停")
    undo = Text("undo", "撤销")
    edit = Text("edit", "编辑")
    help = Text("help", "帮助")
    save = Text("save and leave", "保存退出")
    tick = Text("tick", "勾选")
    take = Text("see the answer", "看解答")
    pick = Text("pick", "选择")
    confirm = Text("answer", "确定")
    true = Text("true", "对")
    false = Text("false", "错")
    follow = Text("follow-up", "追问")
    sources = Text("sources", "出处")
    scroll = Text("scroll", "滚动")
    back = Text("go on", "继续")
    split = Text("split it", "拆成两张")
    kata = Text("write the kata", "去写手写题")


RATINGS: Mapping[Rating, Text] = {
    Rating.AGAIN: Text("Again", "重来"),
    Rating.HARD: Text("Hard", "困难"),
    Rating.GOOD: Text("Good", "良好"),
    Rating.EASY: Text("Easy", "简单"),
}
WANTED: Mapping[Literal["number", "line", "option"], Text] = {  # what was typed is no answer yet
    "number": Text("Not a number: 2.25, 1/3, 2e-3 and 50% are understood.", "不是数：可以写 2.25、1/3、2e-3、50%。"),
    "line": Text("Not a line of this code: type its number.", "没有这一行：请输入行号。"),
    "option": Text("Type the option's digit.", "请输入选项前的数字。"),
}
HELP = (  # keys, and what they do
    (
        Text("Space Enter", "空格 Enter"),
        Text("reveal; after the reveal, take the proposed rating", "看答案；看过之后，接受建议的评分"),
    ),
    (
        Text("1 2 3 4", "1 2 3 4"),
        Text(
            "after the reveal: Again, Hard, Good, Easy, each with its next date",
            "看过答案后评分：重来、困难、良好、简单，旁边是下次日期",
        ),
    ),
    (Text("1–9", "1–9"), Text("before the reveal: answer a choice", "看答案之前：回答选择题")),
    (Text("y n", "y n"), Text("true, false", "对、错")),
    (Text("t", "t"), Text("type the answer: Enter ends the line, Esc leaves it", "输入答案：Enter 结束，Esc 离开")),
    (Text("c v g m j r", "c v g m j r"), Text("tick a point by the letter before it", "按要点前的字母勾选")),
    (
        Text("a s d", "a s d"),
        Text("how sure you are, before the reveal: unsure, so-so, sure", "看答案之前：没把握、一般、有把握"),
    ),
    (Text("h", "h"), Text("a hint (then Good is out of reach)", "提示（之后最多评“困难”）")),
    (Text("f", "f"), Text("take the interviewer's follow-up", "接受面试官的追问")),
    (Text("o", "o"), Text("on the back: unfold the sources", "看过答案后：展开出处")),
    (Text("u", "u"), Text("take back the last rating, burying or suspending", "撤销上一次评分、推迟或暂停")),
    (Text("b", "b"), Text("bury: not before tomorrow", "推迟到明天")),
    (
        Text("!", "!"),
        Text(
            "suspend, or wake: `interview quiz DECK/CARD` asks a suspended one",
            "暂停或恢复；用 `interview quiz 题库/卡片` 找回暂停的卡",
        ),
    ),
    (Text("e", "e"), Text("open the card's source in your editor", "用编辑器打开这张卡的源文件")),
    (Text("k", "k"), Text("open the linked kata", "打开对应的手写题")),
    (Text("↑ ↓", "↑ ↓"), Text("scroll a long card, a page with PgUp and PgDn", "滚动；PgUp、PgDn 翻页")),
    (
        Text("q Ctrl-C", "q Ctrl-C"),
        Text("save and leave: every rating is already on disk", "保存退出：每次评分都已写入磁盘"),
    ),
)


def several(n: int, what: str) -> str:
    """`1 card`, `2 cards`."""
    return f"{n} {what.removesuffix('s') if n == 1 else what}"
