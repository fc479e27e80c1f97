"""The limits that no protocol and no plan may leave.

Source: the clinic's founding rule (3 to 15 sessions; the first ones 7 to 10 days apart, then
monthly; needles reach 1 to 4 mm). "Monthly" is 28 to 35 days after the session before.
See `docs/clinical-sources.md`.
"""

from decimal import Decimal

TOTAL_SESSIONS = (3, 15)
INITIAL_GAP_DAYS = (7, 10)
MONTHLY_GAP_DAYS = (28, 35)
DEPTH_MM = (Decimal("1.0"), Decimal("4.0"))

# Settings of a clinic, not of medicine: what a calendar can sensibly hold.
SESSION_MINUTES = (10, 240)
BUFFER_MINUTES = (0, 60)
POINTS = (1, 400)
