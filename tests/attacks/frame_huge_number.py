# A number of a million digits.
# must: crashed
# with: frames
instead(b'{"value": ' + b"9" * 900_000 + b"}", load=True)
