import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0002_add_invitation_user")]

    operations = [
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("username"),
                name="user_name_is_unique_in_any_case",
                violation_error_message="This user name is taken. Choose another.",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("email", ""), _negated=True),
                name="email_belongs_to_one_person",
                violation_error_message="Another person has this e-mail. Enter another.",
            ),
        ),
    ]
