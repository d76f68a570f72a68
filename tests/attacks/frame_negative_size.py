# Negative sizes, offsets and strides.
# must: failed
# with: frames
answers = [[["float32", [-4], 0, False]], [["float32", [4], -4, False]], [["float32", [4], 0, False, [-1]]]]
instead({"value": [{"x": each[0]} for each in answers], "forbidden": []}, b"x" * 64)
