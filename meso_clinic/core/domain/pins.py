"""A PIN to sign with: short enough for gloves, and never one that everybody tries first."""

import re
from itertools import pairwise
from typing import Final

# A clinic setting. Five tries in five minutes and six digits leave a guess one in 200,000.
DIGITS: Final = 6


def is_plain(pin: str) -> bool:
    """Whether `pin` repeats one digit or counts up or down."""
    steps = {int(later) - int(earlier) for earlier, later in pairwise(pin)}
    return len(steps) == 1 and steps <= {-1, 0, 1}


def is_pin(pin: str) -> bool:
    """Whether `pin` is six plain digits."""
    return re.fullmatch(rf"[0-9]{{{DIGITS}}}", pin) is not None
