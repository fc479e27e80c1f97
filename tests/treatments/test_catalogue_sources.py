"""Every clinical number has its source in the document, and the document says nothing else."""

from collections.abc import Iterator
from pathlib import Path

from treatments.domain.catalogue import PRODUCTS, PROTOCOLS
from treatments.domain.catalogue.sources import CLINIC_SETTING, FOUNDING_RULE
from treatments.domain.catalogue.vocabulary import PROTOCOL_NUMBER_FIELDS

SOURCES_DOC = Path(__file__).parents[2] / "docs" / "clinical-sources.md"


def _table_rows(heading: str) -> Iterator[list[str]]:
    """The body rows of the table under a heading of the sources document, without backticks."""
    section = SOURCES_DOC.read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    for line in lines[2:]:
        yield [cell.strip().replace("`", "") for cell in line.strip("|").split("|")]


def _references() -> list[str]:
    section = SOURCES_DOC.read_text().split("\n## References\n")[1]
    return [line[2:] for line in section.splitlines() if line.startswith("- ")]


def test_every_protocol_number_stands_in_the_sources_document() -> None:
    documented = {(row[0], row[1]): (row[2], row[3]) for row in _table_rows("Protocols")}
    catalogue = {
        (protocol.indication, field): (str(getattr(protocol, field)), protocol.sources[field])
        for protocol in PROTOCOLS
        for field in PROTOCOL_NUMBER_FIELDS
    }
    assert documented == catalogue


def test_every_product_number_stands_in_the_sources_document() -> None:
    labels = {
        "strength": "strength",
        "usual_volume_ml": "usual volume",
        "max_volume_ml": "largest volume",
        "min_interval_days": "days between",
        "max_points": "most points",
        "max_point_ml": "most in a point",
        "max_treatments": "most sessions",
    }
    catalogue = [
        [
            product.code,
            str(product.usual_volume_ml),
            str(product.max_volume_ml),
            str(product.min_interval_days),
            "yes" if product.is_enabled else "no",
            "; ".join(f"{labels[field]}: {name}" for field, name in product.sources.items())
            or CLINIC_SETTING,
        ]
        for product in PRODUCTS
    ]
    assert list(_table_rows("Products")) == catalogue


def test_chain_rules_stand_in_the_sources_document() -> None:
    assert list(_table_rows("Chain rules")) == [
        ["Sessions in a course", "3 to 15", FOUNDING_RULE],
        ["Gap between initial sessions", "7 to 10 days", FOUNDING_RULE],
        ["Gap between monthly sessions", "28 to 35 days", FOUNDING_RULE],
        ["Depth of the needle", "1.0 to 4.0 mm", FOUNDING_RULE],
    ]


def test_every_source_is_a_listed_reference() -> None:
    known = {CLINIC_SETTING, FOUNDING_RULE, *_references()}
    used = {name for p in PROTOCOLS for name in p.sources.values()}
    used |= {name for p in PRODUCTS for name in p.sources.values()}
    for heading in (
        "Facts in the texts for patients",
        "Cautions of products",
        "Local anaesthetics",
        "Amounts in a session",
    ):
        used |= {row[2] for row in _table_rows(heading)}
    assert used <= known


def test_every_listed_reference_is_used() -> None:
    before_list = SOURCES_DOC.read_text().split("\n## References\n")[0]
    assert [name for name in _references() if name not in before_list] == []


def test_the_sources_document_asks_for_a_clinicians_review() -> None:
    assert "A licensed clinician of the clinic reviews every number" in SOURCES_DOC.read_text()
