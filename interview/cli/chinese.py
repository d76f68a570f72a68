"""The Chinese of the command line: `--help`, and what is wrong with an invocation; typer speaks English alone.

Help texts are looked up by their English, which stands at the option; a test finds what is missing here.
"""

# ruff: noqa: E501  (a Chinese character counts as two)

from __future__ import annotations

import re
from typing import Any

from rich.cells import cell_len
from rich.text import Text

from interview.terminal.text.wrap import wrap

ABOUT = {
    "interview": "为机器学习面试做准备：题目到期再来，手写题严格判分。\n\n先试试 `interview quiz dropout` 或 `interview kata dropout`。",
    "today": "现在该做什么：到期的卡片和手写题、最薄弱的主题，按可用时间安排。\n\n第一次在终端里运行时会问三个问题：面试日期、每天的分钟数、岗位。"
    "按 Enter 跳过，按 Ctrl-C 退出，什么都不会改动。",
    "quiz": "刷题；每张卡在快要忘记时再来。\n\n不写 DECK：所有题库里到期的卡和今天的新卡混在一起；用 `interview plan` 定了日期，就做当天的份额。"
    "DECK/CARD：只问这一张，到没到期都问。空格看答案，1 2 3 4 评分，? 列出所有按键，q 保存退出。每天的新卡和复习数"
    "（所有题库合计）由用户文件夹里的 `config.toml` 限定（[quiz] new = 10, reviews = 100）；-n N 则不论当天名额，问 N 张。",
    "kata": "领一道手写题，或用 --check 判分。\n\n`interview kata NAME` 写出 ./NAME.py，里面是题目和待填的函数；已有的文件绝不覆盖。"
    "填好之后，`interview kata NAME --check` 用隐藏测试判分。不写 NAME：到期的那一道，否则下一道。\n\n"
    "通过一次，或三次不同的作答并满十分钟，就能用 `--solution` 把你的文件与我们的解答并排对照。`--attempts` 列出你的历次作答；"
    "`--again` 把现在的文件留作一次作答，换一份空白的。",
    "card": "一张卡：它的历史、下次日期，以及为什么到期。\n\n--forget 让它重新变成新卡，--suspend 暂停，--wake 恢复，--flag 和 --note 写上你自己的话"
    "（空的就是去掉）；这些都可以用 `interview undo` 撤销。--suspend 和 --wake 也接受 `interview list` 那样的查询，"
    "对找到的每张卡生效：`interview card tag:lstm --suspend`。",
    "path": "哪道先做、哪道后做：通过了的、该重做的、可以做的，以及各个主题到了哪一步。\n\n需要的手写题都通过、需要的题库都掌握，就算解锁。"
    "题库里必会的卡（没有必会卡的，按全部卡）有一半上次评为 Good 或 Easy，就算掌握。未解锁不拦着你，只是说先做什么更好。",
    "list": "题库和手写题，以及各自的状态；QUERY 在编号、标签和两种语言的正文里查找。",
    "plan": "设定或查看面试日期，以及剩下的日子里来得及做什么。\n\n有了日期，间隔会收紧，每张卡至少见三次，最后一次在面试前三天内；"
    "`interview quiz` 按每天的分钟数给出所有题库当天的份额：先必会的，再最不熟的。岗位按出处里各主题被问到的多少来加权，"
    "表和出处在 roles.toml 里。这些都保存在用户文件夹的 plan.toml 里（date、minutes、role），历史记录里没有。",
    "stats": "用图看你的历史：日历、预报、记忆率及其代价、把握是否可靠、题库、薄弱标签、手写题。\n\n--fit 用你自己的作答（至少 400 次）拟合 FSRS 的参数，"
    "在留出的最后五分之一的天数上比较前后的对数损失；更好、且你同意（或加 --yes），才存进用户文件夹的 fsrs.toml，备份里也有它。",
    "undo": "撤销最近的评分、推迟或暂停，从最新的开始。\n\n什么都不会删除：撤销掉的仍留在记录里，只是不再算数。",
    "grade": "给同一道手写题批量判分：文件，或文件夹里的所有 .py（--pattern 另选）。\n\n隐藏文件和文件夹、__pycache__、虚拟环境会跳过。"
    "链接只在所给文件夹之内跟随；某个文件判不了，不影响其余。\n\n每判完一份，标准输出就有一行（--json 时是一个 JSON 对象）；"
    "不动你自己的历史。所有文件都判完，退出码就是 0，不论对错。",
    "new": "开始写一道手写题或一个题库：一份完整、没有问题的样板，还要写的地方都有标记。\n\n写到当前文件夹（或 --in 所指题包）的 katas/NAME 或 "
    "questions/NAME.yaml；已有的东西一律不动。用 `interview lint` 检查它，逐行列出还要写的。",
    "pack": "别人的题库和手写题：add PATH 添加，list 列出，remove NAME 去掉。\n\n题包是含有 questions/ 或 katas/ 的文件夹，名字就是文件夹名；"
    "它的路径记在用户文件夹的 packs.txt 里，文件夹本身不会改动。题包会带代码：添加时什么都不运行，手写题的隐藏测试要等你看过并同意"
    "（当场回答，或加 --trust）才会运行。去掉题包后，它的卡片的复习记录仍留在历史里，重新添加就接着算。",
    "lint": "内容有没有问题？我们的或你的题库和手写题：逐条给出 文件:行号 和改法。\n\n题包会带代码：它的证明和隐藏测试只有在你同意后才会运行"
    "（当场回答，或加 --trust）。有问题时退出码为 1；没有问题、但有内容因你未同意而没验证时为 2。\n\n以前验证过、之后没有改动的，不再重新验证；--fresh 会重新验证。",
    "doctor": "这台机器有没有问题？沙箱的哪些层有效、各个文件夹、历史文件、torch。\n\n有需要你处理的，退出码为 1。--fix 把损坏的历史里还能读的、"
    "以及最新备份里多出来的，合成一个新文件；损坏的原样保留。正被占用、只读或更新版本的历史不会动。",
    "export": "把卡片导出到 Anki、csv 或 json。\n\nanki：.apkg，每张卡一条笔记，再次导入会更新。csv 和 json 带两种语言的所有字段，"
    "以及历史里对每张卡的了解；`interview import` 可以读回。",
    "import": "从 csv 或 json 读入卡片，按编号并入你自己的题库。\n\n它们写到用户文件夹（INTERVIEW_HOME）的 pack/questions/DECK.yaml，"
    "和别的题包一样可以刷、可以检查。已有的卡有变化才替换，题库原文件保留在旁边；自带的和 INTERVIEW_PATH 里的题库从不改写："
    "这样的卡请用 --deck NAME 放进自己的题库。",
    "backup": "把整个历史写进一个文件：记录、作答、自己的题库、偏好设置。",
    "restore": "从备份恢复历史。现有数据移到一旁，不会删除。\n\nFILE 是 `interview backup` 写出的文件，或用户文件夹 backups/ 里每天的记录副本。"
    "备份比现有历史少时，会先问你。",
}
COMMANDS = {
    "today": "现在该做什么。",
    "quiz": "刷题；每张卡在快要忘记时再来。",
    "kata": "领一道手写题，或用 --check 判分。",
    "card": "一张卡：它的历史；忘掉、暂停、加标记。",
    "path": "先做什么、后做什么；哪些通过、该重做、可以做。",
    "list": "题库和手写题，以及状态。",
    "plan": "设定或查看面试日期，以及来得及做什么。",
    "stats": "用图看你的历史。",
    "undo": "撤销最近的评分。",
    "grade": "给同一道手写题批量判分。",
    "new": "开始写自己的手写题或题库。",
    "pack": "别人的题库和手写题：添加、列出、去掉。",
    "lint": "题库和手写题的内容有没有问题？",
    "doctor": "这台机器有没有问题？",
    "export": "把卡片导出到 Anki、csv 或 json。",
    "import": "从 csv 或 json 读入卡片。",
    "backup": "把整个历史写进一个文件。",
    "restore": "从备份恢复历史。",
}
HELP = {
    "en or zh; otherwise INTERVIEW_LANG, then the locale.": "en 或 zh；不写则看 INTERVIEW_LANG，再看系统语言。",
    "Plain text; NO_COLOR does the same.": "纯文本；NO_COLOR 效果相同。",
    "Show the version.": "显示版本。",
    "Install completion for the current shell.": "为当前 shell 安装补全。",
    "Show completion for the current shell, to copy it or customize the installation.": "显示当前 shell 的补全脚本，供复制或自行安装。",
    "Show this message and exit.": "显示这份说明。",
    "What fits so many minutes.": "这么多分钟里做得完的。",
    "Judge only this check; repeatable. No attempt.": "只判这一项检查；可重复；不算作答。",
    "List the calls of the checks that failed.": "列出没通过的检查做了哪些调用。",
    "Python at the call that failed, line by line.": "在出错的那次调用处逐行运行 Python。",
    "Open your file in VISUAL or EDITOR, at the line.": "用 VISUAL 或 EDITOR 打开你的文件，并跳到那一行。",
    "vscode: write its tasks file; vim, nvim: show its line.": "vscode：写出它的任务文件；vim、nvim：给出要加的一行。",
    "For an editor: FILE:LINE:COLUMN: error.": "供编辑器读，每处一行：文件:行:列: error。",
    "One JSON object on standard output.": "标准输出一个 JSON 对象。",
    "Decks; none: the day's cards of all.": "题库；不写：所有题库当天的卡。",
    "This many cards, whatever the day had.": "不论当天名额，就问这么多张。",
    "Stop after this many minutes.": "到这么多分钟就停。",
    "Only cards with this tag; repeatable.": "只要带这个标签的卡；可重复。",
    "Only this level, 1 to 5, or a range: 2-4.": "只要这个难度（1 到 5），或一个范围：2-4。",
    "All cards, due or not; moves no date.": "全部卡片，不论到期与否；不改日期。",
    "Type the open answers too.": "开放题也输入答案。",
    "Answers from a file; `-`: standard input.": "从文件读答案；`-` 为标准输入。",
    "Draw the same order and numbers again.": "重现同样的顺序和数值。",
    "One object a review, and one with totals.": "每次作答一个对象，最后一个是合计。",
    "The kata.": "手写题。",
    "With --hint or --attempts: which one.": "配合 --hint 或 --attempts：哪一条、哪一次。",
    "Your file beside the nearest of our answers, once it is earned.": "你的文件与最接近的正确解答并排；要先做到才能看。",
    "With --solution: another of our answers.": "配合 --solution：看另一种写法。",
    "The solution now; the kata comes back in two days.": "现在就看解答；这道题两天后再来。",
    "Your attempts; with N, one of them.": "你的历次作答；加 N 只看一次。",
    "Ask none of its cards after a pass.": "通过之后不问相关的卡片。",
    "Compare two attempts; `file` is yours now.": "比较两次作答；`file` 是现在的文件。",
    "Write an attempt into a new file.": "把某次作答写进一个新文件。",
    "Keep your file as an attempt, and begin with a blank one.": "把现在的文件留作一次作答，换一份空白的。",
    "Grade your file.": "给你的文件判分。",
    "With --check: again at every save.": "配合 --check：每次保存都重判。",
    "Your file, if it is not ./NAME.py.": "你的文件，如果不是 ./NAME.py。",
    "The hints shown so far and the next one.": "已显示过的提示和下一条。",
    "Repeat a run exactly: the seed it printed.": "精确重现某次判分：填它显示的种子。",
    "Show every failed check in full.": "完整显示每一项没通过的检查。",
    "en or zh.": "en 或 zh。",
    "Run a foreign pack's hidden suite without asking.": "不再询问，直接运行外来题包的隐藏测试。",
    "Or, to suspend and wake, a query.": "暂停和恢复时也可以是查询。",
    "New again, as if never asked.": "变回新卡，就像从没问过。",
    "Not asked until it is woken.": "恢复之前不再问。",
    "Asked again.": "重新开始问。",
    "Shown wherever the card is.": "卡片出现时都会显示。",
    "Shown with the answer.": "和答案一起显示。",
    "Words that all must be found.": "必须全部找到的词。",
    "Only cards that are suspended.": "只看暂停的卡。",
    "Only cards forgotten again and again.": "只看反复忘记的卡。",
    "The day of the interview.": "面试那天。",
    "Minutes a day; 30 if unsaid.": "每天多少分钟；不写则为 30。",
    "llm-inference, ml-engineer, research, recsys: it weighs the topics.": "llm-inference、ml-engineer、research、recsys：按岗位给主题加权。",
    "Forget the date, the minutes and the role.": "去掉日期、分钟数和岗位。",
    "Only this deck.": "只看这个题库。",
    "Fit the schedule to your own reviews.": "用你自己的作答拟合复习参数。",
    "With --fit: keep them, if better, unasked.": "配合 --fit：更好就保存，不再询问。",
    "With --fit: back to FSRS's defaults.": "配合 --fit：恢复 FSRS 默认参数。",
    "How many to take back.": "撤销几次。",
    "One object with what was taken back.": "一个对象，列出撤销了什么。",
    "Files, or folders of them.": "文件，或装着文件的文件夹。",
    "How many at once; up to one per core.": "同时判几份；默认至多每核一份。",
    "Go on where this machine lacks layers of the sandbox.": "这台机器缺少沙箱的某些层时，也继续判。",
    "Which files of a folder: '*.py', 'hw1/*.py', 'answer.*'.": "文件夹里的哪些文件：'*.py'、'hw1/*.py'、'answer.*'。",
    "The same seed for every submission, to repeat a run.": "每份都用同一个种子，便于重现。",
    "Run a foreign pack's suite without asking.": "不再询问，直接运行外来题包的测试。",
    "One JSON object a line.": "每行一个 JSON 对象。",
    "What to begin.": "要写什么。",
    "Its name: a-z, 0-9 and `-`.": "名字：a-z、0-9 和 `-`。",
    "The pack: a folder that holds katas/ or questions/, or is to.": "题包：含有（或将要含有）katas/ 或 questions/ 的文件夹。",
    "What to do: add, list or remove.": "做什么：add 添加、list 列出、remove 去掉。",
    "The folder to add, or the name of the pack to remove.": "要添加的文件夹，或要去掉的题包的名字。",
    "One JSON object with the packs.": "一个 JSON 对象，列出题包。",
    "A pack, a deck's file or a kata's folder.": "题包、题库文件或手写题的文件夹。",
    "How often accepted answers are judged, with fresh seeds.": "正确解答用新种子判几遍。",
    "Try every change of a single node of two right answers as well.": "再逐一试两份正确解答的每一处单点改动。",
    "Prove anew what was proved before.": "以前验证过的也重新验证。",
    "One kata, and again at every save.": "一道手写题，每次保存都重新验证。",
    "Write questions/ids.lock from sound decks.": "由没有问题的题库写出 questions/ids.lock。",
    "Run the code of a pack without asking.": "不再询问，直接运行题包的代码。",
    "Mend a damaged history, with its newest backup.": "用最新的备份修复损坏的历史。",
    "The file to write; `-` for csv and json: standard output.": "要写的文件；csv 和 json 可用 `-` 表示标准输出。",
    "The kind of file.": "文件种类。",
    "Only this deck; repeatable.": "只要这个题库；可重复。",
    "Write over a file that is there.": "覆盖已有的文件。",
    "One JSON object that says what was written.": "一个 JSON 对象，说明写了什么。",
    "A .csv or .json file, as `interview export` writes them.": "`interview export` 写出的 .csv 或 .json 文件。",
    "Call the file's deck so.": "给文件里的题库起这个名字。",
    "Say what would change, and change nothing.": "只说会改什么，不真的改。",
    "One JSON object that says what changed.": "一个 JSON 对象，说明改了什么。",
    "The file to write.": "要写的文件。",
    "The backup.": "备份文件。",
    "Also less than is there, or rows that cannot be read.": "即使备份比现有的少，或有读不懂的行，也恢复。",
    "One JSON object that says what was restored.": "一个 JSON 对象，说明恢复了什么。",
}
MARKS = (
    ("[OPTIONS]", "[选项]"), ("COMMAND [ARGS]...", "命令 [参数]..."), ("<int range>", "<整数>"), ("<int>", "<整数>"),
    ("<float range>", "<数>"), ("<float>", "<数>"), ("<str>", "<文字>"), ("<path>", "<路径>"), ("<file>", "<文件>"),
    ("[required]", "[必填]"), ("required]", "必填]"), ("default: ", "默认 "), ("[env var: ", "[环境变量 "),
)  # fmt: skip


