"""PDFs: text goes in as data, and a page comes out whatever the letters are."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from meso_clinic.core import pdf

TEMPLATE = '#let d = json(bytes(sys.inputs.data))\n#set document(title: "Sheet")\n= #d.name\n'


@pytest.fixture
def template(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "one.typ").write_text(TEMPLATE)
    (tmp_path / "secret.txt").write_text("nobody reads this")
    return "one.typ"


def made(template, name):
    return PdfReader(BytesIO(pdf.make_pdf(template, {"name": name})))


def promises(document):
    return b"pdfuaid" in document.xmp_metadata.stream.get_data()


def test_text_is_printed_and_never_run(template):
    typed = '#read("/../secret.txt") *bold* $x$ \\ "quoted" #panic()'
    document = made(template, typed)
    text = document.pages[0].extract_text()
    assert '#read("/../secret.txt") *bold* $x$' in text
    assert "nobody reads" not in text


def test_it_is_tagged_and_says_what_it_is(template):
    document = made(template, "Ana María Ωmega Жанна")
    assert promises(document)
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert document.metadata.title == "Sheet"


def test_a_letter_that_no_font_has_costs_the_promise_and_not_the_page(template):
    document = made(template, "Ana \U000f0000 Silva")
    assert not promises(document)
    assert "Silva" in document.pages[0].extract_text()


def test_without_our_fonts_it_uses_its_own(template, settings, tmp_path):
    settings.PDF_FONTS = [tmp_path / "nowhere"]
    assert "Ana" in made(template, "Ana").pages[0].extract_text()


def test_our_fonts_are_there(settings):
    families = pdf._fonts(tuple(settings.PDF_FONTS)).families()
    assert {"Atkinson Hyperlegible Next", "Noto Naskh Arabic", "Noto Sans Hebrew"} <= set(families)
