from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import meso_clinic.core.constraints


class Migration(migrations.Migration):
    replaces = [
        ("records", "0001_initial"),
        ("records", "0002_outcomes"),
        ("records", "0003_photos"),
        ("records", "0004_reactions"),
        ("records", "0005_recalls"),
        ("records", "0006_whole_record"),
        ("records", "0007_lot_deviations_and_calls"),
        ("records", "0008_session_facts"),
        ("records", "0009_height_for_ideal_weight"),
        ("records", "0010_reaction_photos"),
        ("records", "0011_own_blood"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("patients", "0001_tables"),
        ("treatment_sessions", "0001_tables"),
        ("treatments", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="AdverseEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=30, verbose_name="kind")),
                (
                    "grade",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "1, mild: nothing had to be done"),
                            (2, "2, moderate: simple treatment, or some limits"),
                            (3, "3, severe: disabling, scarring, or medicine by mouth"),
                            (4, "4, a danger to life, sight or tissue"),
                            (5, "5, death"),
                        ],
                        verbose_name="grade",
                    ),
                ),
                (
                    "has_sign",
                    models.BooleanField(
                        default=False, verbose_name="the red flag of its kind was seen"
                    ),
                ),
                ("is_red_flag", models.BooleanField()),
                ("onset_on", models.DateField(verbose_name="first noticed on")),
                ("onset_time", models.TimeField(blank=True, null=True, verbose_name="at")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("SEEN", "Seen by a clinician"),
                            ("PATIENT", "Told by the patient"),
                            ("OTHER", "Told by somebody else"),
                        ],
                        max_length=8,
                        verbose_name="how it became known",
                    ),
                ),
                (
                    "told_by",
                    models.CharField(blank=True, max_length=200, verbose_name="who told it"),
                ),
                (
                    "relatedness",
                    models.CharField(
                        choices=[
                            ("UNRELATED", "Not related"),
                            ("POSSIBLE", "Possibly related"),
                            ("PROBABLE", "Probably related"),
                            ("DEFINITE", "Certainly related"),
                        ],
                        max_length=10,
                        verbose_name="related to treatment",
                    ),
                ),
                ("is_expected", models.BooleanField(verbose_name="expected")),
                ("is_serious", models.BooleanField(verbose_name="serious")),
                ("description", models.TextField(verbose_name="what was seen")),
                ("action_taken", models.TextField(blank=True, verbose_name="what was done")),
                (
                    "follow_up_on",
                    models.DateField(blank=True, null=True, verbose_name="look again on"),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("ONGOING", "Ongoing"),
                            ("RESOLVED", "Resolved"),
                            ("SEQUELAE", "Over, with lasting harm"),
                            ("UNKNOWN", "Not known: out of reach"),
                            ("DIED", "Died"),
                        ],
                        max_length=8,
                        verbose_name="outcome",
                    ),
                ),
                ("resolved_on", models.DateField(blank=True, null=True, verbose_name="over on")),
                ("is_review", models.BooleanField()),
                ("reported_at", models.DateTimeField()),
                ("key", models.UUIDField(unique=True)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adverse_events",
                        to="treatments.treatmentcourse",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adverse_events",
                        to="treatments.lot",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adverse_events",
                        to="patients.patient",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adverse_events",
                        to="treatments.product",
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
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
                        related_name="adverse_events",
                        to="treatment_sessions.treatmentsession",
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatments.zone",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["kind", "onset_on"], name="reaction_by_kind"),
                    models.Index(fields=["onset_on"], name="reaction_by_day"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "pain_burning",
                                    "erythema_oedema",
                                    "bruise",
                                    "papules_itch",
                                    "vasovagal",
                                    "headache_tender_scalp",
                                    "numbness_induration",
                                    "nodule_early",
                                    "nodule_late",
                                    "bacterial_infection",
                                    "hsv_reactivation",
                                    "allergy_local",
                                    "allergy_delayed",
                                    "anaphylaxis",
                                    "last",
                                    "vascular_occlusion",
                                    "necrosis_ulcer",
                                    "pih",
                                    "hypopig",
                                    "scar_atrophy_contour",
                                    "granuloma_panniculitis",
                                    "alopecia_site",
                                    "methaemoglobin",
                                    "systemic_other",
                                ],
                            )
                        ),
                        name="reaction_kind_is_known",
                        violation_error_message="Choose what kind of reaction it is.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("grade__range", (1, 5))),
                        name="reaction_grade_is_1_to_5",
                        violation_error_message="Choose a grade from 1 to 5.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_red_flag", True),
                            models.Q(
                                ("grade__lt", 3),
                                ("has_sign", False),
                                models.Q(
                                    (
                                        "kind__in",
                                        (
                                            "nodule_late",
                                            "anaphylaxis",
                                            "last",
                                            "vascular_occlusion",
                                            "necrosis_ulcer",
                                            "scar_atrophy_contour",
                                            "granuloma_panniculitis",
                                            "alopecia_site",
                                            "methaemoglobin",
                                            "systemic_other",
                                        ),
                                    ),
                                    _negated=True,
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="reaction_red_flag_is_told",
                        violation_error_message="This reaction is a red flag.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("description", ""), _negated=True),
                        name="reaction_is_described",
                        violation_error_message="Say what was seen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("source", "OTHER"), models.Q(("told_by", ""), _negated=True)),
                            ("source__in", ["SEEN", "PATIENT"]),
                            _connector="OR",
                        ),
                        name="reaction_says_who_told_it",
                        violation_error_message="Say who told it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "RESOLVED"), ("resolved_on__isnull", False)),
                            models.Q(("outcome", "ONGOING"), ("resolved_on__isnull", True)),
                            ("outcome__in", ["SEQUELAE", "UNKNOWN", "DIED"]),
                            _connector="OR",
                        ),
                        name="reaction_outcome_is_dated",
                        violation_error_message="Enter the day it was over, and only if it is over.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lot__isnull", True), ("product__isnull", False), _connector="OR"
                        ),
                        name="reaction_lot_has_its_product",
                    ),
                    meso_clinic.core.constraints.FrozenRows(
                        name="reaction_is_immutable",
                        violation_error_message="What was reported is never changed. Add what you know now.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AdverseEventUpdate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("words", models.TextField(verbose_name="what is new")),
                (
                    "grade",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "1, mild: nothing had to be done"),
                            (2, "2, moderate: simple treatment, or some limits"),
                            (3, "3, severe: disabling, scarring, or medicine by mouth"),
                            (4, "4, a danger to life, sight or tissue"),
                            (5, "5, death"),
                        ],
                        verbose_name="grade",
                    ),
                ),
                ("is_red_flag", models.BooleanField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("ONGOING", "Ongoing"),
                            ("RESOLVED", "Resolved"),
                            ("SEQUELAE", "Over, with lasting harm"),
                            ("UNKNOWN", "Not known: out of reach"),
                            ("DIED", "Died"),
                        ],
                        max_length=8,
                        verbose_name="outcome",
                    ),
                ),
                ("resolved_on", models.DateField(blank=True, null=True, verbose_name="over on")),
                (
                    "follow_up_on",
                    models.DateField(blank=True, null=True, verbose_name="look again on"),
                ),
                (
                    "regulator",
                    models.CharField(blank=True, max_length=200, verbose_name="reported to"),
                ),
                (
                    "regulator_reference",
                    models.CharField(blank=True, max_length=120, verbose_name="their reference"),
                ),
                (
                    "regulator_on",
                    models.DateField(blank=True, null=True, verbose_name="reported on"),
                ),
                ("is_review", models.BooleanField()),
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
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="updates",
                        to="records.adverseevent",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("event", "number"), name="reaction_update_is_numbered"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("grade__range", (1, 5))),
                        name="reaction_update_grade_is_1_to_5",
                        violation_error_message="Choose a grade from 1 to 5.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_red_flag", True), ("grade__lt", 3), _connector="OR"
                        ),
                        name="reaction_update_red_flag_is_told",
                        violation_error_message="This reaction is a red flag.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True),
                        name="reaction_update_has_words",
                        violation_error_message="Say what is new.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "RESOLVED"), ("resolved_on__isnull", False)),
                            models.Q(("outcome", "ONGOING"), ("resolved_on__isnull", True)),
                            ("outcome__in", ["SEQUELAE", "UNKNOWN", "DIED"]),
                            _connector="OR",
                        ),
                        name="reaction_update_outcome_is_dated",
                        violation_error_message="Enter the day it was over, and only if it is over.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("regulator", ""),
                                ("regulator_on__isnull", True),
                                ("regulator_reference", ""),
                            ),
                            models.Q(
                                models.Q(("regulator", ""), _negated=True),
                                ("regulator_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="reaction_report_names_whom_and_when",
                        violation_error_message="Enter to whom it was reported, and on which day.",
                    ),
                    meso_clinic.core.constraints.FrozenRows(
                        name="reaction_update_is_append_only",
                        violation_error_message="What was reported is never changed. Add what you know now.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AftercareCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("time", models.CharField(max_length=10)),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("WELL", "Reached, well"),
                            ("SYMPTOMS", "Reached, has symptoms"),
                            ("UNREACHED", "Not reached"),
                        ],
                        max_length=10,
                        verbose_name="what came of the call",
                    ),
                ),
                (
                    "words",
                    models.CharField(blank=True, max_length=500, verbose_name="what was said"),
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
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aftercare_calls",
                        to="treatment_sessions.treatmentsession",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("time__in", ["48-hours", "2-weeks", "6-weeks", "12-weeks"])
                        ),
                        name="aftercare_call_time_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer__in", ["WELL", "UNREACHED"]),
                            models.Q(
                                ("answer", "SYMPTOMS"), models.Q(("words", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="aftercare_call_says_what_was_found",
                        violation_error_message="Say what was found.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("answer", "UNREACHED"), _negated=True),
                        fields=("session", "time"),
                        name="aftercare_call_is_answered_once",
                        violation_error_message="Somebody reached the patient already.",
                    ),
                    meso_clinic.core.constraints.FrozenRows(name="aftercare_call_is_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="HoldLift",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hold_lifts",
                        to="treatments.treatmentcourse",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="hold_is_lifted_with_a_reason",
                        violation_error_message="Say why treatment may go on.",
                    ),
                    meso_clinic.core.constraints.FrozenRows(name="hold_lift_is_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutcomeAssessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("scale", models.CharField(max_length=24, verbose_name="scale")),
                (
                    "side",
                    models.CharField(
                        blank=True,
                        choices=[("", "Whole area"), ("LEFT", "Left"), ("RIGHT", "Right")],
                        default="",
                        max_length=5,
                        verbose_name="side",
                    ),
                ),
                (
                    "value",
                    models.DecimalField(decimal_places=2, max_digits=6, verbose_name="value"),
                ),
                ("label", models.CharField(blank=True, max_length=200, verbose_name="in words")),
                (
                    "rater",
                    models.CharField(
                        choices=[
                            ("CLINICIAN", "Clinician"),
                            ("PATIENT", "Patient"),
                            ("DEVICE", "Device"),
                        ],
                        max_length=9,
                        verbose_name="scored by",
                    ),
                ),
                (
                    "occasion",
                    models.CharField(
                        choices=[
                            ("BASELINE", "Baseline"),
                            ("MID_COURSE", "Mid-course"),
                            ("END", "End of the course"),
                            ("MONTHS_3", "3 months"),
                            ("MONTHS_6", "6 months"),
                            ("MONTHS_12", "12 months"),
                            ("OTHER", "Other"),
                        ],
                        max_length=10,
                        verbose_name="occasion",
                    ),
                ),
                ("assessed_on", models.DateField(verbose_name="day")),
                ("is_before_session", models.BooleanField(default=False)),
                ("notes", models.TextField(blank=True, verbose_name="notes")),
                ("recorded_at", models.DateTimeField()),
                ("key", models.UUIDField()),
                (
                    "reason",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="why it is corrected"
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outcomes",
                        to="treatments.treatmentcourse",
                    ),
                ),
                (
                    "rated_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="records.outcomeassessment",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["course", "assessed_on"], name="outcome_by_course")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "scale", "side", "rater"), name="outcome_is_sent_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value__gte", 0), ("value__lte", Decimal("1000"))),
                        name="outcome_value_is_sane",
                        violation_error_message="The value must be between 0 and 1000.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scale", ""), _negated=True),
                        name="outcome_has_a_scale",
                        violation_error_message="Choose a scale.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("rated_by__isnull", True), ("rater", "PATIENT")),
                            models.Q(
                                models.Q(("rater", "PATIENT"), _negated=True),
                                ("rated_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="outcome_has_a_rater",
                        violation_error_message="Say who scored.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), ("replaces__isnull", True)),
                            models.Q(
                                ("replaces__isnull", False), models.Q(("reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="outcome_is_corrected_with_a_reason",
                        violation_error_message="Say why the value is corrected.",
                    ),
                    meso_clinic.core.constraints.FrozenRows(
                        name="outcome_is_append_only",
                        violation_error_message="A score is never changed; correct it.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Photo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(unique=True)),
                ("area", models.CharField(max_length=12)),
                ("view", models.CharField(max_length=40)),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("LEFT", "the patient’s left"),
                            ("RIGHT", "the patient’s right"),
                            ("MIDDLE", "middle"),
                        ],
                        max_length=6,
                    ),
                ),
                ("taken_at", models.DateTimeField()),
                ("device", models.CharField(blank=True, max_length=200)),
                ("file_name", models.CharField(max_length=80, unique=True)),
                ("thumbnail_name", models.CharField(max_length=80, unique=True)),
                ("sha256", models.CharField(max_length=64)),
                ("size_bytes", models.PositiveIntegerField()),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("form_key", models.UUIDField()),
                (
                    "consent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatments.consent",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="treatments.treatmentcourse",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="patients.patient",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="treatment_sessions.treatmentsession",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["course", "view", "taken_at"], name="photo_by_view")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("form_key", "view"), name="photo_is_sent_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("area", "face"),
                                ("side", "MIDDLE"),
                                (
                                    "view__in",
                                    [
                                        "face_front",
                                        "face_chin_down",
                                        "face_smile",
                                        "face_frown",
                                        "face_close_up",
                                    ],
                                ),
                            ),
                            models.Q(
                                ("area", "face"),
                                ("side", "LEFT"),
                                (
                                    "view__in",
                                    [
                                        "face_oblique_left",
                                        "face_lateral_left",
                                        "face_close_up_left",
                                    ],
                                ),
                            ),
                            models.Q(
                                ("area", "face"),
                                ("side", "RIGHT"),
                                (
                                    "view__in",
                                    [
                                        "face_oblique_right",
                                        "face_lateral_right",
                                        "face_close_up_right",
                                    ],
                                ),
                            ),
                            models.Q(
                                ("area", "submental"),
                                ("side", "MIDDLE"),
                                ("view__in", ["submental_front", "submental_neck_extended"]),
                            ),
                            models.Q(
                                ("area", "submental"),
                                ("side", "LEFT"),
                                ("view__in", ["submental_lateral_left", "submental_oblique_left"]),
                            ),
                            models.Q(
                                ("area", "submental"),
                                ("side", "RIGHT"),
                                (
                                    "view__in",
                                    ["submental_lateral_right", "submental_oblique_right"],
                                ),
                            ),
                            models.Q(
                                ("area", "abdomen"),
                                ("side", "MIDDLE"),
                                ("view__in", ["abdomen_front", "abdomen_back"]),
                            ),
                            models.Q(
                                ("area", "abdomen"),
                                ("side", "LEFT"),
                                ("view__in", ["abdomen_lateral_left", "abdomen_oblique_left"]),
                            ),
                            models.Q(
                                ("area", "abdomen"),
                                ("side", "RIGHT"),
                                ("view__in", ["abdomen_lateral_right", "abdomen_oblique_right"]),
                            ),
                            models.Q(
                                ("area", "thigh"),
                                ("side", "MIDDLE"),
                                (
                                    "view__in",
                                    [
                                        "thigh_back",
                                        "thigh_front",
                                        "thigh_back_tensed",
                                        "thigh_front_tensed",
                                    ],
                                ),
                            ),
                            models.Q(
                                ("area", "thigh"),
                                ("side", "LEFT"),
                                ("view__in", ["thigh_lateral_left", "thigh_lateral_left_tensed"]),
                            ),
                            models.Q(
                                ("area", "thigh"),
                                ("side", "RIGHT"),
                                ("view__in", ["thigh_lateral_right", "thigh_lateral_right_tensed"]),
                            ),
                            models.Q(
                                ("area", "arm"),
                                ("side", "LEFT"),
                                ("view__in", ["arm_front_left", "arm_back_left"]),
                            ),
                            models.Q(
                                ("area", "arm"),
                                ("side", "RIGHT"),
                                ("view__in", ["arm_front_right", "arm_back_right"]),
                            ),
                            models.Q(
                                ("area", "scalp"),
                                ("side", "MIDDLE"),
                                (
                                    "view__in",
                                    [
                                        "scalp_hairline",
                                        "scalp_vertex",
                                        "scalp_parting",
                                        "scalp_occiput",
                                        "scalp_dermoscopy",
                                    ],
                                ),
                            ),
                            models.Q(
                                ("area", "scalp"),
                                ("side", "LEFT"),
                                ("view__in", ["scalp_temple_left"]),
                            ),
                            models.Q(
                                ("area", "scalp"),
                                ("side", "RIGHT"),
                                ("view__in", ["scalp_temple_right"]),
                            ),
                            models.Q(
                                ("area", "hands"),
                                ("side", "LEFT"),
                                ("view__in", ["hands_dorsum_left"]),
                            ),
                            models.Q(
                                ("area", "hands"),
                                ("side", "RIGHT"),
                                ("view__in", ["hands_dorsum_right"]),
                            ),
                            models.Q(
                                ("area", "hands"), ("side", "MIDDLE"), ("view__in", ["hands_chest"])
                            ),
                            _connector="OR",
                        ),
                        name="photo_view_area_and_side_agree",
                        violation_error_message="Choose a view of this area.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("height__gt", 0),
                            ("size_bytes__gt", 0),
                            ("width__gt", 0),
                            models.Q(("sha256", ""), _negated=True),
                        ),
                        name="photo_says_what_its_file_is",
                    ),
                    meso_clinic.core.constraints.FrozenRows(
                        name="photo_is_immutable",
                        violation_error_message="A photo is never changed; withdraw it.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PhotoDecline",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("view", models.CharField(max_length=40)),
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
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photo_declines",
                        to="treatment_sessions.treatmentsession",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("session", "view"), name="photo_is_declined_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="photo_is_declined_with_a_reason",
                        violation_error_message="Say why there is no photo.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "view__in",
                                [
                                    "face_front",
                                    "face_oblique_left",
                                    "face_oblique_right",
                                    "face_lateral_left",
                                    "face_lateral_right",
                                    "face_chin_down",
                                    "face_smile",
                                    "face_frown",
                                    "face_close_up",
                                    "face_close_up_left",
                                    "face_close_up_right",
                                    "submental_front",
                                    "submental_lateral_left",
                                    "submental_lateral_right",
                                    "submental_oblique_left",
                                    "submental_oblique_right",
                                    "submental_neck_extended",
                                    "abdomen_front",
                                    "abdomen_lateral_left",
                                    "abdomen_lateral_right",
                                    "abdomen_oblique_left",
                                    "abdomen_oblique_right",
                                    "abdomen_back",
                                    "thigh_back",
                                    "thigh_lateral_left",
                                    "thigh_lateral_right",
                                    "thigh_front",
                                    "thigh_back_tensed",
                                    "thigh_lateral_left_tensed",
                                    "thigh_lateral_right_tensed",
                                    "thigh_front_tensed",
                                    "arm_front_left",
                                    "arm_front_right",
                                    "arm_back_left",
                                    "arm_back_right",
                                    "scalp_hairline",
                                    "scalp_vertex",
                                    "scalp_parting",
                                    "scalp_temple_left",
                                    "scalp_temple_right",
                                    "scalp_occiput",
                                    "scalp_dermoscopy",
                                    "hands_dorsum_left",
                                    "hands_dorsum_right",
                                    "hands_chest",
                                ],
                            )
                        ),
                        name="declined_photo_is_a_known_view",
                    ),
                    meso_clinic.core.constraints.FrozenRows(name="photo_decline_is_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PhotoWithdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "photo",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal",
                        to="records.photo",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="photo_is_withdrawn_with_a_reason",
                        violation_error_message="Say why the photo is withdrawn.",
                    ),
                    meso_clinic.core.constraints.FrozenRows(name="photo_withdrawal_is_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReactionPhoto",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photo_links",
                        to="records.adverseevent",
                    ),
                ),
                (
                    "photo",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reaction_link",
                        to="records.photo",
                    ),
                ),
            ],
            options={
                "constraints": [
                    meso_clinic.core.constraints.FrozenRows(name="reaction_photo_is_append_only")
                ],
            },
        ),
        migrations.CreateModel(
            name="Recall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("source", models.CharField(max_length=200, verbose_name="notice")),
                ("script", models.TextField(blank=True, verbose_name="what callers say")),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("summary", models.TextField(blank=True, verbose_name="summary")),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True),
                            models.Q(("source", ""), _negated=True),
                        ),
                        name="recall_has_reason_and_notice",
                        violation_error_message="Enter the reason and the notice.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", True),
                                ("closed_by__isnull", True),
                                ("summary", ""),
                            ),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                models.Q(("summary", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="recall_is_closed_with_a_summary",
                        violation_error_message="Enter the summary.",
                    ),
                    meso_clinic.core.constraints.FrozenRows(
                        name="closed_recall_is_immutable",
                        violation_error_message="This recall is closed. Nothing of it is changed any more.",
                        when=models.Q(("closed_at__isnull", False)),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecallContact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("UNREACHED", "Not reached"),
                            ("REACHED", "Reached, well"),
                            ("SYMPTOMATIC", "Has symptoms"),
                            ("REFERRED", "Referred"),
                        ],
                        default="UNREACHED",
                        max_length=12,
                    ),
                ),
                ("last_used_on", models.DateField()),
                ("attempt_count", models.PositiveIntegerField(default=0)),
                ("is_locked", models.BooleanField(default=False)),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recall_contacts",
                        to="patients.patient",
                    ),
                ),
                (
                    "recall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="records.recall",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["recall", "status"], name="recall_contact_by_status"),
                    models.Index(
                        condition=models.Q(("is_locked", True)),
                        fields=["recall"],
                        name="recall_contact_locked",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("recall", "patient"), name="patient_is_recalled_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["UNREACHED", "REACHED", "SYMPTOMATIC", "REFERRED"])
                        ),
                        name="recall_contact_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "UNREACHED"), ("attempt_count__gte", 1), _connector="OR"
                        ),
                        name="recall_contact_is_reached_by_an_attempt",
                    ),
                    meso_clinic.core.constraints.FrozenRows(
                        beside=("recall",),
                        name="contact_of_closed_recall_is_immutable",
                        violation_error_message="This recall is closed. Nothing of it is changed any more.",
                        when=models.Q(("is_locked", True)),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecallAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("UNREACHED", "Not reached"),
                            ("REACHED", "Reached, well"),
                            ("SYMPTOMATIC", "Has symptoms"),
                            ("REFERRED", "Referred"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "words",
                    models.CharField(blank=True, max_length=500, verbose_name="what was said"),
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
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="records.recallcontact",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["UNREACHED", "REACHED"]),
                            models.Q(
                                ("status__in", ["SYMPTOMATIC", "REFERRED"]),
                                models.Q(("words", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="recall_attempt_says_what_was_found",
                        violation_error_message="Say what was found.",
                    ),
                    meso_clinic.core.constraints.FrozenRows(name="recall_attempt_is_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecallLot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recalled",
                        to="treatments.lot",
                    ),
                ),
                (
                    "recall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recalled",
                        to="records.recall",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("recall", "lot"), name="lot_is_recalled_once"),
                    meso_clinic.core.constraints.FrozenRows(name="recall_lot_is_append_only"),
                ],
            },
        ),
        migrations.AddField(
            model_name="recall",
            name="lots",
            field=models.ManyToManyField(
                related_name="recalls", through="records.RecallLot", to="treatments.lot"
            ),
        ),
        migrations.CreateModel(
            name="RecallUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("used_on", models.DateField()),
                ("was_signed", models.BooleanField()),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="records.recallcontact",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recall_uses",
                        to="treatments.lot",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recall_uses",
                        to="treatment_sessions.treatmentsession",
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatments.zone",
                    ),
                ),
            ],
            options={
                "constraints": [
                    meso_clinic.core.constraints.FrozenRows(name="recall_use_is_append_only")
                ],
            },
        ),
        migrations.CreateModel(
            name="SessionRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "systolic_mmhg",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="upper pressure"
                    ),
                ),
                (
                    "diastolic_mmhg",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="lower pressure"
                    ),
                ),
                (
                    "pulse_bpm",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="pulse"),
                ),
                (
                    "temperature_c",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=3,
                        null=True,
                        verbose_name="temperature (°C)",
                    ),
                ),
                (
                    "glucose_mmol",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=3,
                        null=True,
                        verbose_name="blood sugar (mmol/l)",
                    ),
                ),
                (
                    "antiseptic",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("CHLORHEXIDINE", "Chlorhexidine 2 % in alcohol 70 %"),
                            ("ALCOHOL", "Alcohol 70 %"),
                            ("IODINE", "Povidone-iodine"),
                            ("HYPOCHLOROUS", "Hypochlorous acid"),
                        ],
                        max_length=13,
                        verbose_name="antiseptic",
                    ),
                ),
                (
                    "contact_seconds",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="left on for (seconds)"
                    ),
                ),
                ("is_dried", models.BooleanField(default=False, verbose_name="left to dry")),
                (
                    "is_sterile",
                    models.BooleanField(
                        default=False, verbose_name="sterile gloves, single-use needle"
                    ),
                ),
                (
                    "is_preparation_copied",
                    models.BooleanField(default=False, verbose_name="copied"),
                ),
                (
                    "blood_kit_lot",
                    models.CharField(blank=True, max_length=40, verbose_name="lot of the tube kit"),
                ),
                (
                    "blood_drawn_at",
                    models.TimeField(blank=True, null=True, verbose_name="blood drawn at"),
                ),
                (
                    "blood_drawn_ml",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        verbose_name="blood drawn (ml)",
                    ),
                ),
                (
                    "blood_spin",
                    models.CharField(blank=True, max_length=60, verbose_name="spin settings"),
                ),
                (
                    "blood_plasma_ml",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        verbose_name="plasma made (ml)",
                    ),
                ),
                (
                    "blood_is_activated",
                    models.BooleanField(default=False, verbose_name="activated"),
                ),
                (
                    "blood_injected_at",
                    models.TimeField(blank=True, null=True, verbose_name="plasma injected at"),
                ),
                (
                    "end_points",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("PINPOINT", "Pinpoint bleeding"),
                            ("PAPULES", "Papules"),
                            ("BOTH", "Both"),
                            ("NONE", "None"),
                        ],
                        max_length=8,
                        verbose_name="end-points",
                    ),
                ),
                (
                    "pain",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="pain, 0 to 10"
                    ),
                ),
                (
                    "observed_minutes",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="watched for (minutes)"
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "identity_check",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not answered"),
                            ("CLEAR", "All clear"),
                            ("CONCERN", "There is something"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="Name and date of birth asked and matched",
                    ),
                ),
                (
                    "consent_check",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not answered"),
                            ("CLEAR", "All clear"),
                            ("CONCERN", "There is something"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="Consent for this course is signed, and the patient says that it still stands",
                    ),
                ),
                (
                    "pregnancy_check",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not answered"),
                            ("CLEAR", "All clear"),
                            ("CONCERN", "There is something"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="Not pregnant, not breastfeeding",
                    ),
                ),
                (
                    "infection_check",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not answered"),
                            ("CLEAR", "All clear"),
                            ("CONCERN", "There is something"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="No infection, fever or wound in the area",
                    ),
                ),
                (
                    "medicines_check",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not answered"),
                            ("CLEAR", "All clear"),
                            ("CONCERN", "There is something"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="Medicines and allergies unchanged",
                    ),
                ),
                (
                    "reaction_check",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not answered"),
                            ("CLEAR", "All clear"),
                            ("CONCERN", "There is something"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="No bad reaction since the last session",
                    ),
                ),
                (
                    "checks_words",
                    models.TextField(
                        blank=True, verbose_name="what was found, and why it is safe to go on"
                    ),
                ),
                (
                    "drawn_up_ml",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        verbose_name="drawn up (ml)",
                    ),
                ),
                ("reaction", models.CharField(blank=True, max_length=200, verbose_name="reaction")),
                ("notes", models.TextField(blank=True, verbose_name="notes")),
                (
                    "aftercare_given",
                    models.BooleanField(
                        default=False, verbose_name="after-care given and explained"
                    ),
                ),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("content_hash", models.CharField(blank=True, max_length=64)),
                ("edition", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="record",
                        to="treatment_sessions.treatmentsession",
                    ),
                ),
                (
                    "signed_by",
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("signed_at__isnull", True), ("signed_by__isnull", True)),
                            models.Q(
                                ("aftercare_given", True),
                                ("signed_at__isnull", False),
                                ("signed_by__isnull", False),
                                models.Q(("identity_check", ""), _negated=True),
                                models.Q(("consent_check", ""), _negated=True),
                                models.Q(("pregnancy_check", ""), _negated=True),
                                models.Q(("infection_check", ""), _negated=True),
                                models.Q(("medicines_check", ""), _negated=True),
                                models.Q(("reaction_check", ""), _negated=True),
                                models.Q(("reaction", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="signed_record_is_complete",
                        violation_error_message="The record is not complete.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("drawn_up_ml__isnull", True),
                            models.Q(
                                ("drawn_up_ml__gt", Decimal("0")),
                                ("drawn_up_ml__lte", Decimal("100")),
                            ),
                            _connector="OR",
                        ),
                        name="drawn_up_volume_is_positive",
                        violation_error_message="Drawn up must be more than 0 and at most 100 ml.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("signed_at__isnull", False), ("content_hash", ""), _connector="OR"
                        ),
                        name="only_signed_record_is_sealed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("diastolic_mmhg__isnull", True), ("systolic_mmhg__isnull", True)
                            ),
                            models.Q(
                                ("diastolic_mmhg__isnull", False),
                                ("diastolic_mmhg__range", (20, 200)),
                                ("systolic_mmhg__gt", models.F("diastolic_mmhg")),
                                ("systolic_mmhg__isnull", False),
                                ("systolic_mmhg__range", (50, 300)),
                            ),
                            _connector="OR",
                        ),
                        name="pressure_is_two_plausible_numbers",
                        violation_error_message="Enter both pressures, the upper one larger than the lower, like 120 and 80.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("pulse_bpm__isnull", True),
                                ("pulse_bpm__range", (20, 250)),
                                _connector="OR",
                            ),
                            models.Q(
                                ("temperature_c__isnull", True),
                                ("temperature_c__range", (Decimal("30.0"), Decimal("45.0"))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("glucose_mmol__isnull", True),
                                ("glucose_mmol__range", (Decimal("0.5"), Decimal("60.0"))),
                                _connector="OR",
                            ),
                        ),
                        name="vitals_are_plausible",
                        violation_error_message="Check pulse, temperature and blood sugar.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("contact_seconds__isnull", True),
                            models.Q(
                                ("contact_seconds__range", (5, 600)),
                                models.Q(("antiseptic", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="contact_time_is_of_an_antiseptic",
                        violation_error_message="Choose the antiseptic, left on for 5 to 600 seconds.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("pain__isnull", True), ("pain__range", (0, 10)), _connector="OR"
                            ),
                            models.Q(
                                ("observed_minutes__isnull", True),
                                ("observed_minutes__range", (1, 240)),
                                _connector="OR",
                            ),
                        ),
                        name="pain_and_minutes_are_plausible",
                        violation_error_message="Pain is 0 to 10, and the patient is watched up to 240 minutes.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("blood_drawn_ml__isnull", True),
                                ("blood_drawn_ml__range", (Decimal("0.5"), Decimal("500"))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("blood_plasma_ml__isnull", True),
                                ("blood_plasma_ml__gt", 0),
                                _connector="OR",
                            ),
                            models.Q(
                                ("blood_drawn_ml__isnull", True),
                                ("blood_plasma_ml__isnull", True),
                                ("blood_plasma_ml__lte", models.F("blood_drawn_ml")),
                                _connector="OR",
                            ),
                        ),
                        name="plasma_is_part_of_the_blood_drawn",
                        violation_error_message="There cannot be more plasma than blood was drawn.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("signed_at__isnull", True),
                            ("edition__isnull", True),
                            models.Q(
                                ("is_sterile", True),
                                ("pain__isnull", False),
                                models.Q(("antiseptic", ""), _negated=True),
                                models.Q(("end_points", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="signed_record_has_preparation_and_outcome",
                        violation_error_message="The record is not complete.",
                    ),
                    meso_clinic.core.constraints.FrozenRows(
                        name="signed_record_is_immutable",
                        violation_error_message="This record is signed. Add a note instead.",
                        when=models.Q(("signed_at__isnull", False)),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LotDeviation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("was_before", models.BooleanField()),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
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
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatments.lot",
                    ),
                ),
                (
                    "quarantine",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatments.lotevent",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lot_deviations",
                        to="records.sessionrecord",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="lot_deviation_has_a_reason",
                        violation_error_message="Say why the record may be signed.",
                    ),
                    models.UniqueConstraint(
                        fields=("record", "lot", "quarantine"), name="lot_deviation_is_kept_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("quarantine__isnull", True)),
                        fields=("record", "lot"),
                        name="lot_deviation_without_history_is_kept_once",
                    ),
                    meso_clinic.core.constraints.FrozenRows(name="lot_deviation_is_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Anaesthesia",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_locked", models.BooleanField(default=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("NONE", "None"),
                            ("COLD", "Cold"),
                            ("CREAM", "Cream"),
                            ("INJECTED", "Injected"),
                            ("OTHER", "Other"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("agent", models.CharField(blank=True, max_length=120, verbose_name="agent")),
                ("dose", models.CharField(blank=True, max_length=60, verbose_name="dose")),
                (
                    "strength_percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=4,
                        null=True,
                        verbose_name="strength (%)",
                    ),
                ),
                (
                    "volume_ml",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        verbose_name="volume (ml)",
                    ),
                ),
                (
                    "has_adrenaline",
                    models.BooleanField(default=False, verbose_name="with adrenaline"),
                ),
                (
                    "grams",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        verbose_name="amount (g)",
                    ),
                ),
                (
                    "area_cm2",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="area (cm²)"
                    ),
                ),
                (
                    "is_covered",
                    models.BooleanField(default=False, verbose_name="covered with film"),
                ),
                ("applied_at", models.TimeField(blank=True, null=True, verbose_name="applied at")),
                (
                    "wait_minutes",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="wait (minutes)"
                    ),
                ),
                ("removed_at", models.TimeField(blank=True, null=True, verbose_name="removed at")),
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
                (
                    "height_cm",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="height (cm)"
                    ),
                ),
                ("weighed_on", models.DateField(blank=True, null=True, verbose_name="weighed on")),
                (
                    "lot",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="anaesthesia_uses",
                        to="treatments.lot",
                        verbose_name="lot",
                    ),
                ),
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="anaesthesia",
                        to="records.sessionrecord",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["NONE", "COLD"]),
                            models.Q(
                                models.Q(("agent", ""), _negated=True),
                                models.Q(("dose", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="anaesthesia_names_agent_and_dose",
                        violation_error_message="Enter the agent and its dose.",
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
                        name="anaesthesia_weight_is_plausible_and_dated",
                        violation_error_message="Weight must be between 2 and 400 kg.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("height_cm__isnull", True),
                            ("height_cm__range", (100, 230)),
                            _connector="OR",
                        ),
                        name="anaesthesia_height_is_plausible",
                        violation_error_message="Height must be between 100 and 230 cm.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("removed_at__isnull", True),
                            ("applied_at__isnull", False),
                            _connector="OR",
                        ),
                        name="removed_after_applied",
                        violation_error_message="Enter when it was applied.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("strength_percent__isnull", True),
                                ("strength_percent__gt", 0),
                                _connector="OR",
                            ),
                            models.Q(
                                ("volume_ml__isnull", True), ("volume_ml__gt", 0), _connector="OR"
                            ),
                            models.Q(("grams__isnull", True), ("grams__gt", 0), _connector="OR"),
                            models.Q(
                                ("area_cm2__isnull", True), ("area_cm2__gt", 0), _connector="OR"
                            ),
                        ),
                        name="anaesthesia_amounts_are_positive",
                        violation_error_message="Amounts must be more than 0.",
                    ),
                    meso_clinic.core.constraints.FrozenRows(
                        name="anaesthesia_of_signed_record_is_immutable",
                        violation_error_message="This record is signed. Add a note instead.",
                        when=models.Q(("is_locked", True)),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Amendment",
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
                            ("LATE_ENTRY", "Late entry"),
                            ("ADDENDUM", "Addition"),
                            ("CORRECTION", "Correction"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("words", models.TextField(verbose_name="note")),
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
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="records.sessionrecord",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("words", ""), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                        ),
                        name="amendment_has_words_and_reason",
                        violation_error_message="Enter the note and the reason for it.",
                    ),
                    meso_clinic.core.constraints.FrozenRows(name="amendment_is_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ZoneTreatment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_locked", models.BooleanField(default=False)),
                (
                    "technique",
                    models.CharField(
                        choices=[
                            ("point_by_point", "Point by point"),
                            ("nappage", "Nappage"),
                            ("papular", "Papules"),
                            ("epidermic", "Epidermic"),
                            ("linear_retrograde", "Linear retrograde"),
                            ("mesogun", "Motorised injector"),
                        ],
                        max_length=20,
                        verbose_name="technique",
                    ),
                ),
                ("needle", models.CharField(max_length=30, verbose_name="needle")),
                (
                    "depth_mm",
                    models.DecimalField(decimal_places=1, max_digits=2, verbose_name="depth (mm)"),
                ),
                ("points", models.PositiveSmallIntegerField(verbose_name="points")),
                (
                    "point_ml",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=4,
                        null=True,
                        verbose_name="each point (ml)",
                    ),
                ),
                (
                    "route",
                    models.CharField(
                        choices=[
                            ("INTRADERMAL", "Into the skin"),
                            ("SUBCUTANEOUS", "Under the skin"),
                        ],
                        default="INTRADERMAL",
                        max_length=12,
                        verbose_name="route",
                    ),
                ),
                (
                    "seen",
                    models.CharField(blank=True, max_length=120, verbose_name="seen in this zone"),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="zones",
                        to="records.sessionrecord",
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatments.zone",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record", "zone"),
                        name="zone_is_recorded_once",
                        violation_error_message="This zone is recorded already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("depth_mm__range", (Decimal("1.0"), Decimal("4.0")))),
                        name="depth_is_1_to_4_mm",
                        violation_error_message="Depth must be 1.0 to 4.0 mm.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("points__range", (1, 400))),
                        name="points_are_1_to_400",
                        violation_error_message="Points must be between 1 and 400.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("point_ml__isnull", True),
                            ("point_ml__range", (Decimal("0.005"), Decimal("1"))),
                            _connector="OR",
                        ),
                        name="point_volume_is_5_microlitres_to_1_ml",
                        violation_error_message="Each point must be between 0.005 and 1 ml.",
                    ),
                    meso_clinic.core.constraints.FrozenRows(
                        beside=("record",),
                        name="zone_of_signed_record_is_immutable",
                        violation_error_message="This record is signed. Add a note instead.",
                        when=models.Q(("is_locked", True)),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Administration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_locked", models.BooleanField(default=False)),
                (
                    "volume_ml",
                    models.DecimalField(decimal_places=2, max_digits=5, verbose_name="volume (ml)"),
                ),
                (
                    "donor_number",
                    models.CharField(
                        blank=True, max_length=20, verbose_name="donor’s record number"
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="treatments.lot",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="administrations",
                        to="records.sessionrecord",
                    ),
                ),
                (
                    "zone_treatment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="administrations",
                        to="records.zonetreatment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("volume_ml__gt", Decimal("0")), ("volume_ml__lte", Decimal("100"))
                        ),
                        name="administered_volume_is_positive",
                        violation_error_message="Volume must be more than 0 and at most 100 ml.",
                    ),
                    meso_clinic.core.constraints.FrozenRows(
                        beside=("record",),
                        name="administration_of_signed_record_is_immutable",
                        violation_error_message="This record is signed. Add a note instead.",
                        when=models.Q(("is_locked", True)),
                    ),
                ],
            },
        ),
    ]
