# Sets a readable file's flags through ioctl, to what they are.
# must: crashed
# with: raw, right
flags = ctypes.c_long(0)
descriptor = os.open(os.__file__, os.O_RDONLY)
call("ioctl", descriptor, 0x80086601, ctypes.byref(flags))  # FS_IOC_GETFLAGS
call("ioctl", descriptor, 0x40086602, ctypes.byref(flags))  # FS_IOC_SETFLAGS
