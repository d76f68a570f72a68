"""Words of the screens, in both languages: a class a screen, so that mypy knows one that is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from interview.drill.hand import KataStatus
from interview.log.record import Confidence
from interview.practice.insight.path import State
from interview.practice.review.one_card import CardState, Done
from interview.text import Text

KataToWrite = KataStatus | Literal["failed"]
Busy = Literal["starting", "judging"]

KATA_STATUS: Mapping[KataStatus, Text] = {
    "new": Text("new", "未做"),
    "tried": Text("tried", "做过"),
    "passed": Text("passed", "通过"),
    "due": Text("due", "该重做"),
}
KATA_TO_WRITE: Mapping[KataToWrite, Text] = {  # by its status
    "failed": Text("{kata}: failed since it was passed, {minutes} min", "{kata}：通过之后又错了，{minutes} 分钟"),
    "due": Text("{kata}: due, from a blank file, {minutes} min", "{kata}：到期，从空白文件重写，{minutes} 分钟"),
    "tried": Text("{kata}: not passed yet, {minutes} min", "{kata}：还没通过，{minutes} 分钟"),
    "new": Text("{kata}: new, {minutes} min", "{kata}：新题，{minutes} 分钟"),
    "passed": Text("{kata}: passed, {minutes} min", "{kata}：已通过，{minutes} 分钟"),
}
CARD_STATE: Mapping[CardState, Text] = {
    "new": Text("never asked", "还没学过"),
    "due": Text("due now", "现在到期"),
    "later": Text("comes on {day}", "{day} 到期"),
    "buried": Text("put off until {day}", "推迟到 {day}"),
    "suspended": Text("suspended: --wake brings it back", "已暂停：--wake 恢复"),
}
DONE: Mapping[Done, Text] = {  # to cards, by the option
    "forget": Text("New again: {cards}", "已重置为新卡：{cards}"),
    "suspend": Text("Suspended: {cards}", "已暂停：{cards}"),
    "wake": Text("Awake again: {cards}", "已恢复：{cards}"),
    "flag": Text("Flagged: {cards}", "已标记：{cards}"),
    "note": Text("Noted: {cards}", "已记下：{cards}"),
}
CONFIDENCE: Mapping[Confidence, Text] = {
    Confidence.UNSURE: Text("unsure", "没把握"),
    Confidence.SO_SO: Text("so-so", "一般"),
    Confidence.SURE: Text("sure", "有把握"),
}
BUSY: Mapping[Busy, Text] = {"starting": Text("starting …", "正在启动 …"), "judging": Text("judging …", "正在判题 …")}
NO_DAY = Text("", "")
WEEKDAYS = (Text("Mon", "一"), NO_DAY, Text("Wed", "三"), NO_DAY, Text("Fri", "五"), NO_DAY, Text("Sun", "日"))
MONTH = Text("{day:%b}", "{day.month}月")


class PathWords:
    title = Text("Path", "路线")
    passed = Text("{n} of {total} katas passed", "手写题通过 {n}/{total}")
    known = Text("{n} of {total} decks known", "题库掌握 {n}/{total}")
    deck = Text("deck", "题库")
    state: ClassVar[Mapping[State, Text]] = {
        State.PASSED: Text("passed", "通过"),
        State.KNOWN: Text("known", "已掌握"),
        State.DUE: Text("due", "该重做"),
        State.TRIED: Text("tried", "做过"),
        State.UNLOCKED: Text("unlocked", "可以做"),
        State.LOCKED: Text("locked", "未解锁"),
    }
    minutes = Text("{n} min", "{n} 分钟")
    n_due = Text("{n} due", "到期 {n} 张")
    after = Text("after {names}", "先过 {names}")
    absent = Text("{names}: not installed", "{names}：没有安装")
    topics = Text("Topics", "主题")
    topics_sum = Text("cards last answered right, and the highest level of one", "上次答对的卡片，以及其中最高的难度")
    of = Text("{right} of {total}", "{right}/{total}")
    level = Text("level {level}", "难度 {level}")
    next = Text("Next: `interview kata {kata}`", "下一步：`interview kata {kata}`")
    advice = Text("Locked is advice: every command takes what is locked, too.", "未解锁只是建议：什么时候做都可以。")
    empty = Text("There is no deck and no kata.", "没有题库，也没有手写题。")


class PlanWords:
    title = Text("Interview on {on}, in {days} days", "面试：{on}，还有 {days} 天")
    title_1 = Text("Interview on {on}: tomorrow", "面试：{on}，就在明天")
    minutes = Text("{minutes:g} min a day", "每天 {minutes:g} 分钟")
    cards = Text("Cards", "卡片")
    counts = Text("{cards}, {begun} begun; {must} must-know", "{cards} 张，已学 {begun} 张；必会 {must} 张")
    today = Text("Today", "今天")
    share = Text("{cards}, {minutes} min ({new} new)", "{n} 张，约 {minutes} 分钟（新卡 {new} 张）")
    share_kata = Text("{kata}, {minutes} min", "{kata}，约 {minutes} 分钟")
    nothing = Text("nothing left to do", "已经完成")
    load = Text("Days", "每天")
    scale = Text("up to {minutes} min, from today to the eve", "最多 {minutes} 分钟，从今天到前一天")
    fits = Text(
        "Everything fits: each card three times, the must-know ones once more in the last three days, and every kata.",
        "都排得下：每张至少看三遍，必会的最后一遍在面试前三天之内；手写题也都写得完。",
    )
    fits_few = Text(
        "Everything fits, each card and kata as often as {days} days allow.",
        "都排得下：卡片和手写题，{days} 天里能过几遍就过几遍。",
    )
    short = Text("{cards} will not fit", "有 {n} 张排不下")
    short_must = Text(", {n} of them must-know", "，其中 {n} 张必会")
    short_katas = Text("{katas} will not fit", "有 {n} 道手写题排不下")
    enough = Text("; {minutes} min a day would do", "；每天 {minutes} 分钟就够")
    more = Text("and {n} more", "等，另有 {n} 张")
    katas = Text("Katas", "手写题")
    katas_left = Text(
        "{n} left, {minutes} min; the next: {kata} ({one} min)",
        "还剩 {n} 道，共 {minutes} 分钟；下一道：{kata}（{one} 分钟）",
    )
    katas_done = Text("all passed", "全部通过")
    role = Text("Role", "岗位")
    weighs = Text("{role}: {topics}; every other topic 1", "{role}：{topics}，其余主题 1")
    weight = Text("{topic} {weight:g} ({source})", "{topic} {weight:g}（{source}）")
    weighs_same = Text(
        "{role}: every topic 1; no source says how often what is asked", "{role}：各主题都是 1，没有出处说明各问多少"
    )
    role_waits = Text(
        "The role {role} weighs the topics once a date is set.", "设了日期之后，才按岗位 {role} 给主题加权。"
    )
    none = Text(
        "No interview date is set. `interview plan --date 2026-12-14 -m 40` sets one, with 40 minutes a day.",
        "还没有设面试日期。`interview plan --date 2026-12-14 -m 40` 设定日期，每天 40 分钟。",
    )
    past = Text(
        "The interview was on {on}. Set the next: `interview plan --date …`",
        "面试日期 {on} 已过。下一场：`interview plan --date …`",
    )


class TodayWords:
    first = Text("Nothing here yet. Begin with either:", "还没有记录。任选一个开始：")
    quiz_first = Text("questions that come back in time", "抽认题，快忘时再来")
    kata_first = Text("write it by hand; it is graded hard", "手写代码，严格判分")
    plan_first = Text("with a date, the days are planned", "定了面试日期，就有每日计划")
    interview = Text("interview in {days} days", "离面试 {days} 天")
    eve = Text("the interview is tomorrow", "明天面试")
    minutes = Text("{minutes:g} min", "{minutes:g} 分钟")
    due = Text("Due", "到期")
    new = Text("New", "新卡")
    n_due = Text("{cards}, about {minutes} min: {decks}", "{n} 张，约 {minutes} 分钟：{decks}")
    n_new = Text("{n} today: {decks}", "今天 {n} 张：{decks}")
    share = Text("Today", "今天")
    n_share = Text(
        "{cards}, about {minutes} min: {due} due, {new} new", "{n} 张，约 {minutes} 分钟：到期 {due} 张，新卡 {new} 张"
    )
    waiting = Text("also due, without room today: {n}", "另有 {n} 张到期但排不下")
    none = Text("nothing is due", "没有到期的卡")
    no_room = Text("no card fits the minutes", "时间不够，一张卡也排不下")
    kata = Text("Kata", "手写题")
    kata_none = Text("all passed", "全部通过")
    katas_waiting = Text("also due, without room today: {katas}", "另有 {n} 道手写题到期但排不下")
    kata_wait = Text("none is due", "没有到期的")
    kata_late = Text("none fits the minutes left", "剩下的时间不够写一道")
    weak = Text("Weakest", "最弱")
    weakest = Text("{tag}: {recall} recalled today, {cards}", "{tag}：今天约记得 {recall}，{n} 张")
    role = Text("Role", "岗位")
    weighs = Text("{role}: {topics}", "{role}：{topics}")
    weight = Text("{topic} counts {weight:g}", "{topic} 按 {weight:g} 计")
    weighs_same = Text("{role}: every topic counts the same", "{role}：各主题同等")
    done = Text("Done", "已答")
    n_done = Text("{cards} today", "今天 {n} 张")


class StatsWords:
    none = Text(
        "Nothing answered yet. `interview quiz dropout` begins; then look again.",
        "还没有答过题。先运行 `interview quiz dropout`，再来看。",
    )
    reviews = Text("{n} reviews on {days} days", "{days} 天共答 {n} 次")
    streak = Text("{n} days in a row", "连续 {n} 天")
    minutes = Text("{n} min in all", "共 {n} 分钟")
    calendar = Text("Calendar", "日历")
    forecast = Text("Due in the next 30 days", "未来 30 天到期")
    forecast_sum = Text("{cards}; most on {day}: {most}", "共 {n} 张；最多在 {day}：{most} 张")
    retention = Text("Retention", "记忆保持率")
    retention_sum = Text("the share recalled, and what was predicted", "实际记得的比例，与预测对照")
    days = Text("{n} days", "{n} 天")
    true = Text("recalled", "实际")
    predicted = Text("predicted", "预测")
    of = Text("reviews", "次数")
    weeks = Text("week by week", "逐周")
    calibration = Text("Calibration", "自信与结果")
    calibration_sum = Text("how sure you said you were, and how often you were right", "答前的把握，与答对的比例")
    no_confidence = Text("a, s, d before the reveal say how sure you are", "看答案前按 a、s、d 表示把握")
    sure_wrong = Text("Sure and wrong: ", "有把握却答错：")
    decks = Text("Decks", "题库")
    cards = Text("cards", "卡片")
    seen = Text("seen", "学过")
    due = Text("due", "到期")
    recall = Text("recall today", "今天记得")
    kept = Text("retention", "保持率")
    lapses = Text("lapses", "遗忘")
    loads = Text("Recall aimed at", "目标记忆率")
    loads_sum = Text(
        "what it costs a day over the next 30 days, told from your memories",
        "按你现在的记忆推算，未来 30 天平均每天的量",
    )
    a_day = Text("{n} a day", "每天 {n} 次")
    short_minutes = Text("{n} min", "{n} 分钟")
    own = Text("yours", "当前")
    set_it = Text("`retention` under [quiz] in {path} sets it", "在 {path} 的 [quiz] 下用 `retention` 设定")
    weak = Text("Weakest tags", "最弱的标签")
    kata_due = Text("again on {day}", "{day} 再写")
    weak_sum = Text("the chance of recall today", "今天记得的概率")
    katas = Text("Katas", "手写题")


class FitWords:
    fitted = Text(
        "{reviews} reviews on {days} days. Fitted to all but the last {held_days} of them, and tried on these: the log"
        " loss over {held} reviews, the less the better.",
        "{days} 天共 {reviews} 次作答。最后 {held_days} 天留作检验，其余用来拟合；"
        "下面是这 {held} 次检验作答的对数损失，越小越好。",
    )
    default = Text("FSRS's defaults", "FSRS 默认参数")
    present = Text("in use now", "现用参数")
    found = Text("fitted", "拟合参数")
    worse = Text("That is no better than what is in use: nothing was kept.", "并不比现用的好：没有保存。")
    ask = Text(
        "Keep these? The next dates will be drawn from them; the history stays as it is. [y/N]",
        "保存吗？以后的日期会按它重新安排，历史记录不变。[y/N]",
    )
    kept = Text(
        "Kept in {path}; `interview stats --fit --clear` goes back to the defaults.",
        "已保存到 {path}；`interview stats --fit --clear` 可恢复默认参数。",
    )
    left = Text("Nothing was kept.", "没有保存。")
    unasked = Text(
        "Nothing was kept: `interview stats --fit --yes` keeps them.",
        "没有保存：`interview stats --fit --yes` 会保存。",
    )
    cleared = Text("{path} was deleted: FSRS's defaults are in use.", "已删除 {path}：现用 FSRS 默认参数。")
    none = Text("Nothing to clear: FSRS's defaults are in use.", "没有要清除的：现用的就是 FSRS 默认参数。")


class ListingWords:
    decks = Text("deck", "题库")
    cards = Text("cards", "卡片")
    due = Text("due", "到期")
    new = Text("new", "新")
    katas = Text("kata", "手写题")
    level = Text("level", "难度")
    minutes = Text("minutes", "分钟")
    status = Text("status", "状态")
    suspended = Text("suspended", "已暂停")
    leech = Text("keeps being forgotten", "反复忘记")
    nothing = Text("nothing found", "没有找到")


class OneCardWords:
    seen = Text("asked {n} times, forgotten {lapses}", "答过 {n} 次，忘记 {lapses} 次")
    recall = Text("{recall:.0%} likely recalled today", "今天约 {recall:.0%} 能答出")
    flag = Text("Flag", "标记")
    note = Text("Note", "笔记")
    next = Text("Rated today, it comes back", "今天评分后的下次日期")
    cram = Text("cram", "突击")
    wrong = Text("said wrongly", "答错")
    earlier = Text("and {n} before", "更早还有 {n} 次")
    nothing = Text("Nothing to change: {n} found, all as asked for.", "没有要改的：找到 {n} 张，都已经是这样。")
    more = Text(" and {n} more", " 等，另有 {n} 张")
    back = Text("`interview undo{n}` takes it back.", "`interview undo{n}` 可撤销。")


class GradeWords:
    verdict = Text("verdict", "结论")
    files = Text("files", "文件数")
    mistake = Text("mistake", "错误")
    aside = Text(
        "{n} passed over (hidden, caches, virtual environments, links to folders): {names}",
        "跳过 {n} 项（隐藏文件、缓存、虚拟环境、指向文件夹的链接）：{names}",
    )


class VerdictWords:
    head = Text(
        "{kata} · {passed} of {total} checks · {seconds:.1f} s",
        "{kata} · 通过 {passed}/{total} 项检查 · {seconds:.1f} 秒",
    )
    seed = Text("seed {seed}", "种子 {seed}")
    untouched = Text(
        "{file} is still the task as it was handed out. Write the function, then check again.",
        "{file} 还是刚发下来的样子。写好函数再来检查。",
    )
    crashed = Text("Nothing could be checked: {reason}", "无法检查：{reason}")
    stopped = Text("Stopped: {reason}", "中止：{reason}")
    broken = Text("No verdict: {reason}", "没有结论：{reason}")
    got = Text("got", "得到")
    expected = Text("expected", "应为")
    follows = Text("follows from the one above", "由上面的问题引起")
    more = Text("{n} more failed: {names}", "另有 {n} 项未通过：{names}")
    all = Text("--all shows them", "--all 可全部显示")
    not_reached = Text("{n} checks were not reached", "{n} 项检查没有执行到")
    due = Text("Now due: {cards}", "现在到期：{cards}")
    forbidden = Text("Functions that are not allowed were called: {names}", "调用了不允许的函数：{names}")
    missing = Text("This machine lacks a layer of the sandbox: {layers}", "本机缺少沙箱的一层：{layers}")
    printed = Text("Your file printed:", "你的文件打印了：")
    printed_here = Text("These calls printed:", "这些调用打印了：")
    passed = Text("All {total} checks passed.", "{total} 项检查全部通过。")
    next = Text("What an interviewer asks next", "面试官接下来会问")
    calls = Text("The calls, and what came back:", "调用与返回：")
    left_out = Text("… {n} more calls …", "…… 中间还有 {n} 次调用 ……")
    partial = Text(
        "Only what you asked for was judged: this is no attempt and no pass.",
        "只判了你指定的检查：不算作答，也不算通过。",
    )
    cards = Text(" Cards about it: {cards}", "相关卡片：{cards}")
    yours = Text("yours", "你的")
    wanted = Text("expected", "应有")


class WatchWords:
    fixed = Text("fixed", "修好")
    broken = Text("broken", "新坏")
    still = Text("still", "仍然")
    attempt = Text("attempt {n}", "第 {n} 次")
    count = Text("{passed} of {total}", "{passed} / {total}")
    keys = Text(
        "r run now · h hint · d what changed · s solution · q leave", "r 立即运行 · h 提示 · d 看改动 · s 解答 · q 离开"
    )
    scroll = Text("↑ ↓ scroll", "↑ ↓ 滚动")
    all = Text("a shows them", "a 全部显示")
    fewer = Text("a fewer checks", "a 收起")
    no_change = Text("nothing changed since the last run", "与上次相比没有改动")


class HintsWords:
    hint = Text("Hint {n} of {total}", "提示 {n}/{total}")
    last = Text("Hint {n} of {total}: the solution", "提示 {n}/{total}：解法")
    next_is_last = Text("The next hint is the solution.", "下一条提示就是解法。")


class DoctorWords:
    sandbox = Text("Sandbox", "沙箱")
    machine = Text("Machine", "环境")
    history = Text("History", "历史")
    backups = Text("backups: {n}, the newest {name}", "{n} 份备份，最近一份 {name}")
    content = Text("Content", "内容")
    no_torch = Text("not installed", "未安装")
    well = Text("All is well.", "一切正常。")
    needs = Text("Needs you:", "需要你处理：")
    mended = Text(
        "Mended: {read} rows read from the file as it was{taken}: {total} now. It is in {aside}",
        "已修复：从原文件读出 {read} 行{taken}，共 {total} 行。原文件在 {aside}",
    )
    taken = Text(", {added} taken from {backup}", "，从 {backup} 取回 {added} 行")


LAYERS = {
    "session": Text("a session of its own", "独立会话"),
    "output": Text("output capped", "输出受限"),
    "descriptors": Text("no other descriptors", "关闭其余描述符"),
    "environment": Text("empty environment", "清空环境变量"),
    "limits": Text("memory, processor, files (rlimits)", "内存、CPU、文件上限（rlimits）"),
    "files": Text("files and network (Landlock)", "文件与网络（Landlock）"),
    "capabilities": Text("no capabilities", "放弃 capabilities"),
    "orphan": Text("dies with its parent", "随父进程终止"),
    "calls": Text("system calls (seccomp)", "系统调用（seccomp）"),
    "namespaces": Text("a tree of files and processes of its own", "独立的文件树与进程空间"),
}


class LintWords:
    heads = (
        Text("kata", "手写题"),
        Text("checks", "检查"),
        Text("accepted", "正确解答通过"),
        Text("wrong answers caught", "错误解答抓到"),
        Text("seconds", "秒"),
        Text("a verdict", "每次判分"),
    )
    mutants = Text("mutants caught + equivalent", "变异抓到 + 等价")
    seconds = Text("{n:.2f} s", "{n:.2f} 秒")
    share = Text("{good} of {of}", "{good}/{of}")
    remembered = Text("remembered", "沿用")
    unchanged = Text(
        "remembered: {what}, unchanged since proved; --fresh proves anew",
        "{what}自上次验证后没有改动，沿用结果；--fresh 重新验证",
    )
    and_ = Text(" and ", "、")
    decks = Text("{decks}", "{n} 个题库")
    katas = Text("{katas}", "{n} 道手写题")
    looked_at = Text("{cards}, {katas}", "{n_cards} 张卡片，{n_katas} 道手写题")
    problems = Text("{problems} in {looked_at}", "{looked_at}：有 {n} 处问题")
    sound = Text("sound: {looked_at}", "{looked_at}：没有问题")
    sound_as_read = Text("sound as far as reading can tell: {looked_at}", "{looked_at}：只看文本没有问题")
