"""The summary of a run of the suites names what failed: it is all that is seen of a long run."""

import runpy
from pathlib import Path

SCRIPT = runpy.run_path(str(Path(__file__).parent.parent / "scripts" / "run_tests.py"))
MOST_NAMED, coverage_gates, named, read_failed = (
    SCRIPT[name] for name in ("MOST_NAMED", "coverage_gates", "named", "read_failed")
)

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


def measured(*, ran, missing_lines=(), missing_branches=()):
    """Return what is measured of a file of which `ran` lines were run."""
    lines, branches = list(missing_lines), list(missing_branches)
    return {
        "missing_lines": lines,
        "missing_branches": branches,
        "summary": {
            "covered_lines": ran,
            "missing_lines": len(lines),
            "covered_branches": 0,
            "missing_branches": len(branches),
        },
    }


def test_a_line_or_branch_of_a_rule_that_did_not_run_is_named(capsys):
    view = measured(ran=970, missing_lines=range(30))
    rule = measured(ran=30, missing_branches=[[4, 7]])
    overall, rules = coverage_gates({"a/views.py": view, "a/domain/rules.py": rule})
    assert (overall.said, overall.is_bad) == ("96.99% overall, 90% wanted", False)
    assert (rules.said, rules.is_bad) == ("96.77% domain and actions, 100% wanted", True)
    assert capsys.readouterr().out == "a/domain/rules.py: [[4, 7]]\n"


def test_rules_and_writes_that_ran_whole_are_enough(capsys):
    files = {"a/actions/x.py": measured(ran=3), "a/domain.py": measured(ran=2)}
    assert [gate.is_bad for gate in coverage_gates(files)] == [False, False]
    assert capsys.readouterr().out == ""
