"""Checks for `train_bpe`, `bpe_encode` and `bpe_decode`.

Everything is exact: the merges and tokens are compared with those of the rule written out below. The texts of a check
part the readings of one rule and leave the others out: those before `ties` have no ties, those of `ties` are letters
that never run out of pairs, so that a file with several faults is told of the first one by itself. Random texts are drawn from few letters,
so that ties and overlaps abound; no check expects what the prompt leaves open, such as merges that no training gives.
"""

import functools
from collections import Counter
from itertools import pairwise
from typing import Any

import torch

from interview.grading.checks.expect import REFUSALS, Mistake, Words, expect
from interview.grading.checks.generic import expect_spelled

NOTHING = Words("nothing", "无")
POEM = ("the cat sat on the mat. the rat sat on the cat, and the cat sat still.\nthat is that: the hat is flat.\n"
        "She sells sea shells by the sea shore; the shells she sells are sea shells.\n")  # fmt: skip
UNICODE = "你好，世界！你好，朋友！ naïve café, naïve cafe\u0301 — 😀😃😀 ñandú Ñandú 你们好"
BLOCK = "".join(chr(33 + pow(11, n, 1009) % 94) for n in range(270))
LONG = BLOCK * 2  # nearly every pair occurs twice: more merges than there are bytes, at the least cost of counting
SWAPPED = bytes.maketrans(b"abcdxy", b"cdabab")


def letters(alphabet, count):
    return "".join(alphabet[n] for n in torch.randint(len(alphabet), (count,)).tolist())


def single_bytes(text):
    return [bytes([each]) for each in text.encode()]


def merged(tokens, pair):
    out = []
    for each in tokens:
        out.append(each)
        if tuple(out[-2:]) == pair:
            out[-2:] = [(*pair,)]  # joined below: it may be no part of another match
    return [b"".join(each) if isinstance(each, tuple) else each for each in out]


@functools.cache
def trained(text, num_merges):
    """The merges, never to be changed: those of the fixed texts are kept from one judgement to the next."""
    tokens, merges = single_bytes(text), list[tuple[bytes, bytes]]()
    while len(merges) < num_merges:
        counts = Counter(pairwise(tokens))
        pair = min(counts, key=lambda each: (-counts[each], each), default=None)
        if counts[pair] < 2:
            break
        merges.append(pair)
        tokens = merged(tokens, pair)
    return merges


for each in ((POEM, 20), (POEM, 25), (POEM, 60), (UNICODE, 12), (UNICODE, 20), (LONG, 260)):
    trained(*each)


def encoded(text, merges):
    return functools.reduce(merged, merges, single_bytes(text))


def is_pair(value):
    return isinstance(value, tuple) and len(value) == 2 and all(isinstance(each, bytes) for each in value)


RULES: dict[str, Any] = {
    "train_bpe": ("merge", trained, is_pair, Words("a list of pairs of bytes", "由 bytes 二元组构成的列表")),
    "bpe_encode": ("token", encoded, lambda each: isinstance(each, bytes), Words("a list of bytes", "由 bytes 构成的列表")),
}  # fmt: skip


def asked(solution, name, runs):
    """The function called with each run's arguments: arguments, what came back, the call. All before any is judged."""
    return [(run, getattr(solution, name)(*run), solution.call) for run in runs]


def expect_form(solution, name, found):
    """A list of what the statement says."""
    _, rule, good, form = RULES[name]
    for run, got, call in found:
        if not (isinstance(got, list) and all(map(good, got))):
            solution.call = call
            en, zh = f"{name} returns {form.en}", f"{name} 应返回{form.zh}"
            expect(False, en, zh, got=short(got), expected=short(rule(*run)))


def agrees(solution, name, found):
    """What came back is the rule's; of the first that is not, the first place is told, under the call that gave it."""
    what, rule, *_ = RULES[name]
    expect_form(solution, name, found)
    for (text, given), got, call in found:
        want = rule(text, given)
        if got != want:
            solution.call = call
            n = next((n for n, (a, b) in enumerate(zip(got, want, strict=False)) if a != b), min(len(got), len(want)))
            came, right = (cut(str(each[n]), 60) if n < len(each) else None for each in (got, want))
            said, shown = difference(what, n + 1, sample(text), came, right)
            facts = {"place": n + 1, "came": came or NOTHING, "right": right or NOTHING, "text": sample(text)}
            expect(False, said.en.rstrip("."), said.zh.rstrip("。"), found=said, **facts, **shown)


