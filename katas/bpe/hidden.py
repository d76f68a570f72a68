"""Checks for `train_bpe`, `bpe_encode` and `bpe_decode`.

Everything is exact: the merges and tokens are compared with those of the rule written out below (`trained`, `encoded`).
The same two functions take a `fault`, the one thing that a known mistake does otherwise; a mistake is named where
its fault explains every text of the check. Random texts are drawn from few letters, so that ties and overlaps abound;
no check expects what the prompt leaves open, such as merges that no training gives.
"""

import functools
import unicodedata
from collections import Counter
from itertools import pairwise

import torch

from interview.grading.checks.expect import Mistake, Words, expect
from interview.grading.checks.solution import SubmissionError

NOTHING = Words("nothing", "无")
POEM = ("the cat sat on the mat. the rat sat on the cat, and the cat sat still.\nthat is that: the hat is flat.\n"
        "She sells sea shells by the sea shore; the shells she sells are sea shells.\n")  # fmt: skip
UNICODE = "你好，世界！你好，朋友！ naïve café, naïve cafe\u0301 — 😀😃😀 ñandú Ñandú 你们好"


BLOCK = "".join(chr(33 + pow(11, n, 1009) % 94) for n in range(270))
LONG = BLOCK * 2  # nearly every pair occurs twice: more merges than there are bytes, at the least cost of counting


def letters(alphabet, count):
    return "".join(alphabet[n] for n in torch.randint(len(alphabet), (count,)).tolist())


def start(text, fault=None):
    """The segments that are merged on their own: one, the whole text's bytes, unless a fault cuts it."""
    if fault == "lowercases":
        text = text.lower()
    if fault == "strips":
        text = text.strip()
    if fault == "normalises":
        text = unicodedata.normalize("NFC", text)
    if fault == "characters":
        return [[each.encode() for each in text]]
    if fault == "splits":
        return [[bytes([b]) for b in word.encode()] for word in text.split()]
    if fault == "splits_lines":
        return [[bytes([b]) for b in line.encode()] for line in text.splitlines(keepends=True)]
    if fault == "splits_words":
        words, own = [], ""
        for each in text:
            if own and each.isspace() and not own[-1].isspace():
                words.append(own)
                own = ""
            own += each
        return [[bytes([b]) for b in word.encode()] for word in [*words, own]]
    return [[bytes([b]) for b in text.encode()]]


def merged(tokens, pair, fault=None):
    if fault == "right_to_left":
        return [
            each[::-1] for each in merged([each[::-1] for each in reversed(tokens)], (pair[1][::-1], pair[0][::-1]))
        ][::-1]
    out, n, done = [], 0, False
    while n < len(tokens):
        if tuple(tokens[n : n + 2]) == pair and not (done and fault == "one_occurrence"):
            out.append(tokens[n] + tokens[n + 1])
            n, done = n + 2, True
        else:
            out.append(tokens[n])
            n += 1
    return out


def counted(segments, fault=None):
    if fault == "without_overlap":
        counts = Counter()
        for tokens in segments:
            n, last = 0, None
            while n + 1 < len(tokens):
                pair = (tokens[n], tokens[n + 1])
                if pair == last and pair[0] == pair[1]:
                    last = None  # the middle token of a run is used up
                else:
                    counts[pair] += 1
                    last = pair
                n += 1
        return counts
    if fault == "substrings":
        whole = b"".join(b"".join(each) for each in segments)
        return Counter({pair: whole.count(pair[0] + pair[1]) for tokens in segments for pair in pairwise(tokens)})
    return Counter(pair for tokens in segments for pair in pairwise(tokens))


def chosen(counts, numbers, fault=None):
    """The pair that is merged next."""
    most = max(counts.values())
    ties = [pair for pair, count in counts.items() if count == most]
    match fault:
        case "first_seen":
            return ties[0]
        case "last_seen":
            return ties[-1]
        case "largest":
            return max(ties)
        case "token_ids":
            return min(ties, key=lambda pair: (numbers[pair[0]], numbers[pair[1]]))
        case "joined":
            return min(ties, key=lambda pair: pair[0] + pair[1])
        case "without_case":
            return min(ties, key=lambda pair: (pair[0].lower(), pair[1].lower(), pair))
        case "rarest":
            return min(counts, key=lambda pair: (counts[pair], pair))
    return min(ties)


