"""Sentences that were false of the code they were told to, and numbers that nobody had written."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from judging import grade, grading, shipped_source

from interview.cli.world import shipped
from interview.content.katas.kata_file import load_kata
from interview.grading.client import Grader
from interview.grading.verdict import CheckResult, Outcome, Verdict

ENGLISH = re.compile(r"[a-z]{2,} [a-z]{2,}")

MINE, MODULE = (">= p", "< p"), (">= self.p", "< self.p")  # kept with p
NO_SCALE, SCALE = ("/ (1.0 - p)", "/ 1.0"), "1 / (1 - self.p) if self.p < 1 else 0.0"
UNSCALED = {
    **dict.fromkeys(("dropout", "dropout2d", "drop-path"), (MINE, NO_SCALE)),
    "fix-dropout": (("> p)", "< p)"), NO_SCALE),
    **dict.fromkeys(("dropout-module", "dropout-backward"), (MODULE, (SCALE, "1.0"))),
}
KEEPS = {
    "fix-dropout": (("> p)", "< p)"), ("/ (1.0 - p)", "/ p")),
    **dict.fromkeys(("dropout-module", "dropout-backward"), (MODULE, (SCALE, "1 / max(self.p, 1e-9)"))),
}


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with grading() as one:
        yield one


def verdict(grader: Grader, kata: str, *changes: tuple[str, str], base: str = "reference") -> Verdict:
    """Of a shipped submission with these changes."""
    source = shipped_source(kata, base)
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    return grade(grader, load_kata(shipped() / "katas" / kata), source, seed="6" * 16)


def told(result: Verdict) -> dict[str, str]:
    """Check by check, the mistake that it tells."""
    return {each.check.id: each.told.id for each in result.checks if each.told}


def check(result: Verdict, name: str) -> CheckResult:
    return next(each for each in result.checks if each.check.id == name)


def test_a_decay_that_leaves_vectors_out_shares_no_state(grader: Grader) -> None:
    """adamw: the state's check does not decay, so a habit of decaying passes it."""
    found = told(verdict(grader, "adamw", base="vectors_not_decayed"))
    assert found["decay"] == "vectors_not_decayed"
    assert "shared_state" not in found.values()


@pytest.mark.parametrize(
    ("base", "name"),
    [("ties_largest", "ties"), ("merges_singles", "stops"), ("needs_three", "stops"), ("one_scan", "encode")],
)
def test_the_call_shown_is_the_one_that_failed(grader: Grader, base: str, name: str) -> None:
    """bpe: whoever repeats the call sees what is told; and in Chinese nothing is told in English."""
    found = check(verdict(grader, "bpe", base=base), name)
    assert found.got is not None
    assert found.call is not None
    assert found.told is not None
    assert found.expected is not None
    text = re.search(r"of '(.*?)…?' is", found.got.en)
    assert text is None or text[1] in found.call
    for said in (found.got.zh, found.expected.zh, found.told.text.zh):
        assert not ENGLISH.search(re.sub(r"'.*?'", "", said)), said


def test_nothing_expected_is_said_in_chinese(grader: Grader) -> None:
    """bpe: a merge too many is no `应为 nothing`, and a missing one no `是 nothing`."""
    many = check(
        verdict(grader, "bpe", ("< 2:", "< 1:"), ("key=lambda each: (-counts[each], each)", "key=counts.get")), "stops"
    )
    few = check(verdict(grader, "bpe", ("< 2:", "< 7:")), "most_frequent")
    for each in (many, few):
        assert each.message is not None
        assert each.got is not None
        assert each.expected is not None
        for text in (each.message, each.got, each.expected):
            assert not re.search(r"nothing|[a-z]{2,} [a-z]{2,}", re.sub(r"'.*?'", "", text.zh)), text


@pytest.mark.parametrize("fill", ["-1e4", "-2e4"])
def test_a_fill_is_not_given_a_number_it_does_not_have(grader: Grader, fill: str) -> None:
    """causal-attention: all finite fills above the scores look alike, so none of them is named."""
    found = check(verdict(grader, "causal-attention", ("-torch.inf)", f"{fill})")), "large_scores")
    assert found.told is not None
    assert found.told.id.startswith("weak_fill")
    assert not set(re.findall(r"\d+", found.told.text.en)) - {"30000", "16"}


