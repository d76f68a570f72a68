# The names it provides are tensors and handles.
# must: crashed
# with: frames
instead({"value": [{"x": ["float32", [2], 0, False]}, {"h": [1, "dropout"]}, 5, None], "forbidden": []}, bytes(8), load=True)
