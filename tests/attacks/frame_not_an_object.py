# A header that is a list.
# must: crashed|failed
# with: frames
instead([1, 2, 3], load=True)