@pytest.mark.parametrize(
    ("kata", "name", "old", "new"),
    [
        (
            "causal-attention",
            "finite_gradients",
            ".masked_fill(nothing, 0.0)\n    return weights @ v",
            "\n    return (weights @ v).nan_to_num(0.0)",
        ),
        ("attention-dropout", "empty_row", "return weights @ v", "return (weights @ v).nan_to_num(0.0)"),
    ],
)
def test_the_advice_against_a_nan_is_not_what_was_done(
    grader: Grader, kata: str, name: str, old: str, new: str
) -> None:
    """Both attentions: who fills the scores and mends the output is told of the weights."""
    changes = [(old, new)]
    if kata == "causal-attention":
        changes.append(("~seen & ~nothing", "~seen"))
    else:
        changes.append(
            ("    weights = weights.masked_fill(~allowed, 0.0)  # a row of -inf alone came out as NaN\n", "")
        )
    found = check(verdict(grader, kata, *changes), name)
    assert found.told is not None
    assert found.told.id == "nan_gradient"
    assert "weights to zero before" in found.told.text.en


def test_a_weight_that_is_no_parameter_has_its_mask_on_the_right_device(grader: Grader) -> None:
    """dropconnect: the device is asked of layers that move."""
    plain = ("nn.Parameter(torch.empty(out_features, in_features))", "torch.empty(out_features, in_features)")
    assert "device" not in told(verdict(grader, "dropconnect", plain))


def test_a_shared_mask_is_no_rounded_rate(grader: Grader) -> None:
    """dropconnect: with one mask for the batch too few coins are tossed for the bounds near 0 and 1."""
    shared = ("torch.rand(x.shape[0], *self.weight.shape", "torch.rand(1, *self.weight.shape")
    found = told(verdict(grader, "dropconnect", shared))
    assert found["own_coin"] == "shared_over_batch"
    assert "extreme_p" not in found


def test_a_division_by_zero_at_one_is_told_as_what_it_is(grader: Grader) -> None:
    """alpha-dropout: of a range that lets 1 in it is told how the call ends; where it ends well, that 1 is accepted."""
    lets_in = ("0.0 <= p < 1.0", "0.0 <= p <= 1.0")
    divided = told(verdict(grader, "alpha-dropout", lets_in))
    assert divided["range_of_p"] == "zero_division_at_one"
    ended = ("    if not training or p", "    if p == 1.0:\n        return x * 0\n    if not training or p")
    assert told(verdict(grader, "alpha-dropout", lets_in, ended))["range_of_p"] == "one_accepted"


def test_who_flattens_with_view_is_told_so_not_that_a_gradient_raised(grader: Grader) -> None:
    """dropout: the gradient beside a skip connection is that of a transpose, which is for `shapes` to speak of."""
    flat = ("return x * keep.to(x.dtype)", "return x.view(-1).view(x.shape) * keep.to(x.dtype)")
    result = verdict(grader, "dropout", flat)
    assert result.mistake is not None
    assert result.mistake.id == "flattens_with_view"
    assert check(result, "gradient").outcome is Outcome.NOT_REACHED


def test_a_call_without_p_is_told_by_what_it_dropped(grader: Grader) -> None:
    """alpha-dropout: another default has another value of the dropped, and its share is the one that was seen there."""
    found = check(verdict(grader, "alpha-dropout", ("p: float = 0.5", "p: float = 0.2")), "interface").told
    assert found is not None
    assert found.id == "other_default"
    assert re.search(r"(1[6-9]|2[0-4])% of the elements", found.text.en)


def test_a_cluster_that_nobody_fills_takes_no_lone_point(grader: Grader) -> None:
    """kmeans: without any filling nothing was taken; where two empty clusters take one point, that is said."""
    never = verdict(
        grader, "kmeans", ("new = fill_empty(x, centers, nearest(x, centers))", "new = nearest(x, centers)")
    )
    same = verdict(grader, "kmeans", ("labels[point], own[point] = empty, -1.0", "labels[point] = empty"))
    assert "takes_one_alone" not in told(never).values()
    assert "takes_one_alone" not in told(same).values()


