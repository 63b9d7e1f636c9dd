"""The machine that the tests run in, where it is one of its own: a virtual one. The same words as machine.Machine."""

import os
import subprocess
import sys
import textwrap

from host import Host, checked


class ThisMachine(Host):

    root = ""

    def run(self, *command, check=True):
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600, check=False)
        return checked(done, command) if check else done

    def python(self, code, user=0):
        return self.run("setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", sys.executable, "-c",
                        f"import sys; sys.path.insert(0, {os.getcwd()!r})\n" + textwrap.dedent(code)).stdout

    def get(self, path):
        return self.run("curl", "--silent", "--show-error", "--fail", f"http://127.0.0.1:9992{path}").stdout

    def pid_here(self, pid):
        return pid
