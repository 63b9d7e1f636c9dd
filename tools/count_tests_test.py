#!/usr/bin/python3
"""What make test counts."""

import json
import os
import tempfile
import unittest

from count_tests import count


def result(status, report=None):
    output = [{"name": "test.xml", "uri": "file://" + report}] if report else []
    return json.dumps({"id": {"testResult": {}}, "testResult": {"status": status, "testActionOutput": output}})


def completed(success):
    return json.dumps({"id": {"targetCompleted": {}}, "completed": {"success": True} if success else {}})


class CountTest(unittest.TestCase):

    def _report(self, cases):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        path = os.path.join(directory.name, "test.xml")
        with open(path, "w", encoding="utf-8") as report:
            report.write(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
        return path

    def test_cases_of_a_report_are_counted(self):
        report = self._report("<testcase/><testcase/><testcase status='notrun'/><testcase><skipped/></testcase>")
        self.assertEqual(count([completed(True), result("PASSED", report)]), (2, 0))

    def test_failed_cases_are_told_from_passed_ones(self):
        report = self._report("<testcase/><testcase><failure/></testcase><testcase><error/></testcase>")
        self.assertEqual(count([result("FAILED", report)]), (1, 2))

    def test_target_without_a_report_is_one_case(self):
        self.assertEqual(count([result("PASSED"), result("PASSED", "/nowhere.xml")]), (2, 0))

    def test_target_that_fails_without_naming_a_case_is_one_failure(self):
        self.assertEqual(count([result("TIMEOUT", self._report("<testcase/>"))]), (1, 1))

    def test_target_that_cannot_be_built_is_a_failure(self):
        self.assertEqual(count([completed(False), completed(True)]), (0, 1))

    def test_no_event_is_no_case(self):
        self.assertEqual(count([]), (0, 0))


if __name__ == "__main__":
    unittest.main()
