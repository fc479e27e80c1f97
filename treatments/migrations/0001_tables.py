from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import meso_clinic.core.constraints


class Migration(migrations.Migration):
    replaces = [
        ("treatments", "0001_initial"),
        ("treatments", "0002_planner"),
        ("treatments", "0003_consents"),
        ("treatments", "0004_contraindications_and_clearances"),
        ("treatments", "0005_clinical_hold"),
        ("treatments", "0006_stock_and_openings"),
        ("treatments", "0007_product_limits"),
        ("treatments", "0008_reopened_consents_and_time_to_reflect"),
        ("treatments", "0009_rules_about_zones"),
    ]

    initial = True

    dependencies = [
        ("clinic", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("patients", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Lot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=60, verbose_name="lot number")),
                ("expires_on", models.DateField(verbose_name="use by")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("AVAILABLE", "Available"),
                            ("QUARANTINED", "Quarantined"),
                            ("USED_UP", "Used up"),
                        ],
                        default="AVAILABLE",
                        max_length=12,
                    ),
                ),
                (
                    "received_on",
                    models.DateField(blank=True, null=True, verbose_name="received on"),
                ),
                (
                    "quantity",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="quantity"),
                ),
                ("opened_on", models.DateField(blank=True, null=True, verbose_name="opened on")),
                (
                    "vials_opened",
                    models.PositiveIntegerField(default=0, verbose_name="vials opened"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number", ""), _negated=True), name="lot_has_a_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["AVAILABLE", "QUARANTINED", "USED_UP"])),
                        name="lot_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("quantity__isnull", True), ("quantity__gte", 1), _connector="OR"
                        ),
                        name="lot_quantity_is_positive",
                        violation_error_message="A lot has at least one vial.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("opened_on__isnull", True), ("vials_opened", 0)),
                            models.Q(("opened_on__isnull", False), ("vials_opened__gte", 1)),
                            _connector="OR",
                        ),
                        name="lot_opened_day_comes_with_a_vial",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("quantity__isnull", True),
                            ("vials_opened__lte", models.F("quantity")),
                            _connector="OR",
                        ),
                        name="lot_vials_opened_came_in",
                        violation_error_message="All vials of this lot were opened.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opened_on__isnull", True),
                            ("received_on__isnull", True),
                            ("opened_on__gte", models.F("received_on")),
                            _connector="OR",
                        ),
                        name="lot_is_opened_after_it_came_in",
                        violation_error_message="A vial is opened on or after the day it came in.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Indication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("short_name", models.CharField(max_length=40, verbose_name="name on the board")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("is_active", models.BooleanField(default=True, verbose_name="offered")),
                (
                    "needs_specialist",
                    models.BooleanField(
                        default=False,
                        verbose_name="needs a specialist consultation before it starts",
                    ),
                ),
                (
                    "rooms",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Rooms set up for this. A room named by no indication suits all.",
                        related_name="indications",
                        to="clinic.room",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ConsentTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("TREATMENT", "Treatment"),
                            ("OFF_LABEL", "Product used outside its approval"),
                            ("BLOOD_DRAW", "Blood draw"),
                            ("ANAESTHESIA", "Numbing"),
                            ("PHOTOS", "Photos for the record"),
                            ("TEACHING", "Photos for teaching"),
                            ("MARKETING", "Photos for publication"),
                            ("MESSAGES", "Reminders and messages"),
                        ],
                        max_length=12,
                        verbose_name="unit",
                    ),
                ),
                ("language", models.CharField(default="en", max_length=8)),
                ("version", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("text", models.TextField(verbose_name="text")),
                ("reason", models.CharField(max_length=200, verbose_name="why it changed")),
                ("published_at", models.DateTimeField()),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "indication",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consent_templates",
                        to="treatments.indication",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("indication__isnull", False)),
                        fields=("unit", "indication", "language", "version"),
                        name="consent_text_is_numbered_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("indication__isnull", True)),
                        fields=("unit", "language", "version"),
                        name="consent_text_for_all_is_numbered_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("unit__in", ["TREATMENT", "OFF_LABEL", "BLOOD_DRAW", "ANAESTHESIA"]),
                            ("indication__isnull", True),
                            _connector="OR",
                        ),
                        name="consent_text_of_a_patient_has_no_indication",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True),
                            models.Q(("text", ""), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                        ),
                        name="consent_text_is_complete",
                        violation_error_message="Title, text and reason must be filled in.",
                    ),
                    meso_clinic.core.constraints.FrozenRows(
                        name="consent_text_is_immutable",
                        violation_error_message="A published text is never changed; publish a new one.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
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
                            ("GENERAL", "Assessment"),
                            ("SPECIALIST", "Specialist consultation"),
                        ],
                        max_length=12,
                    ),
                ),
                ("assessed_on", models.DateField(verbose_name="date of the consultation")),
                ("assessed_by", models.CharField(max_length=200, verbose_name="doctor’s name")),
                ("finding", models.TextField(verbose_name="diagnosis")),
                ("recorded_at", models.DateTimeField()),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="patients.patient",
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
                    "indication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="treatments.indication",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["patient", "indication"], name="assessment_by_patient")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("assessed_by", ""), _negated=True),
                            models.Q(("finding", ""), _negated=True),
                        ),
                        name="assessment_says_who_and_what",
                        violation_error_message="Enter the doctor’s name and the diagnosis.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IndicationRevision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("summary", models.TextField(verbose_name="summary")),
                ("who_it_suits", models.TextField(verbose_name="who it suits")),
                ("evidence", models.TextField(verbose_name="evidence and its limits")),
                (
                    "recovery_notes",
                    models.TextField(
                        help_text="One line each, with its time: “48 hours: No sauna.”",
                        verbose_name="recovery notes",
                    ),
                ),
                (
                    "aftercare",
                    models.TextField(help_text="One line each.", verbose_name="after-care"),
                ),
                (
                    "when_to_call",
                    models.TextField(
                        help_text="One sign a line.",
                        verbose_name="get help the same day if you have",
                    ),
                ),
                (
                    "disclaimer_addition",
                    models.TextField(
                        blank=True,
                        help_text="The disclaimer itself stays.",
                        verbose_name="added to the disclaimer",
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="why it changed")),
                ("published_at", models.DateTimeField()),
                (
                    "indication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="treatments.indication",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("indication", "number"), name="indication_revision_is_numbered_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("recovery_notes", ""), _negated=True),
                            models.Q(("summary", ""), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                        ),
                        name="indication_revision_is_complete",
                        violation_error_message="Summary, recovery notes and reason must be filled in.",
                    ),
                    meso_clinic.core.constraints.FrozenRows(
                        name="indication_revision_is_immutable",
                        violation_error_message="A published text is never changed; publish a new one.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LotEvent",
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
                            ("RECEIVED", "Came in"),
                            ("OPENED", "Vial opened"),
                            ("USED_UP", "Used up"),
                            ("RESTOCKED", "Put back in stock"),
                            ("QUARANTINED", "Put in quarantine"),
                            ("RELEASED", "Released"),
                        ],
                        max_length=12,
                    ),
                ),
                ("on", models.DateField(verbose_name="day")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
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
                        related_name="events",
                        to="treatments.lot",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["QUARANTINED", "RELEASED"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="lot_quarantine_has_a_reason",
                        violation_error_message="Enter the reason.",
                    ),
                    meso_clinic.core.constraints.FrozenRows(name="lot_event_is_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("strength", models.CharField(blank=True, max_length=60, verbose_name="strength")),
                ("product_class", models.CharField(max_length=40, verbose_name="class")),
                (
                    "usual_volume_ml",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        verbose_name="usual volume (ml)",
                    ),
                ),
                (
                    "max_volume_ml",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        verbose_name="most per session (ml)",
                    ),
                ),
                (
                    "max_points",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="most points per session"
                    ),
                ),
                (
                    "max_point_ml",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=4,
                        null=True,
                        verbose_name="most per point (ml)",
                    ),
                ),
                (
                    "max_treatments",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="most sessions with it"
                    ),
                ),
                (
                    "lidocaine_percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=4,
                        null=True,
                        verbose_name="lidocaine (%)",
                    ),
                ),
                (
                    "gtin",
                    models.CharField(
                        blank=True, max_length=14, verbose_name="number in the box’s code"
                    ),
                ),
                (
                    "route",
                    models.CharField(
                        choices=[
                            ("INTRADERMAL", "Into the skin"),
                            ("SUBCUTANEOUS", "Under the skin"),
                            ("TOPICAL", "On the skin"),
                            ("ANY", "Any"),
                        ],
                        max_length=12,
                        verbose_name="route",
                    ),
                ),
                (
                    "min_interval_days",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="least days between uses"
                    ),
                ),
                ("allergens", models.JSONField(blank=True, default=list, verbose_name="allergens")),
                ("caution", models.TextField(blank=True, verbose_name="caution")),
                ("source", models.CharField(max_length=200, verbose_name="source of the numbers")),
                ("is_enabled", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "is_multi_dose",
                    models.BooleanField(default=False, verbose_name="several doses in a vial"),
                ),
                (
                    "days_after_opening",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="days after opening"
                    ),
                ),
                (
                    "low_stock_below",
                    models.PositiveIntegerField(default=0, verbose_name="stock is low below"),
                ),
                (
                    "indications",
                    models.ManyToManyField(
                        blank=True, related_name="products", to="treatments.indication"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("min_interval_days__lte", 365)),
                        name="product_interval_is_within_a_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        name="product_numbers_have_a_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("days_after_opening__isnull", True),
                            models.Q(
                                ("days_after_opening__range", (1, 28)), ("is_multi_dose", True)
                            ),
                            _connector="OR",
                        ),
                        name="opened_vial_is_used_within_28_days",
                        violation_error_message="Days after opening are 1 to 28, and only for a vial with several doses.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lidocaine_percent__isnull", True),
                            models.Q(("lidocaine_percent__gt", 0), ("lidocaine_percent__lte", 10)),
                            _connector="OR",
                        ),
                        name="product_lidocaine_is_at_most_10_percent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("product_class", "detergent"), _negated=True),
                            ("route", "SUBCUTANEOUS"),
                            _connector="OR",
                        ),
                        name="detergent_goes_under_the_skin",
                        violation_error_message="A detergent must go under the skin.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("gtin", ""), _negated=True),
                        fields=("gtin",),
                        name="box_code_belongs_to_one_product",
                        violation_error_message="Another product has this number. Check the box.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="lot",
            name="product",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lots",
                to="treatments.product",
            ),
        ),
        migrations.CreateModel(
            name="ContraindicationRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=60, unique=True)),
                (
                    "trigger",
                    models.CharField(
                        choices=[("YES", "Yes"), ("NO", "No")], default="YES", max_length=4
                    ),
                ),
                ("above_age", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("BLOCK", "Must not be treated"),
                            ("SIGNOFF", "A prescriber decides"),
                            ("WARN", "Take care"),
                            ("INFO", "For information"),
                        ],
                        max_length=8,
                    ),
                ),
                ("product_class", models.CharField(blank=True, max_length=40)),
                ("allergen", models.CharField(blank=True, max_length=40)),
                ("zone", models.SlugField(blank=True, max_length=40)),
                ("days_before", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("days_after", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("words", models.CharField(max_length=300, verbose_name="what it says")),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "question",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rules",
                        to="patients.screeningquestion",
                    ),
                ),
                (
                    "indication",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contraindication_rules",
                        to="treatments.indication",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatments.product",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("above_age__isnull", True), ("question__isnull", False)),
                            models.Q(("above_age__isnull", False), ("question__isnull", True)),
                            _connector="OR",
                        ),
                        name="rule_asks_a_question_or_an_age",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("allergen", ""), ("product_class", "")),
                            models.Q(("product__isnull", True), ("product_class", "")),
                            models.Q(("allergen", ""), ("product__isnull", True)),
                            _connector="OR",
                        ),
                        name="rule_names_products_in_one_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["BLOCK", "SIGNOFF", "WARN", "INFO"])),
                        name="rule_has_a_level",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("days_before__isnull", True),
                                ("days_before__range", (1, 3660)),
                                _connector="OR",
                            ),
                            models.Q(
                                ("days_after__isnull", True),
                                ("days_after__range", (1, 3660)),
                                _connector="OR",
                            ),
                        ),
                        name="rule_has_possible_limits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("words", ""), _negated=True),
                            models.Q(("source", ""), _negated=True),
                        ),
                        name="rule_has_words_and_a_source",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Protocol",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("total_sessions", models.PositiveSmallIntegerField(verbose_name="sessions")),
                (
                    "initial_sessions",
                    models.PositiveSmallIntegerField(verbose_name="first sessions"),
                ),
                (
                    "initial_min_days",
                    models.PositiveSmallIntegerField(
                        default=7, verbose_name="first gaps, at least"
                    ),
                ),
                (
                    "initial_max_days",
                    models.PositiveSmallIntegerField(
                        default=10, verbose_name="first gaps, at most"
                    ),
                ),
                (
                    "monthly_min_days",
                    models.PositiveSmallIntegerField(
                        default=28, verbose_name="monthly gaps, at least"
                    ),
                ),
                (
                    "monthly_max_days",
                    models.PositiveSmallIntegerField(
                        default=35, verbose_name="monthly gaps, at most"
                    ),
                ),
                (
                    "session_minutes",
                    models.PositiveSmallIntegerField(verbose_name="minutes per session"),
                ),
                (
                    "buffer_before_minutes",
                    models.PositiveSmallIntegerField(default=0, verbose_name="minutes before"),
                ),
                (
                    "buffer_after_minutes",
                    models.PositiveSmallIntegerField(default=0, verbose_name="minutes after"),
                ),
                (
                    "depth_min_mm",
                    models.DecimalField(
                        decimal_places=1, max_digits=2, verbose_name="depth, from (mm)"
                    ),
                ),
                (
                    "depth_max_mm",
                    models.DecimalField(
                        decimal_places=1, max_digits=2, verbose_name="depth, to (mm)"
                    ),
                ),
                (
                    "downtime_min_days",
                    models.PositiveSmallIntegerField(default=0, verbose_name="rest days, from"),
                ),
                (
                    "downtime_max_days",
                    models.PositiveSmallIntegerField(default=0, verbose_name="rest days, to"),
                ),
                (
                    "max_volume_ml",
                    models.DecimalField(
                        decimal_places=2, max_digits=5, verbose_name="most per session (ml)"
                    ),
                ),
                ("techniques", models.JSONField(default=list, verbose_name="techniques")),
                ("outcome_scales", models.JSONField(default=list, verbose_name="outcome scales")),
                (
                    "indication",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="protocol",
                        to="treatments.indication",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("total_sessions__range", (3, 15))),
                        name="protocol_has_3_to_15_sessions",
                        violation_error_message="A course has 3 to 15 sessions.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("initial_sessions__gte", 1),
                            ("initial_sessions__lte", models.F("total_sessions")),
                        ),
                        name="protocol_initial_fits_in_total",
                        violation_error_message="The first sessions must be at least 1 and at most all of the course.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("initial_max_days__gte", models.F("initial_min_days")),
                            ("initial_max_days__range", (7, 10)),
                            ("initial_min_days__range", (7, 10)),
                        ),
                        name="protocol_initial_gap_is_7_to_10_days",
                        violation_error_message="The first sessions are 7 to 10 days apart.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("monthly_max_days__gte", models.F("monthly_min_days")),
                            ("monthly_max_days__range", (28, 35)),
                            ("monthly_min_days__range", (28, 35)),
                        ),
                        name="protocol_monthly_gap_is_28_to_35_days",
                        violation_error_message="Monthly sessions are 28 to 35 days apart.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("session_minutes__range", (10, 240))),
                        name="protocol_takes_10_to_240_minutes",
                        violation_error_message="A session takes 10 to 240 minutes.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("buffer_after_minutes__range", (0, 60)),
                            ("buffer_before_minutes__range", (0, 60)),
                        ),
                        name="protocol_buffers_are_0_to_60_minutes",
                        violation_error_message="A buffer takes 0 to 60 minutes.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("depth_max_mm__gte", models.F("depth_min_mm")),
                            ("depth_max_mm__range", (Decimal("1.0"), Decimal("4.0"))),
                            ("depth_min_mm__range", (Decimal("1.0"), Decimal("4.0"))),
                        ),
                        name="protocol_depth_is_1_to_4_mm",
                        violation_error_message="Depth is 1.0 to 4.0 mm.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("downtime_max_days__gte", models.F("downtime_min_days"))
                        ),
                        name="protocol_downtime_is_in_order",
                        violation_error_message="Rest days: the higher number comes second.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TreatmentCourse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("total_sessions", models.PositiveSmallIntegerField(verbose_name="sessions")),
                (
                    "initial_sessions",
                    models.PositiveSmallIntegerField(verbose_name="first sessions"),
                ),
                (
                    "initial_min_days",
                    models.PositiveSmallIntegerField(
                        default=7, verbose_name="first gaps, at least"
                    ),
                ),
                (
                    "initial_max_days",
                    models.PositiveSmallIntegerField(
                        default=10, verbose_name="first gaps, at most"
                    ),
                ),
                (
                    "monthly_min_days",
                    models.PositiveSmallIntegerField(
                        default=28, verbose_name="monthly gaps, at least"
                    ),
                ),
                (
                    "monthly_max_days",
                    models.PositiveSmallIntegerField(
                        default=35, verbose_name="monthly gaps, at most"
                    ),
                ),
                (
                    "session_minutes",
                    models.PositiveSmallIntegerField(verbose_name="minutes per session"),
                ),
                (
                    "buffer_before_minutes",
                    models.PositiveSmallIntegerField(default=0, verbose_name="minutes before"),
                ),
                (
                    "buffer_after_minutes",
                    models.PositiveSmallIntegerField(default=0, verbose_name="minutes after"),
                ),
                ("product_min_days", models.PositiveSmallIntegerField(default=0)),
                ("first_on", models.DateField(verbose_name="first session")),
                ("goals", models.TextField(blank=True, verbose_name="goals")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Draft"),
                            ("ACTIVE", "Active"),
                            ("SUSPENDED", "Suspended"),
                            ("COMPLETED", "Completed"),
                            ("DISCONTINUED", "Discontinued"),
                            ("LAPSED", "Lapsed"),
                        ],
                        default="DRAFT",
                        max_length=14,
                    ),
                ),
                ("status_reason", models.CharField(blank=True, max_length=200)),
                ("planned_at", models.DateTimeField()),
                ("activated_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("held_at", models.DateTimeField(blank=True, null=True)),
                (
                    "indication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="courses",
                        to="treatments.indication",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="courses",
                        to="patients.patient",
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "practitioner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="courses",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="courses",
                        to="treatments.product",
                        verbose_name="planned product",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="courses",
                        to="treatments.indicationrevision",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="courses",
                        to="clinic.site",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["patient", "status"], name="course_by_patient")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("total_sessions__range", (3, 15))),
                        name="treatmentcourse_has_3_to_15_sessions",
                        violation_error_message="A course has 3 to 15 sessions.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("initial_sessions__gte", 1),
                            ("initial_sessions__lte", models.F("total_sessions")),
                        ),
                        name="treatmentcourse_initial_fits_in_total",
                        violation_error_message="The first sessions must be at least 1 and at most all of the course.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("initial_max_days__gte", models.F("initial_min_days")),
                            ("initial_max_days__range", (7, 10)),
                            ("initial_min_days__range", (7, 10)),
                        ),
                        name="treatmentcourse_initial_gap_is_7_to_10_days",
                        violation_error_message="The first sessions are 7 to 10 days apart.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("monthly_max_days__gte", models.F("monthly_min_days")),
                            ("monthly_max_days__range", (28, 35)),
                            ("monthly_min_days__range", (28, 35)),
                        ),
                        name="treatmentcourse_monthly_gap_is_28_to_35_days",
                        violation_error_message="Monthly sessions are 28 to 35 days apart.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("session_minutes__range", (10, 240))),
                        name="treatmentcourse_takes_10_to_240_minutes",
                        violation_error_message="A session takes 10 to 240 minutes.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("buffer_after_minutes__range", (0, 60)),
                            ("buffer_before_minutes__range", (0, 60)),
                        ),
                        name="treatmentcourse_buffers_are_0_to_60_minutes",
                        violation_error_message="A buffer takes 0 to 60 minutes.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("activated_at__isnull", True), ("status", "DRAFT")),
                            models.Q(
                                models.Q(("status", "DRAFT"), _negated=True),
                                ("activated_at__isnull", False),
                            ),
                            ("status", "DISCONTINUED"),
                            _connector="OR",
                        ),
                        name="course_is_activated_once_it_leaves_draft",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False),
                                ("status__in", ["COMPLETED", "DISCONTINUED", "LAPSED"]),
                            ),
                            models.Q(
                                ("status__in", ["DRAFT", "ACTIVE", "SUSPENDED"]),
                                ("ended_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="course_is_ended_iff_its_status_says_so",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["DRAFT", "ACTIVE", "COMPLETED"]),
                            models.Q(("status_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="course_stops_with_a_reason",
                        violation_error_message="Say why the course stops.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("held_at__isnull", True),
                            models.Q(("status", "ACTIVE"), _negated=True),
                            _connector="OR",
                        ),
                        name="course_on_hold_does_not_run",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReflectionWaiver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="why it cannot wait")),
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
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reflection_waiver",
                        to="treatments.treatmentcourse",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="time_to_reflect_is_waived_with_a_reason",
                        violation_error_message="Say why the first session cannot wait.",
                    ),
                    meso_clinic.core.constraints.FrozenRows(
                        name="reflection_waiver_is_append_only"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentReopening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("PATIENT_ASKS", "The patient asks to talk about it again"),
                            ("OTHER_ZONE", "Other zones are treated than were talked about"),
                            ("OTHER_TEAM", "Somebody else treats than was talked about"),
                            ("NEW_FINDING", "Something new is known about the patient’s health"),
                        ],
                        max_length=15,
                        verbose_name="reason",
                    ),
                ),
                (
                    "words",
                    models.CharField(blank=True, max_length=200, verbose_name="more about it"),
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
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consent_reopenings",
                        to="treatments.treatmentcourse",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["course", "at"], name="reopening_by_course")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                ["PATIENT_ASKS", "OTHER_ZONE", "OTHER_TEAM", "NEW_FINDING"],
                            )
                        ),
                        name="consent_is_reopened_for_a_known_reason",
                        violation_error_message="Choose why it is signed again.",
                    ),
                    meso_clinic.core.constraints.FrozenRows(
                        name="consent_reopening_is_append_only"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentExplanation",
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
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="explanations",
                        to="treatments.treatmentcourse",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["course", "at"], name="explanation_by_course")],
                "constraints": [
                    meso_clinic.core.constraints.FrozenRows(
                        name="consent_explanation_is_append_only"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("product_class", models.CharField(blank=True, max_length=40)),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("TREATMENT", "Treatment"),
                            ("OFF_LABEL", "Product used outside its approval"),
                            ("BLOOD_DRAW", "Blood draw"),
                            ("ANAESTHESIA", "Numbing"),
                            ("PHOTOS", "Photos for the record"),
                            ("TEACHING", "Photos for teaching"),
                            ("MARKETING", "Photos for publication"),
                            ("MESSAGES", "Reminders and messages"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", models.TextField()),
                ("text_sha256", models.CharField(max_length=64)),
                ("is_given", models.BooleanField()),
                ("signed_name", models.CharField(max_length=200, verbose_name="name")),
                ("signature", models.TextField(blank=True)),
                ("witness", models.CharField(blank=True, max_length=200, verbose_name="witness")),
                (
                    "interpreter",
                    models.CharField(blank=True, max_length=200, verbose_name="interpreter"),
                ),
                ("device", models.CharField(blank=True, max_length=200)),
                ("signed_at", models.DateTimeField()),
                ("key", models.UUIDField()),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="patients.patient",
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
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="treatments.consenttemplate",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="treatments.treatmentcourse",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["patient", "unit", "signed_at"], name="consent_by_patient")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "template"), name="consent_is_sent_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("course__isnull", False),
                                (
                                    "unit__in",
                                    ["TREATMENT", "OFF_LABEL", "BLOOD_DRAW", "ANAESTHESIA"],
                                ),
                            ),
                            models.Q(
                                ("course__isnull", True),
                                ("unit__in", ["PHOTOS", "TEACHING", "MARKETING", "MESSAGES"]),
                            ),
                            _connector="OR",
                        ),
                        name="consent_has_a_course_iff_its_unit_asks",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("signed_name", ""), _negated=True),
                            models.Q(("text", ""), _negated=True),
                            models.Q(("text_sha256", ""), _negated=True),
                        ),
                        name="consent_is_complete",
                        violation_error_message="Enter the name of who signs.",
                    ),
                    meso_clinic.core.constraints.FrozenRows(
                        name="consent_is_append_only",
                        violation_error_message="A signed consent is never changed; revoke it.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Clearance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(max_length=400, verbose_name="why it is safe to go on"),
                ),
                ("at", models.DateTimeField()),
                (
                    "answer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.screeninganswer",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clearances",
                        to="treatments.contraindicationrule",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clearances",
                        to="treatments.treatmentcourse",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["course", "rule", "at"], name="clearance_by_course")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="clearance_has_a_reason",
                        violation_error_message="Say why it is safe to go on.",
                    ),
                    meso_clinic.core.constraints.FrozenRows(name="clearance_is_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Zone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40)),
                ("name", models.CharField(max_length=80)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "indication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="zones",
                        to="treatments.indication",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("indication", "code"), name="zone_code_is_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ClearanceWithdrawal",
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
                    "clearance",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal",
                        to="treatments.clearance",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="clearance_is_withdrawn_with_a_reason",
                        violation_error_message="Say why the sign-off is taken back.",
                    ),
                    meso_clinic.core.constraints.FrozenRows(
                        name="clearance_withdrawal_is_append_only"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentRevocation",
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
                    "consent",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revocation",
                        to="treatments.consent",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="consent_is_revoked_with_a_reason",
                        violation_error_message="Enter why the patient takes it back.",
                    ),
                    meso_clinic.core.constraints.FrozenRows(
                        name="consent_revocation_is_append_only"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentTemplateWithdrawal",
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
                    "template",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal",
                        to="treatments.consenttemplate",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="consent_text_is_withdrawn_with_a_reason",
                        violation_error_message="Say why the text is withdrawn.",
                    ),
                    meso_clinic.core.constraints.FrozenRows(
                        name="consent_text_withdrawal_is_append_only"
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.UniqueConstraint(
                fields=("product", "number"),
                name="lot_number_is_unique",
                violation_error_message="This lot is entered already.",
            ),
        ),
    ]
