"""Run every check that needs no test, all of them even when one fails; or format the code.

run_checks.py             say what is wrong and end with 1
run_checks.py --format    format Python files and templates in place
"""

import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]

FORMATTERS = {
    "Python style": ["ruff", "check", "--fix", "."],
    "Python format": ["ruff", "format", "."],
    "Template style": ["djangofmt", "check", "--fix", "templates"],
    "Template format": ["djangofmt", "templates"],
}
CHECKS = {
    "Python format": ["ruff", "format", "--check", "--output-format=concise", "."],
    "Python style": ["ruff", "check", "."],
    "Types": ["mypy"],
    "Layers": ["lint-imports"],
    "Template format": ["djangofmt", "--check", "templates"],
    "Template style": ["djangofmt", "check", "templates"],
    "Migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "Settings": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
}


def like_an_installation(data: str) -> dict[str, str]:
    """The environment of a real installation, with nothing of the developer's own in it."""
    ours = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DEBUG"}
    }
    return {
        **ours,
        "BASE_URL": "https://clinic.example",
        "DATA_DIR": data,
        "DEMO": "false",
        "SECRET_KEY": secrets.token_urlsafe(64),
    }


def succeeds(command: list[str], environment: dict[str, str]) -> bool:
    program = command[0] if command[0] == sys.executable else str(PROGRAMS / command[0])
    done = subprocess.run([program, *command[1:]], cwd=ROOT, env=environment, check=False)
    return done.returncode == 0


def main(arguments: list[str]) -> int:
    steps = FORMATTERS if arguments == ["--format"] else CHECKS
    failed = []
    with tempfile.TemporaryDirectory() as data:
        environment = like_an_installation(data)
        for name, command in steps.items():
            print(f"\n== {name} ==", flush=True)
            if not succeeds(command, environment):
                failed.append(name)
    print(f"\nNot in order: {', '.join(failed)}." if failed else "\nAll in order.")
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
