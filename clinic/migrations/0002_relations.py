import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("clinic", "0002_initial"),
        ("clinic", "0003_exception_times_come_in_pairs"),
        ("clinic", "0004_planner"),
        ("clinic", "0005_time_to_reflect"),
    ]

    initial = True

    dependencies = [
        ("clinic", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="shift",
            name="practitioner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="shifts",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="shiftexception",
            name="practitioner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="shift_exceptions",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="shiftexception",
            name="site",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="shift_exceptions",
                to="clinic.site",
            ),
        ),
        migrations.AddField(
            model_name="shift",
            name="site",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to="clinic.site"
            ),
        ),
        migrations.AddField(
            model_name="room",
            name="site",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="rooms", to="clinic.site"
            ),
        ),
        migrations.AddField(
            model_name="closure",
            name="site",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="closures",
                to="clinic.site",
            ),
        ),
        migrations.AddIndex(
            model_name="shiftexception",
            index=models.Index(fields=["on", "practitioner"], name="shift_exception_by_day"),
        ),
        migrations.AddConstraint(
            model_name="shiftexception",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ends__isnull", True), ("starts__isnull", True)),
                    models.Q(
                        ("ends__gt", models.F("starts")),
                        ("ends__isnull", False),
                        ("starts__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="shift_exception_ends_after_it_starts",
                violation_error_message="The change must end after it starts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="shiftexception",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "AWAY"),
                    models.Q(("site__isnull", False), ("starts__isnull", False)),
                    _connector="OR",
                ),
                name="extra_hours_say_where_and_when",
                violation_error_message="Extra hours need a site, a start and an end.",
            ),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends__gt", models.F("starts"))),
                name="shift_ends_after_it_starts",
                violation_error_message="Working hours must end after they start.",
            ),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekday__lte", 6)), name="shift_is_on_a_weekday"
            ),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.UniqueConstraint(
                fields=("practitioner", "site", "weekday", "starts"), name="shift_starts_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.UniqueConstraint(
                fields=("site", "name"),
                name="room_name_is_unique_at_its_site",
                violation_error_message="This site has a room of that name.",
            ),
        ),
        migrations.AddIndex(
            model_name="closure",
            index=models.Index(fields=["site", "starts_on"], name="closure_by_site"),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="closure_ends_after_it_starts",
                violation_error_message="The last day must not be before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.UniqueConstraint(
                fields=("site", "starts_on", "reason"),
                name="closure_is_entered_once",
                violation_error_message="This closure is entered already.",
            ),
        ),
    ]
