"""Files of photos: whole or not there, and none that no row names."""

import os
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from meso_clinic.core.nightly import run_nightly
from records.actions import photo_files
from records.actions.photos import withdraw_photo
from records.models import Photo
from records.photo_storage import forget, keep, photo_storage, stored_names
from tests.records.conftest import NOW
from tests.records.photos.conftest import files_in

pytestmark = pytest.mark.django_db


def age(path, **ago):
    moment = (NOW - timedelta(**ago)).timestamp()
    os.utime(path, (moment, moment))


def check(**options):
    out = StringIO()
    call_command("check_photos", stdout=out, **options)
    return out.getvalue()


def test_a_folder_that_is_not_there_yet_holds_nothing():
    assert list(stored_names()) == []


def test_a_file_is_kept_whole_and_forgotten_twice_without_harm(folder):
    name = keep(b"abc")
    assert list(stored_names()) == [name]
    with photo_storage().open(name) as file:
        assert file.read() == b"abc"
    forget([name, name])
    assert files_in(folder) == []


def test_a_write_that_fails_leaves_nothing(folder, monkeypatch):
    def full(_handle):
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        keep(b"abc")
    assert files_in(folder) == []


def test_a_photo_of_which_one_file_cannot_be_written_leaves_nothing(take, folder, monkeypatch):
    calls, fsync = [], os.fsync

    def full(handle):
        calls.append(handle)
        if len(calls) == 3:
            raise OSError("No space left on device")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        take()
    assert not Photo.objects.exists()
    assert files_in(folder) == []


def test_files_are_written_before_the_row(take, folder):
    seen = []

    def look(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "records_photo"'):
            seen.append(len(files_in(folder)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        take()
    assert seen == [2]


def test_a_photo_has_no_address_of_its_own(photo):
    with pytest.raises(ValueError, match="no address"):
        photo_storage().url(photo.file_name)


class TestSweep:
    def test_only_old_files_that_no_row_names_go(self, photo, folder):
        orphan, young = keep(b"left behind"), keep(b"being saved")
        part = folder / orphan[:2] / "0123456789abcdef.part"
        part.write_bytes(b"cut off")
        for path in (folder / orphan, part, folder / photo.file_name):
            age(path, hours=25)
        age(folder / young, hours=23)
        swept = photo_files.sweep(at=NOW)
        assert set(swept.removed) == {orphan, f"{orphan[:2]}/{part.name}"}
        assert swept.lost == ()
        assert set(stored_names()) == {photo.file_name, photo.thumbnail_name, young}

    def test_the_files_of_a_photo_that_nobody_sees_stay(self, photo, clinician, folder):
        withdraw_photo(photo=photo, reason="Blurred", by=clinician, at=NOW)
        for path in files_in(folder):
            age(path, days=400)
        assert photo_files.sweep(at=NOW).removed == ()

    def test_the_command_says_what_is_lost_and_what_is_changed(self, photo, take, folder):
        assert "Removed: 0 files" in check(content=True)
        other = take()
        (folder / photo.thumbnail_name).unlink()
        (folder / photo.file_name).unlink()
        (folder / other.file_name).write_bytes(b"something else")
        out = StringIO()
        with pytest.raises(CommandError, match="Restore these files"):
            call_command("check_photos", content=True, stdout=out)
        assert f"Missing: {photo.file_name}" in out.getvalue()
        assert f"Missing: {photo.thumbnail_name}" in out.getvalue()
        assert f"Changed: {other.file_name}" in out.getvalue()

    def test_each_night_tells_of_lost_files(self, photo, folder):
        def said():
            return next(words for job, words in run_nightly(NOW) if job.name == "Photos")

        assert said() == []
        (folder / photo.file_name).unlink()
        assert said() == ["1 files of photos are missing; see check_photos in docs/operations.md."]


def test_a_row_that_is_rolled_back_leaves_files_for_the_sweep_alone(take, folder):
    with transaction.atomic():
        take()
        transaction.set_rollback(True)
    for path in files_in(folder):
        age(path, days=2)
    assert len(photo_files.sweep(at=NOW).removed) == 2
    assert files_in(folder) == []
