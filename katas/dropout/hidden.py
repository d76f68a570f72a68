"""Checks for `dropout(x, p=0.5, training=True)`: those of the family, a coin an element."""

from interview.grading.checks.callers import Function
from interview.grading.checks.dropout_family import Family

dropout = Family(call=Function("dropout"))

test_from_scratch = dropout.from_scratch()
test_range_of_p = dropout.range_of_p()
test_interface = dropout.interface()
test_input_untouched = dropout.input_untouched()
test_eval_identity = dropout.eval_identity()
test_eval_repeats = dropout.eval_repeats()
test_survivors = dropout.survivors()
test_rate = dropout.rate()
test_extreme_p = dropout.extreme_p()
test_expectation = dropout.expectation()
test_own_coin = dropout.own_coin()
test_fresh_mask = dropout.fresh_mask()
test_count_varies = dropout.count_varies()
test_generator = dropout.generator()
test_gradient = dropout.gradient()
test_p_zero = dropout.p_zero()
test_p_one = dropout.p_one()
test_dtypes = dropout.dtypes()
test_shapes = dropout.shapes()
test_device = dropout.device()
