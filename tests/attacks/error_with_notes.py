# Terminal escapes in the notes, the cause and the group of an exception.
# must: crashed
error = ExceptionGroup("\x1b[2J\u202e", [ValueError("\x9b31m"), RuntimeError("\x1b]0;owned\x07")])
error.add_note("\x1b[31mpassed\x1b[0m\r\u2066")
raise error from KeyError("\x1b[2J")
