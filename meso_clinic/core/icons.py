"""The icons there are: the symbols of `static/icons.svg`."""

import re
from typing import Final

from django.conf import settings

SPRITE: Final = "icons.svg"
"""The static file with their outlines: one request, kept for good, instead of words in each page."""

NAMES: Final = frozenset(
    re.findall(
        r'<symbol id="([a-z0-9-]+)"',
        (settings.BASE_DIR / "static" / SPRITE).read_text(encoding="utf-8"),
    )
)

DIRECTIONAL: Final = frozenset(
    {"arrow-left", "arrow-right", "chevron-left", "chevron-right", "log-in", "log-out", "send"}
)
"""Icons that point along the line of reading, and so are mirrored in right-to-left pages."""
