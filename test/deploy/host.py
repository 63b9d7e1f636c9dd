"""What any machine of the tests can be asked, given `root`, where its files lie for us, `run` and `get`."""

import os

from support.exposition import Exposition


def checked(done, command):
    """The process that is done; it has to have worked."""
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done


class Host:

    def scrape(self):
        return Exposition(self.get("/metrics"))

    def write(self, path, text):
        where = self.root + path
        os.makedirs(os.path.dirname(where), exist_ok=True)
        with open(where, "w", encoding="utf-8") as file:
            file.write(text)

    def read(self, path):
        with open(self.root + path, encoding="utf-8") as file:
            return file.read()

    def user_id(self, name):
        return int(self.run("id", "--user", name).stdout)
