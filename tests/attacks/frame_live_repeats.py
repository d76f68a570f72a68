# Names the same output two hundred times as live: each would be copied.
# must: failed|timeout
# with: frames
# seconds: 3
size = 16 << 20
instead({"value": {"x": ["float32", [size], 0, False]}, "graph": 1, "live": [0] * 200, "forbidden": []}, bytes(4 * size))
