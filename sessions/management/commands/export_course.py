"""`manage.py export_course RECORD_NUMBER`: a patient's courses for other tools."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from patients.models import Patient
from sessions.selectors.exporting import export_courses


class Command(BaseCommand):
    """Print the courses of one patient as JSON: the same rows, the same text."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose courses, which one, in which format."""
        parser.add_argument("record_number")
        parser.add_argument("--format", choices=["json"], default="json")
        parser.add_argument("--course", type=int, metavar="PK", help="only this course")

    def handle(
        self, *args: Any, record_number: str, course: int | None = None, **options: Any
    ) -> None:
        """Print them, or say in a sentence what there is not."""
        # A zero byte is refused by PostgreSQL, and no record number holds one.
        asked = Patient.objects.filter(record_number=record_number.replace("\0", ""))
        patient = asked.first()
        if patient is None:
            raise CommandError(f"There is no patient with the record number “{record_number}”.")
        if course is not None and not patient.courses.filter(pk=course).exists():
            raise CommandError(f"“{record_number}” has no course {course}.")
        found = export_courses(patient, only=course)
        self.stdout.write(json.dumps(found, indent=2, sort_keys=True, ensure_ascii=False))
