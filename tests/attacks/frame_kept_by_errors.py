# Answers that cannot be read after 254 MiB of them were: were they kept, the judge would run out of memory.
# must: failed|timeout
# with: frames
# seconds: 20
size = 127 << 20
whole, byte = {"x": ["uint8", [size], 0, False]}, {"x": ["uint8", [1], 0, False]}
instead({"value": [whole, byte, {"x": ["no dtype"]}]}, bytes(size + 1))