def help_of(command: Any, ctx: Any) -> str:
    """The command's whole `--help`."""
    width = min(80, ctx.max_content_width or 80)
    lines = [usage_of(ctx), ""]
    for paragraph in ABOUT.get(ctx.info_name, command.help or "").split("\n"):
        lines += folded(paragraph, width, "  ")
    records = [(param, param.get_help_record(ctx)) for param in command.get_params(ctx)]
    for title, kind in (("参数：", "argument"), ("选项：", "option")):
        rows = [
            (marked(each[0]), of_help(each[1])) for param, each in records if each and param.param_type_name == kind
        ]
        lines += section(title, rows, width)
    if hasattr(command, "list_commands"):
        lines += section("命令：", list(COMMANDS.items()), width)
    return "\n".join(lines)


def usage_of(ctx: Any) -> str:
    return "用法：" + marked(str(ctx.command.get_usage(ctx)).removeprefix("Usage:").strip())


def marked(text: str) -> str:
    for en, zh in MARKS:
        text = text.replace(en, zh)
    return text


def of_help(text: str) -> str:
    """The sentence is in the table; the bounds and the default that typer adds are marks."""
    said, mark, more = text.rpartition("  [")
    return HELP.get(said, said) + "  " + marked(f"[{more}") if mark else HELP.get(text, text)


