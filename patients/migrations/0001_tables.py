from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import meso_clinic.core.constraints
import patients.models.patients


class Migration(migrations.Migration):
    replaces = [
        ("patients", "0001_initial"),
        ("patients", "0002_newest_first"),
        ("patients", "0003_screening"),
        ("patients", "0004_patient_weight"),
        ("patients", "0005_barred_products"),
        ("patients", "0006_screening_links"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Patient",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "record_number",
                    models.CharField(max_length=20, unique=True, verbose_name="record number"),
                ),
                ("given_names", models.CharField(max_length=200, verbose_name="given names")),
                (
                    "family_names",
                    models.CharField(blank=True, max_length=200, verbose_name="family names"),
                ),
                ("born_on", models.DateField(verbose_name="born on")),
                (
                    "sex",
                    models.CharField(
                        choices=[
                            ("FEMALE", "Female"),
                            ("MALE", "Male"),
                            ("OTHER", "Other"),
                            ("UNKNOWN", "Not stated"),
                        ],
                        max_length=8,
                        verbose_name="sex",
                    ),
                ),
                ("phone", models.CharField(max_length=40, verbose_name="phone")),
                (
                    "other_phone",
                    models.CharField(blank=True, max_length=40, verbose_name="other phone"),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                (
                    "language",
                    models.CharField(default="en", max_length=16, verbose_name="language"),
                ),
                (
                    "contact_by",
                    models.CharField(
                        choices=[("PHONE", "Phone call"), ("SMS", "SMS"), ("EMAIL", "E-mail")],
                        default="SMS",
                        max_length=8,
                        verbose_name="prefers",
                    ),
                ),
                (
                    "preferred_weekdays",
                    models.JSONField(blank=True, default=list, verbose_name="preferred days"),
                ),
                (
                    "preferred_time",
                    models.CharField(
                        choices=[
                            ("ANY", "Any time"),
                            ("MORNING", "Mornings"),
                            ("AFTERNOON", "Afternoons"),
                            ("EVENING", "Evenings"),
                        ],
                        default="ANY",
                        max_length=12,
                        verbose_name="preferred time",
                    ),
                ),
                (
                    "weight_kg",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        verbose_name="weight (kg)",
                    ),
                ),
                ("weighed_on", models.DateField(blank=True, null=True, verbose_name="weighed on")),
                ("registered_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("search_names", models.CharField(editable=False, max_length=820)),
                ("phone_digits", models.CharField(editable=False, max_length=40)),
                ("other_phone_digits", models.CharField(blank=True, editable=False, max_length=40)),
                (
                    "preferred_practitioner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="preferred practitioner",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["search_names"], name="patient_by_name"),
                    models.Index(fields=["-registered_at", "-id"], name="patient_by_registration"),
                    models.Index(fields=["born_on"], name="patient_by_birth"),
                    models.Index(fields=["phone_digits"], name="patient_by_phone"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("given_names", ""), _negated=True),
                        name="patient_has_a_name",
                        violation_error_message="Enter at least one name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("weighed_on__isnull", True), ("weight_kg__isnull", True)),
                            models.Q(
                                ("weighed_on__isnull", False),
                                ("weight_kg__range", (Decimal("2"), Decimal("400"))),
                            ),
                            _connector="OR",
                        ),
                        name="weight_is_plausible_and_dated",
                        violation_error_message="Weight must be between 2 and 400 kg, with its day.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Allergy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("substance", models.CharField(max_length=120, verbose_name="allergic to")),
                (
                    "allergen",
                    models.CharField(
                        blank=True,
                        choices=patients.models.patients._allergens,
                        max_length=40,
                        verbose_name="found in",
                    ),
                ),
                ("product_code", models.SlugField(blank=True, max_length=40)),
                ("reaction", models.CharField(blank=True, max_length=200, verbose_name="reaction")),
                ("noted_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_reason", models.CharField(blank=True, max_length=200)),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allergies",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_reason", "")),
                            models.Q(
                                ("withdrawn_at__isnull", False),
                                models.Q(("withdrawn_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="allergy_is_withdrawn_with_a_reason",
                        violation_error_message="Say why the allergy is withdrawn.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("substance", ""), _negated=True),
                        name="allergy_names_a_substance",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("product_code", ""), _negated=True),
                            ("withdrawn_at__isnull", True),
                        ),
                        fields=("patient", "product_code"),
                        name="product_is_barred_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Screening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("FULL", "Full questionnaire"),
                            ("SHORT", "Anything changed?"),
                            ("SOME", "Some questions"),
                        ],
                        max_length=8,
                    ),
                ),
                ("is_by_patient", models.BooleanField(default=False)),
                ("is_by_link", models.BooleanField(default=False)),
                ("completed_at", models.DateTimeField()),
                ("key", models.UUIDField(unique=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="screenings",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["patient", "completed_at"], name="screening_by_patient")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_by_link", False), ("is_by_patient", True), _connector="OR"
                        ),
                        name="screening_by_link_is_by_patient",
                    ),
                    meso_clinic.core.constraints.FrozenRows(name="screening_is_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScreeningLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("FULL", "Full questionnaire"),
                            ("SHORT", "Anything changed?"),
                            ("SOME", "Some questions"),
                        ],
                        max_length=8,
                    ),
                ),
                ("key", models.UUIDField(unique=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("tries_left", models.PositiveSmallIntegerField()),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "end",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("USED", "Used"),
                            ("WITHDRAWN", "Withdrawn"),
                            ("LOCKED", "Too many wrong dates of birth"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="screening_links",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("patient",),
                        name="patient_has_one_live_link",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("part__in", ["FULL", "SHORT"])),
                        name="link_is_for_a_whole_part",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end", ""), ("ended_at__isnull", True)),
                            models.Q(
                                ("end__in", ["USED", "WITHDRAWN", "LOCKED"]),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="link_ends_for_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tries_left__gt", 0), ("ended_at__isnull", False), _connector="OR"
                        ),
                        name="link_without_tries_has_ended",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScreeningQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("text", models.CharField(max_length=300, verbose_name="question")),
                (
                    "detail",
                    models.CharField(blank=True, max_length=200, verbose_name="asked after a yes"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("YES_NO", "Yes or no"),
                            ("DAY", "Yes or no, and when"),
                            ("WORDS", "Yes or no, and which"),
                        ],
                        default="YES_NO",
                        max_length=8,
                    ),
                ),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("CHANGES", "Since last time"),
                            ("PREGNANCY", "Pregnancy and children"),
                            ("ALLERGIES", "Allergies"),
                            ("ILLNESS", "Illness"),
                            ("MEDICINES", "Medicines"),
                            ("SKIN", "Skin"),
                            ("CLINICIAN", "What the clinician sees"),
                        ],
                        max_length=12,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "is_short",
                    models.BooleanField(default=False, verbose_name="asked at every session"),
                ),
                (
                    "is_for_clinician",
                    models.BooleanField(default=False, verbose_name="answered by the clinician"),
                ),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text", ""), _negated=True),
                            models.Q(("source", ""), _negated=True),
                        ),
                        name="question_has_words_and_a_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("detail", ""), ("kind", "YES_NO")),
                            models.Q(
                                models.Q(("kind", "YES_NO"), _negated=True),
                                models.Q(("detail", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="question_asks_further_iff_its_kind_does",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScreeningAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked", models.CharField(max_length=300)),
                (
                    "value",
                    models.CharField(
                        choices=[("YES", "Yes"), ("NO", "No"), ("UNKNOWN", "Not known")],
                        max_length=8,
                    ),
                ),
                ("day", models.DateField(blank=True, null=True)),
                ("words", models.CharField(blank=True, max_length=400)),
                ("answered_at", models.DateTimeField()),
                ("unchanged_since", models.DateTimeField()),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.patient",
                    ),
                ),
                (
                    "screening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="patients.screening",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="patients.screeningquestion",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["patient", "question", "answered_at"], name="answer_by_question"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("screening", "question"), name="question_is_answered_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value__in", ["YES", "NO", "UNKNOWN"])),
                        name="answer_is_one_of_three",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("value", "YES"), ("day__isnull", True), _connector="OR"
                        ),
                        name="answer_has_a_day_with_a_yes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unchanged_since__lte", models.F("answered_at"))),
                        name="answer_is_unchanged_since_before",
                    ),
                    meso_clinic.core.constraints.FrozenRows(name="answer_is_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScreeningQuestionChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_active", models.BooleanField()),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="patients.screeningquestion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="question_is_switched_with_a_reason",
                        violation_error_message="Say why the question is switched.",
                    ),
                    meso_clinic.core.constraints.FrozenRows(name="question_change_is_append_only"),
                ],
            },
        ),
    ]
