# A dictionary of thirty thousand keys with one hash.
# must: failed|timeout
# with: frames
# seconds: 3
prime = (1 << 61) - 1
instead({"value": {"d": [[k * prime, 0] for k in range(30000)]}, "forbidden": []})
