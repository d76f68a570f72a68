# Objects with equal keys, the answer named twice.
# must: failed|crashed
# with: frames
instead(b'{"value": true, "value": {"d": [["a", 1], ["a", 2]]}, "error": null, "error": {"d": []}, "forbidden": []}')
