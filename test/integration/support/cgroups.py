"""Control groups of a test's own."""

import os
import subprocess
import tempfile


def _version_1():
    """The controllers that have a hierarchy of version 1 on this host."""
    with open("/proc/self/cgroup", encoding="utf-8") as groups:
        controllers = [line.split(":")[1] for line in groups]
    return [name for name in controllers if name and not name.startswith("name=")]


# Those that are mounted together, as one string such as "cpu,cpuacct".
VERSION_1 = _version_1()


class Cgroups:
    """A hierarchy, mounted for the test alone. Its processes go back to the root at the end of the `with`."""

    def __init__(self, kind, controllers):
        self.kind = kind
        self.controllers = controllers
        self.made = []
        self.moved = []

    def __enter__(self):
        self._directory = tempfile.mkdtemp()
        subprocess.run(["mount", "-t", self.kind, "-o", self.controllers, "none", self._directory]
                       if self.kind == "cgroup" else ["mount", "-t", self.kind, "none", self._directory], check=True)
        return self

    def __exit__(self, *_):
        for pid in self.moved:
            self._write(pid, "")
        for group in reversed(self.made):
            os.rmdir(os.path.join(self._directory, group))
        subprocess.run(["umount", self._directory], check=True)
        os.rmdir(self._directory)

    def move(self, pid, path):
        """Puts the process into that group, relative to the root, which is made where there is none."""
        for end in [i for i, character in enumerate(path + "/") if character == "/" and path]:
            group = path[:end]
            if not os.path.isdir(os.path.join(self._directory, group)):
                os.mkdir(os.path.join(self._directory, group))
                self.made.append(group)
        self.moved.append(pid)
        self._write(pid, path)

    def _write(self, pid, path):
        with open(os.path.join(self._directory, path, "cgroup.procs"), "w", encoding="ascii") as processes:
            processes.write(str(pid))
