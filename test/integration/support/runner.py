"""Runs the tests of one file and leaves a JUnit report where Bazel asks for one."""

import os
import sys
import time
import unittest
from xml.sax.saxutils import quoteattr

from support.isolation import isolate


class _Result(unittest.TextTestResult):
    """Keeps each test's name, seconds and outcome."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.cases = []

    def startTest(self, test):
        super().startTest(test)
        self._begin = time.monotonic()

    def stopTest(self, test):
        super().stopTest(test)
        broken = [text for case, text in self.failures + self.errors if case is test or
                  getattr(case, "test_case", None) is test]
        self.cases.append((test.id(), time.monotonic() - self._begin, broken))

    def write(self, path):
        with open(path, "w", encoding="utf-8") as report:
            report.write(f'<testsuites><testsuite name="integration" tests="{len(self.cases)}">\n')
            for name, seconds, broken in self.cases:
                inside = "".join(f"<failure message={quoteattr(text)}/>" for text in broken)
                report.write(f'<testcase name={quoteattr(name)} time="{seconds:.3f}">{inside}</testcase>\n')
            report.write("</testsuite></testsuites>\n")


def main():
    """The `main` of every test file."""
    isolate()
    runner = unittest.TextTestRunner(verbosity=2, resultclass=_Result)
    result = runner.run(unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"]))
    if path := os.environ.get("XML_OUTPUT_FILE"):
        result.write(path)
    sys.exit(not result.wasSuccessful() or result.testsRun == 0)
