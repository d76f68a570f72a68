# Two hundred tensors that share the same 64 MiB of one frame: 12 GiB for the judge.
# must: failed|timeout
# with: frames
# seconds: 3
size = 16 << 20
instead({"value": [{"x": ["float32", [size], 0, False]}] * 200, "graph": None, "forbidden": []}, bytes(4 * size))
