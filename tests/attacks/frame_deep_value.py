# A value nested deeper than any tensor.
# must: failed|crashed
# with: frames
value = 1
for _ in range(400):
    value = [value]
instead({"value": value, "forbidden": []})
