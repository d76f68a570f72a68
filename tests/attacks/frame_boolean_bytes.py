# Booleans that are neither 0 nor 1.
# must: failed
# with: frames
instead({"value": {"x": ["bool", [20, 20], 0, False]}, "forbidden": []}, b"\xff" * 400)