def test_a_padding_index_is_not_called_the_last_row(grader: Grader) -> None:
    """locked-dropout: with padding_idx=0 row 0 has no gradient, and -1 has nothing to do with it."""
    rows = ("rows = weight[ids]", "rows = torch.nn.functional.embedding(ids, weight, padding_idx=0)")
    found = check(verdict(grader, "locked-dropout", rows), "embedding_gradient")
    assert found.told is not None
    assert found.told.id == "word_without_gradient"
    assert "-1" not in found.told.text.en


@pytest.mark.parametrize(
    "kata", ["dropout", "fix-dropout", "dropout2d", "dropout-module", "dropout-backward", "drop-path"]
)
def test_the_mean_without_a_scale_is_the_measured_one(grader: Grader, kata: str) -> None:
    """Unscaled and kept with p: at p = 0.3 the mean is 0.3 of the input's, not 0.7, and 1 - p is no cure."""
    found = check(verdict(grader, kata, *UNSCALED[kata]), "survivors").told
    assert found is not None
    assert found.id == "scale_missing"
    assert re.search(r"is only 0\.[23]\d of the input's", found.text.en)
    assert "1 - p" not in found.text.en


@pytest.mark.parametrize("kata", ["fix-dropout", "dropout-module", "dropout-backward"])
def test_who_keeps_with_p_is_not_told_that_he_keeps_with_the_rest(grader: Grader, kata: str) -> None:
    """p read as the probability of keeping, `(rand < p) / p`: what was kept was kept with p."""
    result = verdict(grader, kata, *KEEPS[kata])
    assert "scale_one_over_p" not in told(result).values()
    assert told(result)["rate"] in ("keeps_with_p", "p_is_keep")


def test_an_answer_that_does_nothing_has_caught_no_error(grader: Grader) -> None:
    """dropout: `return x` accepts every p, and says so; nothing is said of an assertion that is not there."""
    found = told(verdict(grader, "dropout", ("    if not 0.0 <= p", "    return x\n    if not 0.0 <= p")))
    assert found["range_of_p"] == "no_range_check"


def test_coins_of_another_rate_are_not_judged_by_this_one(grader: Grader) -> None:
    """dropout: who keeps with p is told of the rate and nothing of coins that are shared or repeated."""
    found = verdict(grader, "dropout", MINE)
    assert told(found)["rate"] == "keeps_with_p"
    for name in ("own_coin", "fresh_mask", "shapes"):
        assert (check(found, name).outcome, check(found, name).message) == (Outcome.NOT_REACHED, None)


@pytest.mark.parametrize("change", [("x.shape, device=x.device", "x.shape"), (">= p)", ">= p).float()")])
def test_a_division_by_zero_leads_before_a_device_or_a_dtype(grader: Grader, change: tuple[str, str]) -> None:
    """dropout: 1 / (1 - p) of Python's numbers raises at p = 1, which failed first."""
    source = (
        "import torch\n\n\ndef dropout(x, p=0.5, training=True):\n    if not 0 <= p <= 1:\n        raise ValueError\n"
    )
    source += "    if not training:\n        return x\n    scale = 1 / (1 - p)\n"
    source += "    return (torch.rand(x.shape, device=x.device) >= p) * x * scale\n"
    old, new = change
    assert old in source
    found = grade(grader, load_kata(shipped() / "katas" / "dropout"), source.replace(old, new), seed="6" * 16)
    assert found.mistake is not None
    assert found.mistake.id == "divides_by_zero"


def test_the_shape_that_is_told_is_that_of_the_call_that_is_shown(grader: Grader) -> None:
    """dropout: all shapes are asked for before any is judged."""
    change = ("return x * keep", "return x * (2 if x.dim() == 1 else 1) * keep")
    found = check(verdict(grader, "dropout", change), "shapes")
    assert found.message is not None
    shape = re.search(r"of shape (\([\d, ]*\))", found.message.en)
    assert shape is not None
    assert f"x: {shape[1]}" in (found.call or "")


