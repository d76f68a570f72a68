# The list of forbidden calls is a number.
# must: crashed
# with: frames
instead({"value": ["dropout"], "forbidden": 5}, load=True)
