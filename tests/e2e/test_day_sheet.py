"""The day on paper: printed by a browser, in the reach of everybody."""

from io import BytesIO

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.e2e.pages import furnish
from tests.e2e.people import heading
from tests.e2e.watch import axe_findings

SHEET = "/today/sheet/"


def printed(page):
    """Return what the browser prints."""
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    return PdfReader(BytesIO(pdf))


@pytest.mark.parametrize(
    ("paper", "size"), [("a4", (595, 842)), ("letter", (612, 792))], ids=["A4", "Letter"]
)
def test_a_browser_prints_the_sheet_and_nothing_around_it(clinic, enter, paper, size):
    furnish(clinic)
    page = enter(clinic.maya, at=f"{SHEET}?detail=detailed&paper={paper}")
    pdf = printed(page)
    words = " ".join(" ".join(sheet.extract_text() for sheet in pdf.pages).split())
    assert "Bao Tran" in words
    assert "Save as PDF" not in words
    assert "Lidocaine" not in words
    for number, sheet in enumerate(pdf.pages, 1):
        assert [round(float(side)) for side in sheet.mediabox[2:]] == pytest.approx(size, abs=1)
        text = " ".join(sheet.extract_text().split())
        assert f"{number} / {len(pdf.pages)}" in text
        assert "Printed" in text


def test_what_is_asked_for_is_in_the_address_and_goes_into_the_pdf(clinic, enter):
    furnish(clinic)
    page = enter(clinic.petra, at=SHEET)
    page.get_by_label("How much").select_option(label="Detailed")
    page.get_by_label("Whose").select_option(label="Omar Haddad")
    page.get_by_label("Paper").select_option(label="Letter")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Omar Haddad, 1 visit")).to_be_visible()
    page.reload()
    expect(page.get_by_label("How much")).to_have_value("detailed")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Save as PDF").click()
    assert downloading.value.suggested_filename.startswith("day-20")
    pdf = PdfReader(downloading.value.path())
    assert round(float(pdf.pages[0].mediabox[2])) == 612
    assert "Bao Tran" in " ".join(pdf.pages[0].extract_text().split())


def test_it_is_there_without_scripts_and_says_what_it_cannot_print(clinic, enter):
    furnish(clinic)
    page = enter(clinic.maya, at=SHEET, java_script_enabled=False)
    page.get_by_label("How much").select_option(label="Detailed")
    page.get_by_role("button", name="Show").click()
    assert "detail=detailed" in page.url
    page.goto(f"{SHEET}?practitioner=987654")
    expect(page.get_by_role("alert")).to_contain_text("Choose one of the practitioners.")
    expect(heading(page, "Day sheet")).to_be_visible()


def test_it_is_without_findings_mirrored_and_on_a_phone(clinic, enter):
    furnish(clinic)
    page = enter(clinic.petra, viewport={"width": 390, "height": 844})
    for asked in ("", "?detail=detailed", "?detail=all"):
        page.goto(SHEET + asked)
        assert axe_findings(page) == []
        over = page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
        assert over <= 0
        page.evaluate("document.documentElement.dir = 'rtl'")
        assert axe_findings(page) == []