@functools.cache
def trained(text, num_merges, fault=None):
    """The merges, never to be changed: those of the fixed texts are kept from one judgement to the next."""
    if isinstance(fault, str) and fault.startswith("at_most_"):
        num_merges = min(num_merges, int(fault.removeprefix("at_most_")))
    if isinstance(fault, int):  # only the first bytes are read
        text = text.encode()[:fault].decode("utf-8", "ignore")
    cap = int(fault.removeprefix("capped_")) if isinstance(fault, str) and fault.startswith("capped_") else None
    segments, merges = start(text, fault), []
    numbers = {bytes([n]): n for n in range(256)}
    if fault == "characters":
        numbers = {}
    least = {"singles": 1, "needs_three": 3}.get(fault, 2)
    if fault == "one_too_many":
        num_merges += 1
    if fault == "one_too_few":
        num_merges -= 1
    first = counted(segments)
    while len(merges) < num_merges:
        counts = counted(segments, fault)
        if fault == "never_recounts":
            counts = Counter({pair: count for pair, count in first.items() if pair not in merges})
        if cap is not None:
            counts = Counter({(a, b): count for (a, b), count in counts.items() if len(a + b) <= cap})
        if not counts:
            break
        pair = chosen(counts, numbers, fault)
        if max(counts.values()) < least:
            break
        merges.append(pair)
        numbers.setdefault(pair[0] + pair[1], 256 + len(numbers))
        segments = [merged(each, pair, fault) for each in segments]
    return merges


for each in ((POEM, 20), (POEM, 25), (POEM, 60), (UNICODE, 12), (UNICODE, 20), (LONG, 260)):
    trained(*each)


def encoded(text, merges, fault=None):
    if isinstance(fault, int):  # pieces of so many bytes
        (whole,) = start(text)
        return [each for n in range(0, len(whole), fault) for each in replayed(whole[n : n + fault], merges)]
    if fault in ("splits_lines", "splits_words"):
        return [each for part in start(text, fault) for each in encoded(b"".join(part).decode(), merges)]
    (tokens,) = start(text, "characters" if fault == "characters" else None)
    match fault:
        case "longest_match":
            return longest(b"".join(tokens), {a + b for a, b in merges})
        case "one_scan":
            return one_scan(tokens, set(merges))
        case "reversed_order":
            merges = merges[::-1]
        case "no_merges":
            merges = []
    return replayed(tokens, merges, fault)


def replayed(tokens, merges, fault=None):
    for pair in merges:
        tokens = merged(tokens, pair, fault)
    return tokens


def longest(data, words):
    out, n = [], 0
    while n < len(data):
        size = next((size for size in range(len(data) - n, 1, -1) if data[n : n + size] in words), 1)
        out.append(data[n : n + size])
        n += size
    return out


def one_scan(tokens, pairs):
    out, n = [], 0
    while n < len(tokens):
        size = 2 if tuple(tokens[n : n + 2]) in pairs else 1
        out.append(b"".join(tokens[n : n + size]))
        n += size
    return out


def train(solution, text, num_merges):
    merges = solution.train_bpe(text, num_merges)
    if isinstance(merges, list) and all(isinstance(each, bytes) for each in merges) and merges:
        raise Mistake("merged_tokens", got=merges[:4], expected=trained(text, 4))
    good = isinstance(merges, list) and all(is_pair(each) for each in merges)
    expect(good, "train_bpe returns a list of pairs of bytes", "train_bpe 应返回由 bytes 二元组构成的列表", got=short(merges),
           expected=short(trained(text, num_merges)))  # fmt: skip
    return merges


def is_pair(value):
    return isinstance(value, tuple) and len(value) == 2 and all(isinstance(each, bytes) for each in value)


def encode(solution, text, merges):
    tokens = solution.bpe_encode(text, list(merges))
    good = isinstance(tokens, list) and all(isinstance(each, bytes) for each in tokens)
    if not good and isinstance(tokens, list) and tokens and all(isinstance(each, str) for each in tokens):
        raise Mistake("strings", got=short(tokens), expected=short(encoded(text, merges)))
    expect(good, "bpe_encode returns a list of bytes", "bpe_encode 应返回由 bytes 构成的列表", got=short(tokens),
           expected=short(encoded(text, merges)))  # fmt: skip
    return tokens


def short(value):
    return value[:6] if isinstance(value, list) else value


def judge_training(solution, runs, **faults):
    """The merges of each (text, num_merges) are the right ones; else the mistake whose fault explains them all."""
    judge(solution, "merge", train, trained, runs, faults)


