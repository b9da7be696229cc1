"""The list of kinds: one line a kind. Pure."""

from __future__ import annotations

from reconciler.catalog.book import Catalog
from reconciler.catalog.kinds.exchange_data import EXCHANGE_DATA
from reconciler.catalog.kinds.relationship_analytics import RELATIONSHIP_ANALYTICS
from reconciler.catalog.kinds.relationship_intelligence import RELATIONSHIP_INTELLIGENCE
from reconciler.catalog.kinds.who_knows_whom import WHO_KNOWS_WHOM
from reconciler.catalog.widgets import WIDGETS

CATALOG = Catalog(
    kinds=(
        RELATIONSHIP_INTELLIGENCE,
        RELATIONSHIP_ANALYTICS,
        WHO_KNOWS_WHOM,
        EXCHANGE_DATA,
    ),
    widgets=WIDGETS,
)
