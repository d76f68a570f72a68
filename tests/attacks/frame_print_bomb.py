# A list that holds a tensor of 27 dimensions: to print it takes hours.
# must: failed|timeout
# with: frames
# seconds: 2
instead({"value": [{"x": ["bool", [2] * 27, 0, False]}], "forbidden": []}, bytes(1 << 27))