def judge_encoding(solution, runs, **faults):
    """As `judge_training`, for the tokens of each (text, merges)."""
    judge(solution, "token", encode, encoded, runs, faults)


def judge(solution, what, ask, answer, runs, faults):
    """The first text with another answer is told, under the very call that gave it."""
    found = [(text, given, ask(solution, text, given), solution.call) for text, given in runs]
    wrong = next((each for each in found if each[2] != answer(*each[:2])), None)
    if wrong is None:
        return
    text, given, got, solution.call = wrong
    want = answer(text, given)
    n = next((n for n, (a, b) in enumerate(zip(got, want, strict=False)) if a != b), min(len(got), len(want)))
    came, right = (str(each[n]) if n < len(each) else None for each in (got, want))
    sentence, shown = difference(what, n + 1, sample(text), came, right)
    for mistake, kinds in faults.items():
        for kind in kinds if isinstance(kinds, tuple) else (kinds,):
            if all(out == answer(each, argument, kind) for each, argument, out, _ in found):
                said = {"place": n + 1, "came": came or NOTHING, "right": right or NOTHING, "text": sample(text)}
                raise Mistake(mistake, found=sentence, **said, **shown)
    expect(False, sentence.en.rstrip("."), sentence.zh.rstrip("。"), **shown)


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


def sample(text):
    return repr(text if len(text) <= 30 else text[:29] + "…")


def test_interface(solution):
    """Positional and keyword arguments; pairs of bytes, tokens of bytes, a text."""
    merges = train(solution, "abababab cdcd", 2)
    expect(solution.train_bpe(text="abababab cdcd", num_merges=2) == merges, "by keyword the merges are others",
           "用关键字参数时得到的 merges 不同")  # fmt: skip
    tokens = encode(solution, "abcab", merges)
    expect(
        solution.bpe_encode(text="abcab", merges=merges) == tokens,
        "by keyword the tokens are others",
        "用关键字参数时得到的 token 不同",
    )
    text = solution.bpe_decode(tokens)
    expect(isinstance(text, str), "bpe_decode returns a str", "bpe_decode 应返回 str", got=text, expected="abcab")
    text = solution.bpe_decode(tokens=[b"a", b"bc"])
    expect(isinstance(text, str), "bpe_decode returns a str", "bpe_decode 应返回 str", got=text, expected="abc")


def test_most_frequent(solution):
    """The most frequent pair comes first, no ties among the candidates, and the pairs are counted again after each merge."""
    runs = [
        ("abxabyabzcdcdq", 1),
        ("xyxyxyxy-xy-ab-ab-ab", 1),
        ("abcabcabcabc-abcab-abab-de", 2),
        ("bcabcdbcdbcdbcdab", 2),
        ("zyzyzxzyzxzyx", 1),
    ]
    judge_training(solution, runs, never_recounts="never_recounts", rarest_first="rarest", one_too_many="one_too_many",
                   one_too_few="one_too_few", one_occurrence="one_occurrence")  # fmt: skip


def test_overlaps(solution):
    """aaaa has three of (a, a), though only two can be merged; merging goes from left to right. No ties here either."""
    runs = [("aaaaabcbcbc", 1), ("aaa", 1), ("aaabaaabaaabaaad", 2), ("xaaayaaazaaa", 2), ("a" * 23, 2)]
    judge_training(
        solution, runs, without_overlap="without_overlap", right_to_left="right_to_left", counts_substrings="substrings"
    )


def test_ties(solution):
    """Of equally frequent pairs the smallest in byte order, first elements first: not the first seen, not by number."""
    runs = [("zyzy-abab", 1), ("abab~zyzy", 1), ("baba", 1), ("abcabc zyzy zq", 3), ("abcxabc abdxabd", 8),
            ("zazbza zb", 4), ("aab-aab-ab-c~c~c", 6), ("éaéa zz", 2), ("xbcybczbc,abc;abc.abb-abb", 4)]  # fmt: skip
    runs += [(letters("abc", 40), 8) for _ in range(2)] + [
        (letters("zyxa", 60), 10),
        ("abab~ZYZY", 1),
        ("bBbB-AzAz", 1),
    ]
    judge_training(solution, runs, ties_first_seen="first_seen", ties_last_seen="last_seen", ties_largest="largest",
                   ties_by_number="token_ids", ties_joined="joined", ties_without_case="without_case")  # fmt: skip


