"""Namespaces of a test's own: its queues, ports, mounts and limits are nobody else's."""

import ctypes
import fcntl
import os
import socket
import struct

_CLONE_NEWNS = 0x00020000
_CLONE_NEWIPC = 0x08000000
_CLONE_NEWNET = 0x40000000
_MS_REC_PRIVATE = 0x4000 | 0x40000
_MNT_DETACH = 2
_SIOCSIFFLAGS = 0x8914
_IFF_UP_RUNNING = 0x41

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result, what):
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}; the integration tests need root")


def isolate():
    """Moves this process and those that it will start into new IPC, network and mount namespaces, with loopback up."""
    _check(_libc.unshare(_CLONE_NEWIPC | _CLONE_NEWNET | _CLONE_NEWNS), "unshare")
    # Without this, mounts would spread to the host.
    _check(_libc.mount(b"none", b"/", None, _MS_REC_PRIVATE, None), "mount --make-rprivate /")
    _unmount_mqueues()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", _IFF_UP_RUNNING))


def _unmount_mqueues():
    """What the host has mounted shows the queues of the host's IPC namespace."""
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as mounts:
        found = [line.split()[4] for line in mounts if " - mqueue " in line]
    for directory in found:
        _check(_libc.umount2(os.fsencode(directory), _MNT_DETACH), f"umount {directory}")


def mount_mqueue(directory):
    """Mounts the test's POSIX queues at `directory`, for nobody but the test and its children."""
    _check(_libc.mount(b"mqueue", os.fsencode(directory), b"mqueue", 0, None), "mount -t mqueue")


def mount_tmpfs(directory):
    """Hides what is in `directory` behind an empty file system."""
    _check(_libc.mount(b"none", os.fsencode(directory), b"tmpfs", 0, None), "mount -t tmpfs")


def set_limit(name, value):
    """Sets a sysctl of the IPC namespace, such as fs/mqueue/queues_max."""
    with open(f"/proc/sys/{name}", "w", encoding="ascii") as limit:
        limit.write(str(value))


def ipc_namespace(pid="self"):
    """What the ipc_namespace label says of the test's queues, or of those of another process."""
    return str(os.stat(f"/proc/{pid}/ns/ipc").st_ino)
