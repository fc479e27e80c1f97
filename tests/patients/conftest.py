from tests.clients import (  # noqa: F401 - pytest finds fixtures by their names here
    admin,
    admin_client,
    clinic_profile,
    clinician,
    clinician_client,
    reception,
    reception_client,
    site,
)
