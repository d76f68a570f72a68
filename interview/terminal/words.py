"""What the drill says of its own, written in both languages."""

from __future__ import annotations

SAID: dict[str, tuple[str, str]] = {
    # the head
    "card": ("card {n} of {total}", "第 {n} / {total} 张"),
    "level": ("level {level}", "难度 {level}"),
    "space": ("Space", "空格"),
    "cram": ("cram: no date moves", "突击：不改日期"),
    "follow": ("follow-up, {depth} deep", "追问，第 {depth} 层"),
    "new": ("new", "新卡"),
    # asking
    "true_or_false": ("True or false?", "对还是错？"),
    "which_line": ("Which line is wrong?", "哪一行有错？"),
    "prints": ("What does it print?", "输出什么？"),
    "prints_lines": ("What does it print? ({n} lines)", "输出什么？（共 {n} 行）"),
    "several": ("More than one is right.", "不止一个正确。"),
    "aloud": ("Say it aloud, then tick what you said.", "先开口说一遍，再勾选说到的要点。"),
    "ticked": ("Ticked from your words; put right what is not so.", "已按你写的勾选，请核对。"),
    "why": ("And why? Say it, then tick what you said.", "为什么？先说出来，再勾选。"),
    "must": ("must", "必\u2060答"),
    "hint": ("Hint", "提示"),
    "note": ("Note", "约定"),
    "your_words": ("You wrote", "你写的"),
    # what was typed is no answer yet
    "want_number": ("Not a number: 2.25, 1/3, 2e-3 and 50% are understood.", "不是数：可以写 2.25、1/3、2e-3、50%。"),
    "want_line": ("Not a line of this code: type its number.", "没有这一行：请输入行号。"),
    "want_option": ("Type the option's digit.", "请输入选项前的数字。"),
    "too_early": ("1 to 4 rate a card that was turned over: Space first.", "1–4 是看过答案后的评分：先按空格。"),
    "want_yes_no": ("Answer y or n.", "请回答 y 或 n。"),
    # the back
    "true": ("true", "对"),
    "false": ("false", "错"),
    "sure_right": ("you were sure: right", "你很确定：对了"),
    "sure_wrong": ("you were sure: wrong", "你很确定：错了"),
    "unsure_right": ("you were not sure, and right", "你不确定，但对了"),
    "expected": ("expected", "正确答案"),
    "model": ("A strong answer", "参考回答"),
    "often": ("Often said instead", "常见误解"),
    "colon": (": ", "："),
    "not_said": ("Not said", "没有说到"),
    "points": ("The points", "要点"),
    "your_mistake": ("Your mistake", "你的误区"),
    "fixed": ("Fixed", "改正后"),
    "follow_up": ("Follow-up", "追问"),
    "take_it": ("f: take it", "f：接着答"),
    "taken": ("asked next", "马上问"),
    "expect": ("What they want to hear", "期望听到"),
    "hands_on": ("By hand", "动手"),
    "summary_all": ("{n} of {total}", "{n} / {total}"),
    "summary_must": ("{n} of {total}, one that matters is missing", "{n} / {total}，漏了必答要点"),
    "summary_none": ("nothing ticked yet", "还没有勾选"),
    "again_in": ("<10 min", "<10 分钟"),
    "days": ("{n} d", "{n} 天"),
    "months": ("{n} mo", "{n} 个月"),
    "years": ("{n} y", "{n} 年"),
    "rating_1": ("Again", "重来"),
    "rating_2": ("Hard", "困难"),
    "rating_3": ("Good", "良好"),
    "rating_4": ("Easy", "简单"),
    "unsure": ("unsure", "没把握"),
    "so-so": ("so-so", "一般"),
    "sure": ("sure", "有把握"),
    # keys
    "k_reveal": ("reveal", "看答案"),
    "k_answer": ("answer", "作答"),
    "k_next_line": ("next line", "下一行"),
    "k_leave": ("leave the line", "离开输入行"),
    "k_then": ("then", "之后"),
    "k_hint": ("hint", "提示"),
    "k_sure": ("how sure", "把握"),
    "k_type": ("type", "输入"),
    "k_bury": ("bury", "明天再说"),
    "k_suspend": ("suspend", "暂停"),
    "k_undo": ("undo", "撤销"),
    "k_edit": ("edit", "编辑"),
    "k_kata": ("kata", "手写题"),
    "k_help": ("help", "帮助"),
    "k_save": ("save and leave", "保存退出"),
    "k_tick": ("tick", "勾选"),
    "k_take": ("see the answer", "看解答"),
    "k_pick": ("pick", "选择"),
    "k_confirm": ("answer", "确定"),
    "k_true": ("true", "对"),
    "k_false": ("false", "错"),
    "k_follow": ("follow-up", "追问"),
    "k_back": ("go on", "继续"),
    "k_more": ("more", "更多"),
    "k_split": ("split it", "拆成两张"),
    "proposed": ("Space {rating}", "空格 {rating}"),
    # leeches
    "leech": ("Forgotten {n} times. Its history:", "已经忘记 {n} 次，历史："),
    "leech_advice": (
        "A card that keeps slipping is usually two questions, or one you do not need."
        " Mend its words, split it, or let it rest.",
        "反复忘记的卡，往往一张里藏着两个问题，或者根本不需要。改写、拆开，或者先暂停。",
    ),
    # what the sitting says
    "undone": ("Taken back: {card}", "已撤销：{card}"),
    "nothing_to_undo": ("Nothing to take back.", "没有可以撤销的。"),
    "no_kata": ("This card has no kata.", "这张卡没有对应的手写题。"),
    "no_hint": ("This card has no hint.", "这张卡没有提示。"),
    "enter_goes_on": ("Enter goes on.", "按 Enter 继续。"),
    "unreadable": ("The deck cannot be read now; the card stays as it was.", "题库现在读不了，卡片保持原样。"),
}

HELP: dict[str, str] = {
    "en": """\
Space Enter   reveal; after the reveal, take the proposed rating
1 2 3 4       after the reveal: Again, Hard, Good, Easy, each with its next date
a s d         how sure you are, before the reveal: unsure, so-so, sure
1–9           before the reveal: answer a choice
c v g m j r   tick a point by the letter before it
y n           true, false
t             type the answer: Enter ends the line, Esc leaves it
h             a hint (then Good is out of reach)
f             take the interviewer's follow-up
u             take back the last rating, burying or suspending
b             bury: not before tomorrow
!             suspend, or wake: `interview quiz DECK/CARD` asks a suspended one
e             open the card's source in your editor
k             open the linked kata
↑ ↓           scroll a long card
q  Ctrl-C     save and leave: every rating is already on disk""",
    "zh": """\
空格 Enter    看答案；看过之后，接受建议的评分
1 2 3 4       看过答案后评分：重来、困难、良好、简单，旁边是下次日期
a s d         看答案之前：没把握、一般、有把握
1–9           看答案之前：选择选项
c v g m j r   按要点前的字母勾选
y n           对、错
t             输入答案：Enter 结束，Esc 离开
h             提示（之后最多评“困难”）
f             接受面试官的追问
u             撤销上一次评分、推迟或暂停
b             推迟到明天
!             暂停或恢复；用 `interview quiz 题库/卡片` 找回暂停的卡
e             用编辑器打开这张卡的源文件
k             打开对应的手写题
↑ ↓           滚动
q  Ctrl-C     保存退出：每次评分都已写入磁盘""",
}


def say(lang: str, key: str, **values: object) -> str:
    en, zh = SAID[key]
    return (zh if lang == "zh" else en).format(**values)
