# A regular expression that holds the GIL for ever.
# must: timeout
# seconds: 1
import re
re.match(r"(a+)+$", "a" * 60 + "b")
