"""The sheets in the data folder, for the day the network is down."""

import os
import stat
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from tests.factories.clinic import SiteFactory
from tests.factories.patients import AllergyFactory
from tests.sessions.day_paper import MORNING, guest, text_of
from tests.sessions.desk import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    with time_machine.travel(MORNING, tick=False):
        yield settings.DATA_DIR / "day-sheets"


@pytest.fixture
def desk(site):
    desk = Desk(site=site, patient__given_names="Leila", patient__family_names="Marchetti")
    desk.book(1, 0, "12:00", at=desk.moment(0, "07:00"))
    return desk


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def read(path):
    return text_of(PdfReader(BytesIO(path.read_bytes())))


def test_today_and_tomorrow_of_every_site(desk, data, capsys):
    other = SiteFactory(name="القاهرة", timezone="Pacific/Auckland")
    SiteFactory(name="Closed for good", is_active=False)
    guest(other)
    call_command("day_sheets")
    assert names(data) == [
        f"2026-11-26-{desk.site.pk}-linden-street.pdf",
        # It is evening there.
        f"2026-11-26-{other.pk}.pdf",
        f"2026-11-27-{desk.site.pk}-linden-street.pdf",
        f"2026-11-27-{other.pk}.pdf",
    ]
    assert capsys.readouterr().out.splitlines()[0] == str(
        data / f"2026-11-26-{desk.site.pk}-linden-street.pdf"
    )
    today = read(data / f"2026-11-26-{desk.site.pk}-linden-street.pdf")
    assert "Leila Marchetti" in today
    assert "Nour" not in today
    assert "Leila" not in read(data / f"2026-11-27-{desk.site.pk}-linden-street.pdf")


def test_no_clinical_word_is_in_the_folder(desk, data):
    AllergyFactory(patient=desk.course.patient, substance="Lidocaine")
    call_command("day_sheets")
    for path in data.iterdir():
        assert "Lidocaine" not in read(path)


def test_nobody_else_may_read_them(desk, data):
    data.mkdir(parents=True, mode=0o755)
    mask = os.umask(0)
    try:
        call_command("day_sheets")
    finally:
        os.umask(mask)
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in data.iterdir()} == {0o600}


def test_they_are_written_anew_and_old_ones_go(desk, data):
    call_command("day_sheets")
    guest(desk.site)
    for days in (1, 2, 3, 4):
        with time_machine.travel(MORNING + timedelta(days=days), tick=False):
            call_command("day_sheets")
    assert [name[:10] for name in names(data)] == [
        *("2026-11-27", "2026-11-28", "2026-11-29", "2026-11-30", "2026-12-01"),
    ]


def test_todays_sheet_is_as_fresh_as_the_last_run(desk, data):
    call_command("day_sheets")
    guest(desk.site)
    call_command("day_sheets")
    assert "Nour Haddad" in read(data / f"2026-11-26-{desk.site.pk}-linden-street.pdf")


def test_what_is_not_a_sheet_stays_and_what_was_cut_off_goes(desk, data):
    data.mkdir(parents=True)
    (data / "notes.txt").write_text("ours")
    (data / "2020-01-01-1-old.pdf").write_text("old")
    for name, days in ((".sheet-old", 2), (".sheet-new", 0)):
        (data / name).write_text("half")
        then = (MORNING - timedelta(days=days)).timestamp()
        os.utime(data / name, (then, then))
    call_command("day_sheets")
    kept = [name for name in names(data) if not name.startswith("2026")]
    assert kept == [".sheet-new", "notes.txt"]


def test_a_folder_that_cannot_be_written_to_is_said_and_nothing_is_left(desk, data):
    first = data / f"2026-11-26-{desk.site.pk}-linden-street.pdf"
    # A folder where the file should go: no user, not even root, puts a file in its place.
    first.mkdir(parents=True)
    with pytest.raises(CommandError, match="The day sheets could not be written"):
        call_command("day_sheets")
    assert names(data) == [first.name]


def test_a_clinic_that_is_not_set_up_has_none(data):
    with pytest.raises(CommandError, match="has no profile yet"):
        call_command("day_sheets")
    call_command("nightly")
    assert not data.exists()


def test_they_are_written_each_night(desk, data, capsys):
    call_command("nightly")
    assert "Day sheets: in order." in capsys.readouterr().out
    assert len(names(data)) == 2
