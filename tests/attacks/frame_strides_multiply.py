# One float with strides of zero: a tensor of 2^34 elements, to be copied by the judge.
# must: failed
# with: frames
size = 1 << 17
instead({"value": {"x": ["float32", [size, size], 0, True, [0, 0]]}, "graph": 1, "live": [0], "changed": [], "forbidden": []}, b"abcd")