def trains(solution, *runs):
    agrees(solution, "train_bpe", asked(solution, "train_bpe", runs))


def difference(what, n, text, came, right):
    """A sentence, and what was got and expected, for the nth merge or token; `came` or `right` is None at an end."""
    if came is None:
        sentence = Words(
            f"{what.capitalize()} {n} of {text} is missing; {right} was expected.",
            f"{text} 缺了第 {n} 个 {what}，应为 {right}。",
        )
        return sentence, {"got": Words(f"only {n - 1}", f"只有 {n - 1} 个"), "expected": right}
    there = Words(f"{what} {n} of {text} is {came}", f"{text} 的第 {n} 个 {what} 是 {came}")
    if right is None:
        en, zh = f"no further {what} was expected", f"此处不应再有 {what}"
        expected = Words(f"no further {what}", f"不再有 {what}")
    else:
        en, zh, expected = f"{right} was expected", f"应为 {right}", right
    sentence = Words(f"{what.capitalize()}{there.en.removeprefix(what)}; {en}.", f"{there.zh}，{zh}。")
    return sentence, {"got": there, "expected": expected}


def short(value):
    return value[:6] if isinstance(value, list) else value


def sample(text):
    return repr(cut(text, 30))


def cut(text, limit):
    return text if len(text) <= limit else text[: limit - 1] + "…"


def test_interface(solution):
    """Positional and keyword arguments; pairs of bytes, tokens of bytes, a text."""
    pair = [(b"a", b"b")]
    merges = asked(solution, "train_bpe", [("abababab cdcd", 2)])
    named = expect_spelled(lambda: solution.train_bpe(text="abababab cdcd", num_merges=2), ("text", "num_merges"))
    expect_form(solution, "train_bpe", merges)
    expect(named == merges[0][1], "by keyword the merges are others", "用关键字参数时得到的 merges 不同")
    tokens = asked(solution, "bpe_encode", [("abcab", pair)])
    named = expect_spelled(lambda: solution.bpe_encode(text="abcab", merges=pair), ("text", "merges"))
    expect_form(solution, "bpe_encode", tokens)
    expect(named == tokens[0][1], "by keyword the tokens are others", "用关键字参数时得到的 token 不同")
    texts = [(solution.bpe_decode([b"ab", b"c"]), solution.call),
             (expect_spelled(lambda: solution.bpe_decode(tokens=[b"ab", b"c"]), ("tokens",)), solution.call)]  # fmt: skip
    for text, call in texts:
        solution.call = call
        expect(isinstance(text, str), "bpe_decode returns a str", "bpe_decode 应返回 str", got=text, expected="abc")


def test_no_memory(solution):
    """What a call returns depends on its arguments alone: asked again with other calls in between, and of the same text
    with other merges or another number of them, beside a text with other letters that is asked for the first time."""
    text, first, second = "abababab", [(b"a", b"b")], [(b"c", b"d")]
    runs = [("train_bpe", text, 1), ("bpe_encode", "abcd", first), ("train_bpe", "cdcdcdcd", 2), ("bpe_encode", "abcd", first),
            ("bpe_encode", "abcd", second), ("train_bpe", text, 2), ("train_bpe", text, 1), ("bpe_encode", "xyab", first)]  # fmt: skip
    came = [asked(solution, name, [run])[0] for name, *run in runs]
    for at, other, relettered in ((3, 1, False), (6, 0, False), (4, 7, True), (5, 2, True)):
        (_, got, solution.call), (_, want, _) = came[at], came[other]
        want = swapped(want) if relettered else want
        expect(
            got == want, "what it returns depends on earlier calls", "返回值受之前调用的影响", got=got, expected=want
        )


def swapped(value):
    """The same merges or tokens in other letters."""
    if isinstance(value, list | tuple):
        return type(value)(map(swapped, value))
    return value.translate(SWAPPED) if isinstance(value, bytes) else value