def section(title: str, rows: list[tuple[str, str]], width: int) -> list[str]:
    if not rows:
        return []
    column = max(cell_len(left) for left, _ in rows) + 4
    lines = ["", title]
    for left, right in rows:
        first, *rest = folded(right, width, " " * column)
        lines += [f"  {left}".ljust(column - cell_len(left) + len(left)) + first.strip(), *rest]
    return lines


def folded(text: str, width: int, indent: str) -> list[str]:
    return [line.plain for line in wrap(Text(text), width, first=indent, rest=indent)] if text else [""]


FAULTS = (
    (r"No such option: (\S+)(?: \(Possible options: (.*)\)| Did you mean (.*)\?)?", "没有选项 {0}{near}"),
    (r"Missing argument '?(.+?)'?\.(?: Choose from:\s*(.*))?", "缺少参数 {0}{near}"),
    (r"Missing option '?(.+?)'?\.(?: Choose from:\s*(.*))?", "缺少选项 {0}"),
    (r"Option '(.+)' requires an argument\.", "选项 {0} 后面要有值"),
    (r"Option '(.+)' requires (\d+) arguments\.", "选项 {0} 后面要有 {1} 个值"),
    (r"Option '(.+)' does not take a value\.", "选项 {0} 后面不能有值"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", "多余的参数：{0}"),
    (r"Invalid value for '?(.+?)'?: '?(.*?)'? is not a valid int(?:eger)?(?: range)?\.", "{0} 要写整数，不能是 {1}"),
    (r"Invalid value for '?(.+?)'?: '?(.*?)'? is not a valid float(?: range)?\.", "{0} 要写数字，不能是 {1}"),
    (r"Invalid value for '?(.+?)'?: (.*) is not in the range (.*)\.", "{0} 要在 {2} 之内，不能是 {1}"),
    (r"Invalid value for '?(.+?)'?: '?(.*?)'? is not one of (.*)\.", "{0} 只能是 {2}，不能是 {1}"),
    (
        r"no command named `(.*?)`(?:: did you mean (.*)\?|; .*)",
        "没有命令 `{0}`{near}；`interview --help` 列出所有命令",
    ),
)


def fault(said: str) -> str:
    """What typer finds wrong with a command line."""
    for pattern, zh in FAULTS:
        found = re.fullmatch(pattern, said, re.DOTALL)
        if found:
            near = next((each for each in found.groups()[1:] if each), "").replace(", ", "、").replace(" or ", " 或 ")
            return zh.format(*(each or "" for each in found.groups()), near=f"（是不是 {near}？）" if near else "")
    return f"命令行有误：{said}"
