"""POSIX message queues, by the C library's calls."""

import ctypes
import os
import time

_libc = ctypes.CDLL(None, use_errno=True)


class _Attributes(ctypes.Structure):
    _fields_ = [("flags", ctypes.c_long), ("maxmsg", ctypes.c_long), ("msgsize", ctypes.c_long),
                ("curmsgs", ctypes.c_long), ("reserved", ctypes.c_long * 4)]


def _checked(result, what):
    if result == -1:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


class PosixQueue:
    """A queue that is made here and removed at the end of the `with`. `name` is bytes, with the leading slash."""

    def __init__(self, name, maxmsg=8, msgsize=64, mode=0o600):
        self.name = name
        self.msgsize = msgsize
        attributes = _Attributes(maxmsg=maxmsg, msgsize=msgsize)
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        self.fd = _checked(_libc.mq_open(name, flags, mode, ctypes.byref(attributes)), f"mq_open {name!r}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()

    def send(self, payload, priority=0):
        _checked(_libc.mq_send(self.fd, payload, ctypes.c_size_t(len(payload)), priority), "mq_send")

    def receive(self):
        """Payload and priority of the next message; waits for one."""
        buffer = ctypes.create_string_buffer(self.msgsize)
        priority = ctypes.c_uint()
        size = _checked(_libc.mq_receive(self.fd, buffer, ctypes.c_size_t(self.msgsize), ctypes.byref(priority)),
                        "mq_receive")
        return buffer.raw[:size], priority.value

    def state(self):
        """All that mq_getattr and fstat tell."""
        attributes = _Attributes()
        _checked(_libc.mq_getattr(self.fd, ctypes.byref(attributes)), "mq_getattr")
        status = os.fstat(self.fd)
        return {
            "maxmsg": attributes.maxmsg, "msgsize": attributes.msgsize, "curmsgs": attributes.curmsgs,
            "uid": status.st_uid, "gid": status.st_gid, "mode": status.st_mode, "inode": status.st_ino,
            "atime": status.st_atime_ns, "mtime": status.st_mtime_ns, "ctime": status.st_ctime_ns,
            "links": status.st_nlink,
        }

    def wait_for_new_second(self):
        """The file system keeps whole seconds: after this, any touch of a time shows."""
        before = int(time.time())
        while int(time.time()) <= before:
            time.sleep(0.05)

    def remove(self):
        if self.fd is not None:
            os.close(self.fd)
            self.fd = None
            _libc.mq_unlink(self.name)