def test_stops(solution):
    """Training ends when no pair occurs twice, however many merges were asked for; a pair that occurs twice is merged."""
    runs = [
        ("abcdef", 5),
        ("abab", 10),
        ("xyxy", 1),
        ("aaa", 10),
        ("abcabc", 100),
        ("aabb", 3),
        ("ab ab cd", 50),
        (letters("ab", 30), 200),
    ]
    judge_training(solution, runs, merges_singles="singles", needs_three="needs_three")


def test_empty(solution):
    """No text, one byte or character, no merges asked for: no merges, and tokens that are the bytes."""
    for text, count in (("", 5), ("", 0), ("a", 3), ("abab", 0)):
        try:
            merges = train(solution, text, count)
        except SubmissionError as error:
            if isinstance(error, ValueError) and not text and count:
                raise Mistake("empty_crashes", got=str(error)) from None
            raise
        expect(merges == [], f"train_bpe({text!r}, {count}) gives merges", f"train_bpe({text!r}, {count}) 返回了 merge", got=merges,
               expected=[])  # fmt: skip
    for text, merges in (("", [(b"a", b"b")]), ("", []), ("a", [(b"a", b"b")]), ("abc", []), ("é", [(b"a", b"b")])):
        tokens = encode(solution, text, merges)
        expect(tokens == encoded(text, merges), f"the tokens of {text!r} are others", f"{text!r} 的 token 不对", got=tokens,
               expected=encoded(text, merges))  # fmt: skip
    text = solution.bpe_decode([])
    expect(text == "", "no tokens give the empty text", "没有 token 时应得到空文本", got=text, expected="")


def test_bytes(solution):
    """The symbols are the bytes of the UTF-8, not characters: a merge may join part of a character."""
    runs = [("éèéèéê", 3), ("e\u0301 e\u0301 e\u0301 é", 4), (UNICODE, 12), ("你你你好好", 6), ("😀😃😀", 5)]
    judge_training(solution, runs, characters="characters", normalises="normalises")


def test_whole_text(solution):
    """Pairs reach across spaces, line ends, letters and digits; upper case, leading and trailing blanks, tabs and zero bytes are kept."""
    runs = [("a b a b a b", 3), ("to be or not to be", 8), ("x\ny\nx\ny\nx\n", 4), ("  ab  ab  ", 4), ("Ab ab Ab ab aB", 5),
            ("\t\t\r\n\r\n\0\0\0", 4), ("1212 a1b2 3434 a1b2", 7), (POEM, 25)]  # fmt: skip
    judge_training(
        solution,
        runs,
        pre_tokenises=("splits", "splits_words", "splits_lines"),
        lowercases="lowercases",
        strips="strips",
    )


def test_training(solution):
    """Longer texts, drawn from few letters: every merge in its place. A text of 1,400 bytes, a token of 64, and more
    merges than there are bytes."""
    runs = [
        ("ab" * 300 + "cd" * 400, 2),
        ("x" * 128, 6),
        (letters("ab", 150), 30),
        (letters("abcd ", 250), 40),
        (letters("aaab", 120), 25),
        (POEM, 60),
        (LONG, 260),
        (letters("你好é", 80), 30),
    ]
    judge_training(solution, runs, right_to_left="right_to_left", without_overlap="without_overlap", counts_substrings="substrings",
                   never_recounts="never_recounts", one_occurrence="one_occurrence", reads_the_start=(256, 500, 512, 1000, 1024),
                   caps_the_tokens=("capped_4", "capped_8", "capped_16", "capped_32"),
                   limits_the_merges=("at_most_64", "at_most_100", "at_most_128", "at_most_200", "at_most_255", "at_most_256"))  # fmt: skip


