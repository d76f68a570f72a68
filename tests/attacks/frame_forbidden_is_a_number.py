# The list of forbidden calls is a number.
# must: crashed|timeout
# with: frames
# seconds: 1
instead({"value": ["dropout"], "forbidden": 5}, load=True)
