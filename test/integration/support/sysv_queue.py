"""SysV message queues, by the C library's calls; the layout of msqid_ds is that of a 64-bit Linux."""

import ctypes
import os

_libc = ctypes.CDLL(None, use_errno=True)

_IPC_CREAT, _IPC_EXCL, _IPC_NOWAIT = 0o1000, 0o2000, 0o4000
_IPC_RMID, _IPC_SET, _IPC_STAT = 0, 1, 2


class _Permissions(ctypes.Structure):
    _fields_ = [("key", ctypes.c_int), ("uid", ctypes.c_uint), ("gid", ctypes.c_uint), ("cuid", ctypes.c_uint),
                ("cgid", ctypes.c_uint), ("mode", ctypes.c_uint), ("seq", ctypes.c_ushort), ("pad", ctypes.c_ushort),
                ("unused", ctypes.c_ulong * 2)]


class _Status(ctypes.Structure):
    _fields_ = [("perm", _Permissions), ("stime", ctypes.c_long), ("rtime", ctypes.c_long), ("ctime", ctypes.c_long),
                ("cbytes", ctypes.c_ulong), ("qnum", ctypes.c_ulong), ("qbytes", ctypes.c_ulong),
                ("lspid", ctypes.c_int), ("lrpid", ctypes.c_int), ("unused", ctypes.c_ulong * 2)]


def _checked(result, what):
    if result == -1:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


class SysvQueue:
    """A queue that is made here and removed at the end of the `with`. Key 0 is IPC_PRIVATE."""

    def __init__(self, key=0, mode=0o600):
        self.id = _checked(_libc.msgget(key, _IPC_CREAT | _IPC_EXCL | mode), f"msgget {key:#x}")
        self.label = f"0x{key:08x}" if key else f"id:{self.id}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()

    def send(self, payload, mtype=1):
        message = ctypes.create_string_buffer(mtype.to_bytes(8, "little") + payload)
        _checked(_libc.msgsnd(self.id, message, ctypes.c_size_t(len(payload)), 0), "msgsnd")

    def receive(self, mtype=0, size=8192):
        """Payload and type of the next message of that type (0: any); waits for one."""
        buffer = ctypes.create_string_buffer(8 + size)
        got = _checked(_libc.msgrcv(self.id, buffer, ctypes.c_size_t(size), ctypes.c_long(mtype), 0), "msgrcv")
        return buffer.raw[8:8 + got], int.from_bytes(buffer.raw[:8], "little")

    def state(self):
        """All that msgctl(IPC_STAT) tells."""
        status = self._status()
        state = {field: getattr(status, field)
                 for field in ("stime", "rtime", "ctime", "cbytes", "qnum", "qbytes", "lspid", "lrpid")}
        return state | {field: getattr(status.perm, field)
                        for field in ("key", "uid", "gid", "cuid", "cgid", "mode", "seq")}

    def set_bytes_limit(self, limit):
        status = self._status()
        status.qbytes = limit
        _checked(_libc.msgctl(self.id, _IPC_SET, ctypes.byref(status)), "msgctl(IPC_SET)")

    def remove(self):
        if self.id is not None:
            _libc.msgctl(self.id, _IPC_RMID, None)
            self.id = None

    def _status(self):
        status = _Status()
        _checked(_libc.msgctl(self.id, _IPC_STAT, ctypes.byref(status)), "msgctl(IPC_STAT)")
        return status