def test_encode(solution):
    """One pass per merge, in training order, each from left to right: on the text trained on and on others.

    The text is not cut: tokens reach across blanks and line ends, and, where a token of three bytes tells, across any
    power of two or ten.
    """
    runs = []
    for alphabet, count in (("ab", 12), ("aab", 8), ("abc", 25)):
        merges = trained(letters(alphabet, 200), count)
        runs += [(letters(alphabet, 60), merges), ("a" * 13, merges), (letters(alphabet, 40), merges[:3])]
    poem = trained(POEM, 60)
    runs += [
        (POEM, poem),
        ("the shellfish sat at the theatre", poem),
        (UNICODE, trained(UNICODE, 20)),
        ("界好你 naïf", trained(UNICODE, 20)),
    ]
    runs += [(text, trained(text, 4)) for text in ("x\ny\nx\ny\nx\n", "to be to be to be", "a\n\nb a\n\nb")]
    runs += [("abc" * 500, trained("abcabcabcabc", 2))]
    runs += [("abcab", [(b"b", b"c"), (b"a", b"b")]), ("aaaaa", [(b"a", b"a"), (b"aa", b"aa")])]
    judge_encoding(solution, runs, longest_match="longest_match", reversed_order="reversed_order", one_scan="one_scan",
                   encode_once_each="one_occurrence", encode_right_to_left="right_to_left", encode_characters="characters",
                   encode_no_merges="no_merges", encode_splits=("splits_lines", "splits_words"),
                   encode_in_pieces=(128, 256, 500, 512, 1000, 1024))  # fmt: skip


def test_decode(solution):
    """The bytes are joined before they are read as UTF-8: tokens may end inside a character."""
    cases = [([b"\xe4", b"\xbd\xa0", b"\xe5\xa5", b"\xbd"], "你好"), ([b"caf", b"\xc3", b"\xa9"], "café"), ([bytes([b]) for b in "😀 ok".encode()], "😀 ok"),
             ([b" a", b" ", b"\n", b"\0b "], " a \n\0b "), ([b"e\xcc", b"\x81"], "e\u0301"),
             ([b"\xef\xbb", b"\xbfx"], "\ufeffx")]  # fmt: skip
    for tokens, want in cases:
        try:
            got = solution.bpe_decode(tokens)
        except SubmissionError as error:
            if error.type == "UnicodeDecodeError":
                raise Mistake("decodes_each", got=str(error), expected=want) from None
            raise
        if solution.arguments()[0] != tokens:
            raise Mistake("changes_the_tokens", got=short(solution.arguments()[0]), expected=short(tokens))
        if got == "x" and want == "\ufeffx":
            raise Mistake("drops_the_mark", got=got, expected=want)
        if (
            got == "".join(each.decode("utf-8", "replace") for each in tokens) != want
            or got == "".join(each.decode("utf-8", "ignore") for each in tokens) != want
        ):
            raise Mistake("decodes_each", got=got, expected=want)
        if got == b"".join(tokens).decode("latin-1") != want:
            raise Mistake("decodes_latin", got=got, expected=want)
        expect(got == want, "the decoded text is another", "解码得到的文本不对", got=got, expected=want)


def test_round_trip(solution):
    """decode(encode(text)) is the text, whichever text the merges come from: also with marks that other tokenizers use."""
    merges = train(solution, POEM + UNICODE, 40)
    for text in (
        POEM,
        UNICODE,
        "\r\n\t \0",
        letters("abñ你😀 \n", 60),
        " ",
        "ﬁ ½ Å Å \u2581a\u0120b\u010a c</w> @@d ##e <unk>",
        "".join(map(chr, range(1, 300))),
        "\ufeffab\u2028",
    ):
        tokens = solution.bpe_encode(text, merges)
        back = solution.bpe_decode(tokens)
        expect(
            back == text,
            "decoding the tokens does not give the text back",
            "编码再解码没有得到原文",
            got=back,
            expected=text,
        )


def test_no_memory(solution):
    """Encoding uses the merges that it is given, not those of the latest training, and leaves the list as it was."""
    first, second = train(solution, "abababab", 2), train(solution, "cdcdcdcd", 2)
    expect(first == trained("abababab", 2) and second == trained("cdcdcdcd", 2), "a second training gives other merges than on its own",
           "第二次训练的结果受到了第一次的影响", got=second, expected=trained("cdcdcdcd", 2))  # fmt: skip
    tokens = encode(solution, "ababcdcd", first)
    if tokens == encoded("ababcdcd", second):
        raise Mistake("latest_training", got=tokens, expected=encoded("ababcdcd", first))
    expect(tokens == encoded("ababcdcd", first), "the tokens are not those of the merges given", "没有使用传入的 merges", got=tokens,
           expected=encoded("ababcdcd", first))  # fmt: skip
    for merges in (first, trained(POEM, 20)):  # the second in no other order than that of training
        solution.bpe_encode("ababab", merges)
        left = solution.arguments()[1]
        if left != merges:
            raise Mistake("changes_the_merges", got=short(left), expected=short(merges))
