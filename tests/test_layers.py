"""The layers that no import lint sees: foreign keys by name, and what domain code leans on."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model

ROOT = Path(__file__).resolve().parent.parent

# Package paths from the lowest to the highest; an app may point at itself and downwards.
LAYERS = ("meso_clinic.core", "clinic", "patients", "treatments", "sessions", "records", "demo")
PACKAGES = {"meso_clinic", *(layer.partition(".")[0] for layer in LAYERS)}

OUTSIDE_HELP = {"dateutil"}
CLOCKS = {"now", "today", "utcnow", "localtime", "localdate", "monotonic", "time_ns"}


def height(model: type[Model]) -> int | None:
    """How high the model's app lies, or None for a model that is not ours."""
    name = apps.get_app_config(model._meta.app_label).name
    return LAYERS.index(name) if name in LAYERS else None


def relations() -> Iterator[tuple[type[Model], str, type[Model]]]:
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if field.is_relation and field.concrete and isinstance(field.related_model, type):
                yield model, field.name, field.related_model


def test_every_app_of_ours_has_its_layer() -> None:
    ours = {
        config.name
        for config in apps.get_app_configs()
        if config.name.partition(".")[0] in PACKAGES
    }
    assert ours <= set(LAYERS)


def test_no_model_points_at_a_higher_app() -> None:
    upwards = []
    for model, field, target in relations():
        below, above = height(model), height(target)
        if below is not None and above is not None and above > below:
            upwards.append(f"{model._meta.label}.{field} -> {target._meta.label}")
    assert upwards == []


def domain_modules() -> list[Path]:
    found = []
    for layer in LAYERS:
        package = ROOT / layer.replace(".", "/")
        found += [*package.glob("domain.py"), *(package / "domain").rglob("*.py")]
    return sorted(found)


def imported_modules(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""


def is_allowed(module: str) -> bool:
    top = module.partition(".")[0]
    if top in PACKAGES:
        return "domain" in module.split(".")
    return top in sys.stdlib_module_names or top in OUTSIDE_HELP


@pytest.mark.parametrize("path", domain_modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_domain_code_is_plain_python_without_a_clock(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert [name for name in imported_modules(tree) if not is_allowed(name)] == []
    clocks = [
        f"line {node.lineno}: {node.func.attr}()"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
    ]
    assert clocks == []
