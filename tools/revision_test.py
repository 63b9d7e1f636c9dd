#!/usr/bin/python3
"""What tools/revision prints in a repository, in a changed one, and in an unpacked archive."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

_SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "revision")


class RevisionTest(unittest.TestCase):

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self._tree = os.path.join(os.path.realpath(directory.name), "tree")
        os.makedirs(os.path.join(self._tree, "tools"))
        os.makedirs(os.path.join(self._tree, "deploy/debian"))
        shutil.copy(_SCRIPT, os.path.join(self._tree, "tools/revision"))
        self._changelog = os.path.join(self._tree, "deploy/debian/changelog")
        with open(self._changelog, "w", encoding="utf-8") as changelog:
            changelog.write("mqueue-exporter (1.2.3-4) bookworm; urgency=medium\n\n  * New.\n")

    def _git(self, *arguments, tree=None):
        identity = ["-c", "user.name=a", "-c", "user.email=a@example"]
        done = subprocess.run(["git", *identity, *arguments], cwd=tree or self._tree, check=True,
                              stdout=subprocess.PIPE, text=True, env={"PATH": os.environ["PATH"], "HOME": self._tree})
        return done.stdout.strip()

    def _revision(self):
        done = subprocess.run([os.path.join(self._tree, "tools/revision")], check=True, stdout=subprocess.PIPE,
                              text=True, env={"PATH": os.environ["PATH"], "HOME": self._tree})
        return done.stdout.strip()

    def _commit(self):
        self._git("init", "--quiet")
        self._git("add", ".")
        self._git("commit", "--quiet", "--message=one")
        return self._git("rev-parse", "HEAD")

    def test_clean_tree_is_its_commit(self):
        commit = self._commit()
        self.assertTrue(re.fullmatch("[0-9a-f]{40}", commit))
        self._git("tag", "v1")
        self.assertEqual(self._revision(), commit)

    def test_changed_tree_is_dirty(self):
        commit = self._commit()
        with open(self._changelog, "a", encoding="utf-8") as changelog:
            changelog.write("more\n")
        self.assertEqual(self._revision(), commit + "-dirty")

    def test_archive_is_the_version_of_its_changelog(self):
        self.assertEqual(self._revision(), "1.2.3-4")

    def test_repository_around_an_archive_does_not_count(self):
        self._git("init", "--quiet", tree=os.path.dirname(self._tree))
        self.assertEqual(self._revision(), "1.2.3-4")


if __name__ == "__main__":
    unittest.main()