def test_most_frequent(solution):
    """The most frequent pair comes first, no ties among the candidates, and the pairs are counted again after each merge."""
    trains(solution, ("abxabyabzcdcdq", 1), ("xyxyxyxy-xy-ab-ab-ab", 1), ("abcabcabcabc-abcab-abab-de", 2),
           ("bcabcdbcdbcdbcdab", 2), ("zyzyzxzyzxzyx", 1))  # fmt: skip


def test_overlaps(solution):
    """aaaa has three of (a, a), though only two can be merged; merging goes from left to right. No ties here either."""
    trains(solution, ("aaaaabcbcbc", 1), ("aaa", 1), ("aaabaaabaaabaaad", 2), ("xaaayaaazaaa", 2), ("a" * 23, 2))


def test_ties(solution):
    """Of equally frequent pairs the smallest in byte order, first elements first: not the first seen, not by number."""
    trains(solution, ("zyzyqabab", 1), ("ababzzyzy", 1), ("baba", 1), ("abcabckzyzymzq", 3), ("abcxabcpabdxabd", 2),
           ("zazbzamzb", 1), ("aabkaabmabqczczc", 3), ("xbcybczbcmabcnabcpabbqabb", 4), *((letters("abc", 200), 8) for _ in range(2)),
           (letters("zyxa", 200), 10), ("ababzZYZY", 1), ("bBbBmAzAz", 1))  # fmt: skip


def test_stops(solution):
    """Training ends when no pair occurs twice; a pair that occurs twice is merged. Whoever merges any pair does not run
    out of them here."""
    trains(solution, ("abcdef", 5), ("abab", 2), ("xyxy", 1), ("aaa", 2), ("abcabc", 3), ("aabb", 3), ("abxabycd", 6),
           (letters("ab", 30) + letters("cdefgh", 12), 8))  # fmt: skip


def test_empty(solution):
    """No text, one byte or character, no merges asked for: no merges, and tokens that are the bytes. And more merges
    asked for than there are."""
    pair = [(b"a", b"b")]
    tokens = asked(solution, "bpe_encode", [("", pair), ("", []), ("a", pair), ("abc", []), ("é", pair)])
    text, shown = solution.bpe_decode([]), solution.call
    trains(solution, ("", 5), ("", 0), ("a", 3), ("abab", 0), ("aaa", 10), ("abcabc", 100), (letters("ab", 30), 200))
    agrees(solution, "bpe_encode", tokens)
    solution.call = shown
    expect(text == "", "no tokens give the empty text", "没有 token 时应得到空文本", got=text, expected="")


def test_bytes(solution):
    """The symbols are the bytes of the UTF-8, not characters: a merge may join part of a character."""
    trains(
        solution,
        ("éaéa", 1),
        ("éèéèéê", 3),
        ("e\u0301 e\u0301 e\u0301 é", 4),
        (UNICODE, 12),
        ("你你你好好", 6),
        ("😀😃😀", 5),
    )


def test_whole_text(solution):
    """Pairs reach across spaces, line ends, letters and digits; upper case, leading and trailing blanks, tabs and zero
    bytes are kept."""
    trains(solution, ("a b a b a b", 3), ("to be or not to be", 8), ("x\ny\nx\ny\nx\n", 4), ("  ab  ab  ", 4),
           ("Ab ab Ab ab aB", 5), ("\t\t\r\n\r\n\0\0\0", 4), ("1212 a1b2 3434 a1b2", 7), (POEM, 25))  # fmt: skip


def test_training(solution):
    """Longer texts, drawn from few letters: every merge in its place. A text of 1,400 bytes, in which whoever reads 250
    to 1,199 of them finds the other pair; a token of 64."""
    trains(solution, ("ab" * 300 + "cd" * 400, 2), ("x" * 128, 6), (letters("ab", 150), 30), (letters("abcd ", 250), 40),
           (letters("aaab", 120), 25), (POEM, 60), (letters("你好é", 80), 30))  # fmt: skip