@pytest.mark.parametrize("names", [("scale", "shift"), ("gamma", "beta"), ("a_2", "b_2")])
def test_parameters_of_other_names_are_applied_all_the_same(grader: Grader, names: tuple[str, str]) -> None:
    """layernorm: a layer that calls them otherwise is told so, and not that they are missing or not applied."""
    changes = (("self.weight", f"self.{names[0]}"), ("self.bias", f"self.{names[1]}"))
    found = verdict(grader, "layernorm", *changes)
    assert found.mistake is not None
    assert found.mistake.id == "other_names"
    assert str(sorted(names)) in found.mistake.text.en
    assert told(found) == {"parameters": "other_names"}
    assert {each.check.id for each in found.checks if each.outcome is Outcome.FAILED} == {"parameters"}


def test_axes_and_a_none_that_is_multiplied(grader: Grader) -> None:
    """layernorm: each is known by itself, and both together."""
    axes = (("mean(self.dims", "mean(tuple(range(1, x.dim()))"),)
    none = (("        if self.weight is not None:\n            y = y", "        y = y"),)
    for changes, name in ((axes, "all_but_the_first"), (none, "none_multiplied"), (none + axes, "none_multiplied")):
        found = verdict(grader, "layernorm", *changes)
        assert found.mistake is not None
        assert found.mistake.id == name


def test_the_maximum_of_another_axis_is_known(grader: Grader) -> None:
    """softmax: where only the maximum forgets `dim`."""
    found = verdict(grader, "softmax", ("amax(dim,", "amax(-1,"))
    assert found.mistake is not None
    assert found.mistake.id == "max_of_last_dim"


def test_a_layer_of_another_rate_is_not_suspected_of_its_surroundings(grader: Grader) -> None:
    """dropout-module: where the rate is another, neither no_grad, nor another layer, nor a gradient is to blame."""
    found = verdict(grader, "dropout-module", MODULE)
    assert found.mistake is not None
    assert found.mistake.id == "keeps_with_p"
    for name in ("two_layers", "no_grad", "gradient", "own_coin", "fresh_mask", "shapes"):
        assert (check(found, name).outcome, check(found, name).message) == (Outcome.NOT_REACHED, None)


def test_inplace_that_is_ignored_is_no_fault_of_no_grad(grader: Grader) -> None:
    """dropout-module: told at its own check, and nowhere else."""
    found = verdict(grader, "dropout-module", ("x.mul_(factor) if self.inplace else x * factor", "x * factor"))
    assert told(found) == {"inplace": "inplace_ignored"}
    assert {each.check.id for each in found.checks if each.outcome is Outcome.FAILED} == {"inplace"}


def test_a_dropped_value_of_its_own_says_nothing_of_coins(grader: Grader) -> None:
    """alpha-dropout: where the two values are others, rate and coins are not judged by the right ones."""
    change = ("return a * torch.where(keep, x, ALPHA_PRIME) + b", "return torch.where(keep, x, ALPHA_PRIME) / (1 - p)")
    found = verdict(grader, "alpha-dropout", change)
    assert found.mistake is not None
    assert found.mistake.id == "divided_by_keep"
    for name in ("rate", "extreme_p", "own_coin", "fresh_mask", "count_varies"):
        assert check(found, name).outcome is Outcome.NOT_REACHED


def test_coins_before_the_softmax_keep_nothing_on_purpose(grader: Grader) -> None:
    """attention-dropout: DropKey's rows share out what was dropped; nobody keeps one, and nothing is said of that."""
    change = (
        "    weights = torch.softmax(scores, dim=-1)\n",
        "    if training and dropout_p > 0.0:\n"
        "        scores = scores + torch.bernoulli(torch.full_like(scores, dropout_p)) * -1e12\n"
        "        dropout_p = 0.0\n"
        "    weights = torch.softmax(scores, dim=-1)\n",
    )
    found = verdict(grader, "attention-dropout", change)
    assert check(found, "survivors").outcome is Outcome.FAILED
    assert not {"row_never_empty", "keeps_at_least_one"} & set(told(found).values())
