# Numbers of 4,000 digits wherever a number is read.
# must: failed
# with: frames
n = 10 ** 4000
instead({"value": {"x": ["float32", [n], n, False]}, "graph": n, "live": [n, -n], "changed": [n], "initial_seed": n, "forbidden": []})
