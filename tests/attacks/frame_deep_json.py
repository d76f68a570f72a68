# A header nested a million deep.
# must: crashed
# with: frames
instead(b"[" * 1_000_000, load=True)
