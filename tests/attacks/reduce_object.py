# An object whose __reduce__ runs a command when unpickled.
# must: failed
import os
class Bomb:
    def __reduce__(self):
        return os.system, ("touch /tmp/interview-attack-marker/reduced",)
def dropout(x, p=0.5, training=True):
    return Bomb()
