"""People."""

import factory

from meso_clinic.core.models import User

PASSWORD = "correct horse battery"


class UserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        clinician = factory.Trait(is_clinician=True, is_reception=False, job_title="Nurse")
        prescriber = factory.Trait(
            is_clinician=True, is_prescriber=True, is_reception=False, job_title="Doctor"
        )
        reception = factory.Trait(is_reception=True, job_title="Reception")
        admin = factory.Trait(is_admin=True, is_reception=False, job_title="Manager")

    username = factory.Sequence(lambda n: f"person{n}")
    first_name = factory.Sequence(lambda n: f"Given{n}")
    last_name = factory.Sequence(lambda n: f"Family{n}")
    is_reception = True

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        self.set_password(extracted or PASSWORD)
        if create:
            self.save(update_fields=["password"])
