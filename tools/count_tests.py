#!/usr/bin/python3
"""Counts the test cases that a Bazel build event file tells of.

usage: count_tests.py EVENTS    prints "PASSED FAILED"

A target whose runner wrote a JUnit report counts by its cases, any other as one; a target that could not be built, or
that failed without naming a case, is one failure.
"""

import json
import sys
import urllib.parse
import urllib.request
import xml.etree.ElementTree


def cases(report_uri):
    """Passed and failed cases of one test.xml; (0, 0) where there is no report to read."""
    try:
        root = xml.etree.ElementTree.parse(urllib.request.url2pathname(urllib.parse.urlparse(report_uri).path))
    except (OSError, xml.etree.ElementTree.ParseError):
        return 0, 0
    outcomes = [
        case.find("failure") is not None or case.find("error") is not None
        for case in root.iter("testcase")
        if case.get("status") != "notrun" and case.find("skipped") is None
    ]
    return outcomes.count(False), outcomes.count(True)


def count(events):
    passed = failed = 0
    for event in map(json.loads, events):
        if "testResult" in event:
            result = event["testResult"]
            reports = [file["uri"] for file in result.get("testActionOutput", []) if file["name"] == "test.xml"]
            good, bad = cases(reports[0]) if reports else (0, 0)
            if result["status"] == "PASSED":
                passed += max(good, 1)
            else:
                passed += good
                failed += max(bad, 1)
        elif "targetCompleted" in event["id"] and not event.get("completed", {}).get("success", False):
            failed += 1
    return passed, failed


def main():
    with open(sys.argv[1], encoding="utf-8") as events:
        print(*count(events))


if __name__ == "__main__":
    main()
