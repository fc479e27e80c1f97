"""What a person can weigh: a bound that tells a slip of the finger, not a rule of medicine."""

from decimal import Decimal
from typing import Final

WEIGHT_KG: Final = (Decimal(2), Decimal(400))
