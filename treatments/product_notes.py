"""What higher apps say at the top of a product's page; filled in their `AppConfig.ready()`."""

from collections.abc import Callable
from dataclasses import dataclass

from meso_clinic.core.http import ClinicRequest
from treatments.models import Product


@dataclass(frozen=True, slots=True)
class ProductNote:
    """A warning: what it is, what to know, and where to go on."""

    heading: str
    text: str
    url: str
    action: str


NoteSource = Callable[[ClinicRequest, Product], list[ProductNote]]
"""Answers with what the reader may see."""

_sources: list[NoteSource] = []


def register_product_notes(source: NoteSource) -> None:
    """Add a source of warnings."""
    if source not in _sources:
        _sources.append(source)


def product_notes(request: ClinicRequest, product: Product) -> list[ProductNote]:
    """Return the warnings of all sources about `product` and its lots."""
    return [note for source in _sources for note in source(request, product)]
