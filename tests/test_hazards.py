"""The register of hazards names, for each, what keeps it and tests that exist."""

import ast
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
REGISTER = yaml.safe_load((ROOT / "docs" / "hazards.yaml").read_text(encoding="utf-8"))
LEVELS = {"BLOCK", "SIGNOFF", "WARN", "INFO"}


@cache
def names_of_tests(path):
    """The names of a file's test functions, which may stand in classes."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_every_row_has_an_id_of_its_own():
    ids = [row["id"] for row in REGISTER]
    assert len(ids) == len(set(ids))


def test_every_clinical_rule_has_its_row():
    rules = {row["id"] for row in REGISTER if row["id"].startswith("R")}
    assert rules == {f"R{number:02}" for number in range(1, 27)}


def test_every_hazard_and_threat_has_its_row():
    wanted = {f"H{number}" for number in range(1, 17)} | {f"T{number}" for number in range(1, 9)}
    assert wanted <= {row["id"] for row in REGISTER}


@pytest.mark.parametrize("row", REGISTER, ids=lambda row: row["id"])
def test_a_row_says_what_keeps_it_and_which_tests_show_it(row):
    if row["id"].startswith("R"):
        assert set(row) == {"id", "rule", "level", "source", "tests"}
        assert set(row["level"].split("/")) <= LEVELS
        assert row["tests"]
    elif "open" in row:
        assert set(row) == {"id", "hazard", "open"}
    else:
        assert set(row) == {"id", "hazard", "control", "tests"}
        assert row["tests"]
    for named in row.get("tests", ()):
        path, _, name = named.partition("::")
        assert (ROOT / path).is_file(), named
        assert name in names_of_tests(path), named
