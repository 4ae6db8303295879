"""The real flow over the seed catalogue, for tests of the dialog."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from dialogs.catalogue import Area, Catalogue
from dialogs.flow import Flow
from ivr.helpline import flow_of
from ivr.settings import load
from tests.dialogs.seed import catalogue


@cache
def flow() -> Flow:
    """The helpline's flow with the project's settings."""
    return flow_of(load(), with_areas(catalogue()))


def with_areas(known: Catalogue) -> Catalogue:
    """The same with one city in two areas."""
    areas = (
        Area("korba_east", "कोरबा पूर्व", "Korba East", ("निहारिका", "Niharika")),
        Area("korba_west", "कोरबा पश्चिम", "Korba West", ("दर्री", "Darri")),
    )
    cities = tuple(replace(c, areas=areas) if c.id == "korba" else c for c in known.cities)
    return replace(known, cities=cities)
