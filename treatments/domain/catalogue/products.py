"""Every product of the catalogue, generic names only.

Products with weak safety data, a regulator's warning or a use outside their licence start
disabled; the clinic enables them knowingly. A product's own interval wins when it is stricter
than the protocol's gap.
"""

from typing import Final

from treatments.domain.catalogue.products_body import BODY_PRODUCTS
from treatments.domain.catalogue.products_hair import HAIR_PRODUCTS
from treatments.domain.catalogue.products_skin import SKIN_PRODUCTS
from treatments.domain.catalogue.products_support import SUPPORT_PRODUCTS

PRODUCTS: Final = SKIN_PRODUCTS + BODY_PRODUCTS + HAIR_PRODUCTS + SUPPORT_PRODUCTS
