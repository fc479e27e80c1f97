import django.core.validators
from django.db import migrations, models

import clinic.models


class Migration(migrations.Migration):
    replaces = [("clinic", "0001_initial")]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Closure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
                ("reason", models.CharField(max_length=120, verbose_name="reason")),
                (
                    "is_public_holiday",
                    models.BooleanField(default=False, verbose_name="public holiday"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Room",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
            ],
        ),
        migrations.CreateModel(
            name="Shift",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        verbose_name="weekday",
                    ),
                ),
                ("starts", models.TimeField(verbose_name="from")),
                ("ends", models.TimeField(verbose_name="to")),
            ],
        ),
        migrations.CreateModel(
            name="ShiftException",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("AWAY", "Away"), ("EXTRA", "Extra hours")],
                        max_length=8,
                        verbose_name="change",
                    ),
                ),
                ("on", models.DateField(verbose_name="day")),
                ("starts", models.TimeField(blank=True, null=True, verbose_name="from")),
                ("ends", models.TimeField(blank=True, null=True, verbose_name="to")),
                ("reason", models.CharField(blank=True, max_length=120, verbose_name="reason")),
            ],
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                (
                    "timezone",
                    models.CharField(
                        default="Europe/London",
                        max_length=64,
                        validators=[clinic.models.validate_timezone],
                        verbose_name="time zone",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
            ],
        ),
        migrations.CreateModel(
            name="ClinicProfile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="clinic name")),
                ("phone", models.CharField(max_length=40, verbose_name="phone")),
                (
                    "emergency_phone",
                    models.CharField(default="999", max_length=40, verbose_name="emergency number"),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                (
                    "opening_words",
                    models.CharField(
                        blank=True,
                        help_text="Monday to Saturday",
                        max_length=120,
                        verbose_name="opening days in words",
                    ),
                ),
                ("legal_lines", models.TextField(blank=True, verbose_name="legal lines")),
                (
                    "record_prefix",
                    models.CharField(
                        default="MC", max_length=8, verbose_name="record number begins with"
                    ),
                ),
                ("country", models.CharField(default="GB", max_length=2, verbose_name="country")),
                (
                    "late_after_minutes",
                    models.PositiveSmallIntegerField(
                        default=10,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(120),
                        ],
                        verbose_name="late after (minutes)",
                    ),
                ),
                (
                    "no_show_after_minutes",
                    models.PositiveSmallIntegerField(
                        default=20,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(240),
                        ],
                        verbose_name="no-show after (minutes)",
                    ),
                ),
                (
                    "offer_every_minutes",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (5, "5"),
                            (10, "10"),
                            (15, "15"),
                            (20, "20"),
                            (30, "30"),
                            (60, "60"),
                        ],
                        default=5,
                        help_text="Times are offered on this grid, counted from the full hour.",
                        verbose_name="sessions begin every (minutes)",
                    ),
                ),
                (
                    "reflect_hours",
                    models.PositiveSmallIntegerField(
                        default=24,
                        help_text="Between the explanation and the first session, for fat reduction and the patient’s own blood. 24 to 48 hours is usual; 0 asks for none.",
                        validators=[django.core.validators.MaxValueValidator(336)],
                        verbose_name="time to reflect (hours)",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="clinic_profile_is_one_row"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reflect_hours__lte", 336)),
                        name="time_to_reflect_is_at_most_two_weeks",
                        violation_error_message="Time to reflect is 336 hours at most.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("late_after_minutes__lte", models.F("no_show_after_minutes"))
                        ),
                        name="late_comes_before_no_show",
                        violation_error_message="Late must come before no-show.",
                    ),
                ],
            },
        ),
    ]