def test_many_merges(solution):
    """More merges than there are bytes. Whoever makes the right ones and too few has a limit, be it what it may."""
    found = asked(solution, "train_bpe", [(LONG, 260)])
    want, merges = trained(LONG, 260), found[0][1]
    if isinstance(merges, list) and merges == want[: len(merges)] != want:
        place, right = len(merges) + 1, cut(str(want[len(merges)]), 60)
        few = Words(f"only {len(merges)}", f"只有 {len(merges)} 个")
        raise Mistake("limits_the_merges", place=place, right=right, text=sample(LONG), got=few, expected="260")
    agrees(solution, "train_bpe", found)


def test_encode(solution):
    """One pass per merge, in training order, each from left to right: on the text trained on and on others. The list of
    merges is left as it was.

    The text is not cut: tokens reach across blanks and line ends, and, where a token of three bytes tells, across any
    power of two or ten.
    """
    poem, foreign, runs = trained(POEM, 60), trained(UNICODE, 20), []
    for alphabet, count in (("ab", 12), ("aab", 8), ("abc", 25)):
        merges = trained(letters(alphabet, 200), count)
        runs += [(letters(alphabet, 60), merges), ("a" * 13, merges), (letters(alphabet, 40), merges[:3])]
    runs += [("abcab", [(b"b", b"c"), (b"a", b"b")]), ("aaaaa", [(b"a", b"a"), (b"aa", b"aa")]), (POEM, poem),
             ("the shellfish sat at the theatre", poem), (UNICODE, foreign), ("界好你 naïf", foreign),
             *((text, trained(text, 4)) for text in ("x\ny\nx\ny\nx\n", "to be to be to be", "a\n\nb a\n\nb")),
             ("abc" * 500, trained("abcabcabcabc", 2))]  # fmt: skip
    left = [(merges, asked(solution, "bpe_encode", [("ababab", merges)])[0][2], solution.arguments()[1])
            for merges in ([(b"a", b"b"), (b"ab", b"ab")], poem[:20])]  # fmt: skip
    found = asked(solution, "bpe_encode", runs)
    for merges, solution.call, after in left:
        if after != merges:
            raise Mistake("changes_the_merges", got=short(after), expected=short(merges))
    agrees(solution, "bpe_encode", found)


def test_decode(solution):
    """The bytes are joined before they are read as UTF-8: tokens may end inside a character. The list is left as it was."""
    whole = [b"caf", b"e"]
    cases = [([b"\xe4", b"\xbd\xa0", b"\xe5\xa5", b"\xbd"], "你好"), ([b"caf", b"\xc3", b"\xa9"], "café"), ([bytes([b]) for b in "😀 ok".encode()], "😀 ok"),
             ([b" a", b" ", b"\n", b"\0b "], " a \n\0b "), ([b"e\xcc", b"\x81"], "e\u0301"), (whole, "cafe"),
             ([b"\xef\xbb", b"\xbfx"], "\ufeffx")]  # fmt: skip
    solution.bpe_decode(whole)
    shown, left = solution.call, solution.arguments()[0]
    texts = solution.bpe_decode.each([(tokens,) for tokens, _ in cases], catch=REFUSALS)
    found = [(got, solution.call, want) for got, (_, want) in zip(texts, cases, strict=True)]
    if left != whole:
        solution.call = shown
        raise Mistake("changes_the_tokens", got=left, expected=whole)
    for got, solution.call, want in found:
        if isinstance(got, Exception):
            raise got
        expect(got == want, "the decoded text is another", "解码得到的文本不对", got=got, expected=want)


def test_round_trip(solution):
    """decode(encode(text)) is the text, whichever text the merges come from: also with marks that other tokenizers use."""
    merges = solution.train_bpe(POEM + UNICODE, 40)
    texts = [POEM, UNICODE, "\r\n\t \0", letters("abñ你😀 \n", 60), " ", "ﬁ ½ Å \u212b \u2581a\u0120b\u010a c</w> @@d ##e <unk>",
             "".join(map(chr, range(1, 300))), "\ufeffab\u2028"]  # fmt: skip
    backs = [(text, solution.bpe_decode(solution.bpe_encode(text, merges)), solution.call) for text in texts]
    for text, back, solution.call in backs:
        en, zh = "decoding the tokens does not give the text back", "编码再解码没有得到原文"
        expect(back == text, en, zh, got=back, expected=text)
