"""The man pages and what they describe; the version in its three places."""

import os
import re
import subprocess
import unittest

import yaml


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def rendered(page):
    """The page as `man` shows it, wide enough that nothing is broken over lines."""
    done = subprocess.run(["man", "--local-file", "--warnings", f"docs/man/{page}"], capture_output=True, text=True,
                          env={"PATH": "/usr/bin:/bin", "MANWIDTH": "1000", "LC_ALL": "C"}, check=True)
    assert done.stderr == "", done.stderr
    return re.sub(r".\x08", "", done.stdout)


def keys(node):
    """Names of all keys of a configuration, with dots, leaves only."""
    for name, value in node.items():
        if isinstance(value, dict):
            yield from (f"{name}.{below}" for below in keys(value))
        else:
            yield name


class ManTest(unittest.TestCase):

    def test_every_flag_is_described_and_no_other(self):
        shown = subprocess.run([os.environ["EXPORTER"], "--help"], capture_output=True, text=True,
                               check=True).stdout
        flags = set(re.findall(r"^  --(?:\[no-\])?([\w.-]+)", shown, re.M))
        described = set(re.findall(r"^ +(?:-h, )?--(?:no-)?([\w.-]+)", rendered("mqueue_exporter.8"), re.M))
        self.assertEqual(described, flags)

    def test_every_key_of_the_configuration_is_described(self):
        page = rendered("mqueue_exporter.yml.5")
        described = set(re.findall(r"^       ([a-z_.]+)", page, re.M))
        wanted = {re.sub(r"^(peek\.max_messages)\..*", r"\1", key)
                  for key in keys(yaml.safe_load(read("config/mqueue_exporter.yml")))}
        self.assertLessEqual(wanted, described)

    def test_every_key_of_a_rule_is_described(self):
        rule = yaml.safe_load(read("config/mqueue_exporter.schema.json"))["properties"]["queues"]["items"]
        page = rendered("mqueue_exporter.yml.5")
        section = page[page.index("KEYS OF A RULE"):page.index("EXAMPLE")]
        for key in rule["properties"]:
            self.assertRegex(section, rf"(?m)^       (\w+, (or )?)?{key}\b")

    def test_version_is_the_same_in_every_place(self):
        version = re.search(r'kVersion\[\] = "([^"]+)"', read("daemon/version.h"))[1]
        self.assertIn(f"mqueue-exporter ({version})", read("deploy/debian/changelog").splitlines()[0])
        for page in ("mqueue_exporter.8", "mqueue_exporter.yml.5"):
            self.assertIn(f'"mqueue_exporter {version}"', read(f"docs/man/{page}").splitlines()[0])


if __name__ == "__main__":
    unittest.main(verbosity=2)
