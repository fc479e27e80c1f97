"""A course whose protocol asks for scores, and short words for scoring it."""

from decimal import Decimal
from uuid import uuid4

from records.actions.outcomes import Score, Sitting, record_outcomes
from records.selectors.outcomes import read_outcomes
from tests.factories.treatments import IndicationFactory
from tests.sessions.desk import Desk
from treatments.domain.catalogue import PROTOCOLS
from treatments.models import Indication

SCALES_OF = {one.indication: list(one.outcome_scales) for one in PROTOCOLS}


def indication_of(slug):
    """Return the indication called `slug`, whose protocol asks for the scales of the catalogue."""
    known = Indication.objects.filter(slug=slug).first()
    indication = known or IndicationFactory(slug=slug, name=slug.replace("_", " "))
    indication.protocol.outcome_scales = SCALES_OF[slug]
    indication.protocol.save()
    return indication


class ScoringDesk(Desk):
    """A desk whose course is for `slug`; values are given as text, days after the first session."""

    def __init__(self, slug="cellulite_tightening", **course):
        super().__init__(indication=indication_of(slug), **course)

    def score(self, occasion, after, key=None, at=None, **values):
        """Record `values` by scale, such as nm="2", by the clinician of the course."""
        raters = {"satisfaction": "PATIENT", "radiance_vas": "PATIENT", "hair_density": "DEVICE"}
        return record_outcomes(
            course=self.course,
            sitting=Sitting(
                occasion=occasion, assessed_on=self.day(after), rated_by=self.practitioner
            ),
            scores=[
                Score(
                    scale=code,
                    rater=raters.get(code, "CLINICIAN"),
                    side="LEFT" if code == "wsrs" else "",
                    value=Decimal(value),
                )
                for code, value in values.items()
            ],
            key=key or uuid4(),
            by=self.practitioner,
            at=at or self.moment(after, "19:00"),
        )

    def read(self, after):
        """Return how it is with the scores so many days after the first session."""
        return read_outcomes([self.course], today=self.day(after))[self.course.pk]

    def give_all(self, *days):
        """Deliver the sessions from 1 on, on these days."""
        for number, after in enumerate(days, 1):
            self.give(number, after)
