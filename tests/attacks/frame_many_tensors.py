# Fifteen thousand little tensors in one answer.
# must: failed|timeout
# with: frames
# seconds: 1
instead({"value": [{"x": ["float32", [1], 0, False]}] * 15000, "forbidden": []}, bytes(4))
