"""`{% patient_alerts patient %}`: the patient's flags, on top of every page that shows a course."""

from typing import Any

from django import template

from patients.models import Patient
from patients.page import alerts

register = template.Library()


@register.inclusion_tag("patients/_alerts.html", takes_context=True)
def patient_alerts(context: template.Context, patient: Patient) -> dict[str, Any]:
    """List what must not be overlooked; who may not read clinical notes learns only that."""
    return {"alerts": alerts(context["request"], patient)}
