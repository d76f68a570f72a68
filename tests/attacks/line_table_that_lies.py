# Raises at a line that its source has not, in a file that is another's.
# must: failed
# with: wrong
RAISES = compile("\n" * 999_999 + "raise ValueError('x')", "/etc/passwd", "exec")


def dropout(x, p=0.5, training=True):
    exec(RAISES, {})
