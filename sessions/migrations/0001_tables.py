import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import meso_clinic.core.constraints
import sessions.models.busy_weeks


class Migration(migrations.Migration):
    replaces = [
        ("treatment_sessions", "0001_initial"),
        ("treatment_sessions", "0002_add_arrived_at"),
        ("treatment_sessions", "0003_planner"),
        ("treatment_sessions", "0004_waiting_list"),
        ("treatment_sessions", "0005_still_booked"),
    ]

    initial = True

    dependencies = [
        ("clinic", "0002_relations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("patients", "0001_tables"),
        ("treatments", "0001_tables"),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Appointment",
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
                        choices=[
                            ("SESSION", "Session"),
                            ("CONSULTATION", "Consultation"),
                            ("REVIEW", "Review"),
                        ],
                        default="SESSION",
                        max_length=12,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("held_from", models.DateTimeField()),
                ("held_until", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("BOOKED", "Booked"),
                            ("ARRIVED", "Waiting"),
                            ("IN_TREATMENT", "In treatment"),
                            ("DONE", "Done"),
                            ("CANCELLED", "Cancelled"),
                            ("NO_SHOW", "No-show"),
                        ],
                        default="BOOKED",
                        max_length=12,
                    ),
                ),
                (
                    "previous_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("BOOKED", "Booked"),
                            ("ARRIVED", "Waiting"),
                            ("IN_TREATMENT", "In treatment"),
                            ("DONE", "Done"),
                            ("CANCELLED", "Cancelled"),
                            ("NO_SHOW", "No-show"),
                        ],
                        max_length=12,
                    ),
                ),
                ("status_since", models.DateTimeField()),
                ("arrived_at", models.DateTimeField(blank=True, null=True)),
                (
                    "cancel_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("PATIENT", "Patient asked"),
                            ("UNWELL", "Patient unwell"),
                            ("CLINIC", "Clinic asked"),
                            ("UNDONE", "Taken back"),
                        ],
                        max_length=8,
                    ),
                ),
                ("cancel_words", models.CharField(blank=True, max_length=200)),
                (
                    "booked_by",
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
                        related_name="appointments",
                        to="patients.patient",
                    ),
                ),
                (
                    "practitioner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="clinic.room",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["starts_at"], name="appointment_by_time"),
                    models.Index(
                        condition=models.Q(("status", "BOOKED")),
                        fields=["starts_at"],
                        name="appointment_still_booked",
                    ),
                    models.Index(
                        fields=["practitioner", "held_from"], name="appointment_by_practitioner"
                    ),
                    models.Index(fields=["room", "held_from"], name="appointment_by_room"),
                    models.Index(fields=["patient", "starts_at"], name="appointment_by_patient"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="appointment_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("held_from__lte", models.F("starts_at")),
                            ("held_until__gte", models.F("ends_at")),
                        ),
                        name="appointment_is_held_around_its_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status", "CANCELLED"),
                                models.Q(("cancel_reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("status", "CANCELLED"), _negated=True),
                                ("cancel_reason", ""),
                            ),
                            _connector="OR",
                        ),
                        name="appointment_is_cancelled_with_a_reason",
                    ),
                    meso_clinic.core.constraints.NoOverlapConstraint(
                        condition=models.Q(
                            ("status__in", ("BOOKED", "ARRIVED", "IN_TREATMENT", "DONE"))
                        ),
                        end="held_until",
                        name="practitioner_is_in_one_place",
                        on=("practitioner",),
                        start="held_from",
                        violation_error_message="The practitioner has another appointment then.",
                    ),
                    meso_clinic.core.constraints.NoOverlapConstraint(
                        condition=models.Q(
                            ("status__in", ("BOOKED", "ARRIVED", "IN_TREATMENT", "DONE"))
                        ),
                        end="held_until",
                        name="room_is_used_once",
                        on=("room",),
                        start="held_from",
                        violation_error_message="The room is taken then.",
                    ),
                    meso_clinic.core.constraints.NoOverlapConstraint(
                        condition=models.Q(
                            ("status__in", ("BOOKED", "ARRIVED", "IN_TREATMENT", "DONE"))
                        ),
                        end="ends_at",
                        name="patient_is_in_one_place",
                        on=("patient",),
                        start="starts_at",
                        violation_error_message="The patient has another appointment then.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BusyWeek",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("P", "Practitioner"), ("R", "Room")], max_length=1),
                ),
                ("resource_id", models.BigIntegerField()),
                ("week", models.IntegerField()),
                ("changes", models.BigIntegerField(default=0)),
                ("bits_of", models.BigIntegerField(default=-1)),
                ("bits", models.BinaryField(default=b"")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "resource_id", "week"), name="busy_week_is_kept_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ScheduleChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("BOOKED", "Booked"), ("MOVED", "Moved")], max_length=8
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("PATIENT", "Patient asked"),
                            ("UNWELL", "Patient unwell"),
                            ("CLINIC", "Clinic asked"),
                        ],
                        max_length=8,
                        verbose_name="reason",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "new_course",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="made_by_change",
                        to="treatments.treatmentcourse",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="schedule_change_by_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by__isnull", True)),
                            models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="schedule_change_is_undone_by_somebody",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ScheduleChangeLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("was_starts_at", models.DateTimeField(blank=True, null=True)),
                ("starts_at", models.DateTimeField()),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="treatment_sessions.appointment",
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="treatment_sessions.schedulechange",
                    ),
                ),
                (
                    "practitioner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.room",
                    ),
                ),
                (
                    "was_practitioner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "was_room",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.room",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("change", "appointment"), name="schedule_change_names_a_place_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("was_practitioner__isnull", True),
                                ("was_room__isnull", True),
                                ("was_starts_at__isnull", True),
                            ),
                            models.Q(
                                ("was_practitioner__isnull", False),
                                ("was_room__isnull", False),
                                ("was_starts_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="schedule_change_knows_the_whole_place_before",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScheduleCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("seconds", models.FloatField()),
                ("checked", models.JSONField(default=dict)),
                ("violations", models.JSONField(default=list)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-at"], name="schedule_check_by_time")],
            },
        ),
        migrations.CreateModel(
            name="TreatmentSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("PLANNED", "To book"),
                            ("BOOKED", "Booked"),
                            ("ARRIVED", "Waiting"),
                            ("IN_TREATMENT", "In treatment"),
                            ("DONE", "Done"),
                            ("SKIPPED", "Skipped"),
                        ],
                        default="PLANNED",
                        max_length=12,
                    ),
                ),
                ("delivered_on", models.DateField(blank=True, null=True)),
                ("earliest_on", models.DateField(blank=True, null=True)),
                ("due_on", models.DateField()),
                ("latest_on", models.DateField(blank=True, null=True)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="treatments.treatmentcourse",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["status", "latest_on"], name="session_by_window")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("course", "number"), name="session_number_is_unique_in_its_course"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1), ("number__lte", 15)),
                        name="session_number_is_1_to_15",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delivered_on__isnull", False), ("status", "DONE")),
                            models.Q(
                                models.Q(("status", "DONE"), _negated=True),
                                ("delivered_on__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="session_done_iff_delivered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("number", 1),
                            models.Q(
                                ("due_on__gte", models.F("earliest_on")),
                                ("due_on__lte", models.F("latest_on")),
                                ("earliest_on__isnull", False),
                                ("latest_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="session_window_is_in_order",
                    ),
                    meso_clinic.core.constraints.FrozenRows(
                        name="session_done_never_moves",
                        violation_error_message="A session that is done never moves.",
                        when=models.Q(("status", "DONE")),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deviation",
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
                        choices=[
                            ("LATE", "Later than its window"),
                            ("STRETCHED", "Gap stretched on purpose"),
                            ("SKIPPED", "Skipped"),
                        ],
                        max_length=9,
                    ),
                ),
                ("days_late", models.PositiveSmallIntegerField(default=0)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("UNWELL", "Patient unwell"),
                            ("TRAVEL", "Patient away"),
                            ("SKIN", "Skin not ready"),
                            ("CLINIC", "Clinic closed or full"),
                            ("CONDITION", "Condition allows it"),
                            ("OTHER", "Other"),
                        ],
                        max_length=9,
                        verbose_name="reason",
                    ),
                ),
                ("words", models.CharField(max_length=300, verbose_name="in words")),
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
                    "change",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deviations",
                        to="treatment_sessions.schedulechange",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deviations",
                        to="treatment_sessions.treatmentsession",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("days_late__gte", 1), ("kind__in", ["LATE", "STRETCHED"])),
                            models.Q(("days_late", 0), ("kind", "SKIPPED")),
                            _connector="OR",
                        ),
                        name="deviation_says_how_late",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True),
                        name="deviation_has_words",
                        violation_error_message="Say in words why.",
                    ),
                    meso_clinic.core.constraints.FrozenRows(name="deviation_is_append_only"),
                ],
            },
        ),
        migrations.AddField(
            model_name="appointment",
            name="session",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="appointments",
                to="treatment_sessions.treatmentsession",
            ),
        ),
        migrations.CreateModel(
            name="WaitlistEntry",
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
                        choices=[
                            ("SESSION", "Session"),
                            ("CONSULTATION", "Consultation"),
                            ("REVIEW", "Review"),
                        ],
                        max_length=12,
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("weekdays", models.JSONField(blank=True, default=list)),
                (
                    "time_of_day",
                    models.CharField(
                        choices=[
                            ("ANY", "Any time"),
                            ("MORNING", "Mornings"),
                            ("AFTERNOON", "Afternoons"),
                            ("EVENING", "Evenings"),
                        ],
                        default="ANY",
                        max_length=12,
                    ),
                ),
                ("notice_hours", models.PositiveSmallIntegerField(default=0)),
                ("until", models.DateField(blank=True, null=True)),
                ("added_at", models.DateTimeField()),
                (
                    "ended",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("BOOKED", "Booked"),
                            ("WITHDRAWN", "Withdrawn"),
                            ("NOT_POSSIBLE", "No longer possible"),
                        ],
                        max_length=12,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waitlist_entries",
                        to="treatment_sessions.schedulechange",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waitlist_entries",
                        to="patients.patient",
                    ),
                ),
                (
                    "practitioner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waitlist_entries",
                        to="treatment_sessions.treatmentsession",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.site",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["site", "ended"], name="waitlist_by_site")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "SESSION"),
                                ("minutes__isnull", True),
                                ("session__isnull", False),
                            ),
                            models.Q(
                                models.Q(("kind", "SESSION"), _negated=True),
                                ("minutes__gte", 5),
                                ("minutes__isnull", False),
                                ("session__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="waitlist_entry_says_what_for",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended", "")),
                        fields=("session",),
                        name="session_waits_once",
                        violation_error_message="This session is on the waiting list already.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended", ""), ("session__isnull", True)),
                        fields=("patient", "kind"),
                        name="patient_waits_once_for_a_kind",
                        violation_error_message="This patient is on the waiting list for it already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended", ""),
                                ("ended_at__isnull", True),
                                ("ended_by__isnull", True),
                            ),
                            models.Q(
                                ("ended__in", ["BOOKED", "WITHDRAWN"]),
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                            ),
                            models.Q(("ended", "NOT_POSSIBLE"), ("ended_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="waitlist_entry_ended_says_when_and_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("change__isnull", False), ("ended", "BOOKED")),
                            models.Q(
                                models.Q(("ended", "BOOKED"), _negated=True),
                                ("change__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="waitlist_entry_booked_names_the_act",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("notice_hours__lte", 336)),
                        name="waitlist_entry_needs_a_fortnights_notice_at_most",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WaitlistCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calls",
                        to="treatment_sessions.waitlistentry",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["entry", "at"], name="waitlist_call_by_entry")],
            },
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "SESSION"), ("session__isnull", False)),
                    models.Q(
                        models.Q(("kind", "SESSION"), _negated=True), ("session__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="appointment_has_a_session_iff_it_is_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ("BOOKED", "ARRIVED", "IN_TREATMENT", "DONE"))),
                fields=("session",),
                name="session_has_one_live_appointment",
                violation_error_message="This session is booked already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=meso_clinic.core.constraints.FrozenRows(
                name="appointment_of_a_done_session_never_moves",
                violation_error_message="A session that is done never moves.",
                when=models.Q(("kind", "SESSION"), ("status", "DONE")),
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=sessions.models.busy_weeks.StampedWeeks(
                end="held_until",
                name="busy_weeks_are_stamped",
                resources={"P": "practitioner", "R": "room"},
                stamps="treatment_sessions.BusyWeek",
                start="held_from",
            ),
        ),
    ]
