"""How dates, durations, icons and form fields are written on every page."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.utils import timezone

from meso_clinic.core.forms import ClinicForm
from meso_clinic.core.icons import DIRECTIONAL, NAMES
from meso_clinic.core.templatetags import clinic_format

TODAY = datetime(2026, 11, 24, 10, 42, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _london() -> object:
    with timezone.override("Europe/London"):
        yield


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 12, 24), "Thu 24 Dec"),
        (date(2027, 1, 23), "Sat 23 Jan"),
        (date(2027, 1, 24), "Sun 24 Jan 2027"),
        (date(2026, 9, 24), "Thu 24 Sep 2026"),
        (None, ""),
    ],
)
def test_a_day_drops_its_year_within_sixty_days(on: date | None, expected: str) -> None:
    with time_machine.travel(TODAY, tick=False):
        assert clinic_format.day(on) == expected


def test_a_moment_is_shown_in_the_time_zone_of_the_place() -> None:
    summer_night = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert clinic_format.wall_time(summer_night) == "00:30"
    assert clinic_format.day_long(summer_night) == "Thursday 2 July 2026"


@pytest.mark.parametrize(
    ("born_on", "expected"),
    [(date(1987, 11, 24), "39"), (date(1987, 11, 25), "38"), (date(2008, 2, 29), "18"), (None, "")],
)
def test_age_counts_full_years(born_on: date | None, expected: str) -> None:
    with time_machine.travel(TODAY, tick=False):
        assert clinic_format.age(born_on) == expected


@pytest.mark.parametrize(
    ("minutes", "expected"), [(50, "50 min"), (60, "1 h"), (90, "1 h 30 min"), (None, "")]
)
def test_minutes_become_hours_from_sixty_on(minutes: int | None, expected: str) -> None:
    assert clinic_format.minutes_words(minutes) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Dr Ines Halloran", "IH"), ("Amara", "A"), ("Jean de la Tour", "JT"), ("", "")],
)
def test_initials_leave_the_title_out(name: str, expected: str) -> None:
    assert clinic_format.initials(name) == expected


def test_an_icon_is_hidden_from_screen_readers_and_mirrored_if_it_points() -> None:
    drawn = Template('{% icon "chevron-right" size="l" %}').render(Context())
    assert 'aria-hidden="true"' in drawn
    assert 'class="i i-l i-dir"' in drawn
    assert NAMES >= DIRECTIONAL


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(TemplateSyntaxError):
        Template('{% icon "unicorn" %}').render(Context())


class FieldForm(ClinicForm):
    born_on = forms.DateField(label="Date of birth", help_text="For example, 14 3 1987")
    way = forms.ChoiceField(label="Way", choices=[("s", "SMS")], widget=forms.RadioSelect)
    notes = forms.CharField(label="Notes", required=False)


def draw(form: ClinicForm) -> str:
    page = '{% load crispy_forms_tags %}{% include "components/_error_summary.html" %}{% crispy form %}'
    return Template(page).render(Context({"form": form}))


def test_a_wrong_field_says_so_above_its_control_and_to_screen_readers() -> None:
    html = draw(FieldForm({"born_on": ""}))
    error, control = html.index('id="id_born_on_error"'), html.index('name="born_on"')
    assert error < control
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_born_on_helptext id_born_on_error"' in html
    assert '<a href="#id_born_on">Date of birth is missing.</a>' in html
    assert '<a href="#id_way">Way is missing.</a>' in html


def test_an_untouched_form_has_no_errors_and_marks_what_is_optional() -> None:
    html = draw(FieldForm())
    assert "errsum" not in html
    assert html.count("(optional)") == 1
    assert html.count("<fieldset") == 1
