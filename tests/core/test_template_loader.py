"""What the loader of templates leaves out, and what it must not."""

import pytest
from django.conf import settings
from django.template import engines
from django.template.base import Origin

from meso_clinic.core.template_loader import Loader

SOURCE = """<p>
  {% if wide %}
    <b>One</b>
  {% endif %}
  <i>two</i>
  {% if wide %}three{% endif %}
  four
</p>
"""


@pytest.fixture
def load(tmp_path):
    def read(name="page.html", source=SOURCE):
        path = tmp_path / name
        path.write_text(source, encoding="utf-8")
        engine = engines["django"].engine
        return Loader(engine, [tmp_path]).get_contents(Origin(str(path), name))

    return read


def test_lines_that_only_decide_leave_no_break_behind(load):
    drawn = engines["django"].from_string(load()).render({"wide": True})
    assert drawn == "<p>\n<b>One</b>\n<i>two</i>\nthree\nfour\n</p>\n"


def test_words_that_stood_apart_still_do_without_what_was_between(load):
    drawn = engines["django"].from_string(load()).render({"wide": False})
    assert drawn == "<p>\n<i>two</i>\n\nfour\n</p>\n"


def test_what_is_put_after_a_word_by_another_template_stays_apart_from_it(load):
    part = load(source="{% if wide %}\n  <i>(wide)</i>\n{% endif %}\n")
    drawn = engines["django"].from_string(f"Name{part}").render({"wide": True})
    assert drawn == "Name\n<i>(wide)</i>\n"


def test_a_tag_ends_where_its_last_word_does(load):
    assert load(source="<a\n  href='/'\n>one</a>") == "<a\nhref='/'>one</a>"


def test_while_somebody_debugs_every_line_keeps_its_number(load, monkeypatch):
    monkeypatch.setattr(settings, "DEBUG", True)
    assert load().count("\n") == SOURCE.count("\n")


def test_what_is_no_page_stays_as_it_is(load):
    assert load("mail.txt") == SOURCE
