# An exception whose __str__ ends the process.
# must: crashed
import os
class Liar(Exception):
    def __str__(self): os._exit(0)
def dropout(*a, **k):
    raise Liar
