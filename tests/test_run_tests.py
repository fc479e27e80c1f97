"""The summary of a run of the suites names what failed: it is all that is seen of a long run."""

import runpy
from pathlib import Path

SCRIPT = runpy.run_path(str(Path(__file__).parent.parent / "scripts" / "run_tests.py"))
MOST_NAMED, named, read_failed = (SCRIPT[name] for name in ("MOST_NAMED", "named", "read_failed"))

REPORT = """<testsuites><testsuite tests="4" failures="1" errors="2">
<testcase classname="tests.a.test_b" file="tests/a/test_b.py" name="test_good"/>
<testcase classname="tests.a.test_b" file="tests/a/test_b.py" name="test_bad[1]"><failure/></testcase>
<testcase classname="tests.a.test_b" file="tests/a/test_b.py" name="test_bad[1]"><error/></testcase>
<testcase classname="" name="tests.a.test_c"><error/></testcase>
</testsuite></testsuites>"""


def test_each_failed_test_is_named_once_with_its_file(tmp_path):
    report = tmp_path / "report.xml"
    assert read_failed(report) == ()
    report.write_text(REPORT)
    assert read_failed(report) == ("tests/a/test_b.py::test_bad[1]", "tests.a.test_c")


def test_a_suite_that_is_broken_whole_does_not_hide_the_others():
    names = tuple(f"tests/test_a.py::test_{n}" for n in range(MOST_NAMED + 2))
    assert named(names[:MOST_NAMED]) == list(names[:MOST_NAMED])
    assert named(names) == [*names[:MOST_NAMED], "and 2 more; their names are above"]
