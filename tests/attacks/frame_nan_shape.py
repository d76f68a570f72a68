# NaN and infinity as sizes and offsets.
# must: failed
# with: frames
instead(b'{"value": {"x": ["float32", [NaN, Infinity], NaN, false]}, "forbidden": []}')
