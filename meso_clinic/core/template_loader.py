"""Templates without the indentation of their source, which is a seventh of every page."""

import re

from django.template import Origin
from django.template.loaders.filesystem import Loader as FileLoader

_INDENTED = re.compile(r"[ \t]*\n[ \t]*")


class Loader(FileLoader):
    """Reads templates from their folders. Every line keeps its number, for messages of errors."""

    def get_contents(self, origin: Origin) -> str:
        """Return the source, with the spaces around its line breaks left out in a page."""
        contents = super().get_contents(origin)
        is_page = str(origin.name).endswith(".html")
        return _INDENTED.sub("\n", contents) if is_page else contents
