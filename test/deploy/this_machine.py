"""The machine that the tests run in, where it is one of its own: a virtual one. The same words as machine.Machine."""

import os
import subprocess
import sys
import textwrap

from support.exposition import Exposition


class ThisMachine:

    root = ""

    def run(self, *command, check=True):
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600, check=False)
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
        return done

    def python(self, code, user=0):
        return self.run("setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", sys.executable, "-c",
                        f"import sys; sys.path.insert(0, {os.getcwd()!r})\n" + textwrap.dedent(code)).stdout

    def get(self, path):
        return self.run("curl", "--silent", "--show-error", "--fail", f"http://127.0.0.1:9992{path}").stdout

    def scrape(self):
        return Exposition(self.get("/metrics"))

    def write(self, path, text):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def read(self, path):
        with open(path, encoding="utf-8") as file:
            return file.read()

    def user_id(self, name):
        return int(self.run("id", "--user", name).stdout)

    def pid_here(self, pid):
        return pid
