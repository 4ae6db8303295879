"""Spoken names of services and cities, from the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from dialogs.catalogue import Catalogue, Language


def ids_of(catalogue: Catalogue) -> Mapping[str, Iterable[str]]:
    """The services and cities that phrases can name, by their sections there."""
    return {"services": catalogue.service, "cities": catalogue.city}


@dataclass
class CatalogueNames:
    """The names that prompts say (see `prompts.render.Names`); an id that is gone is said as it is. One for all of a
    process: `ivr.editions` puts the changed catalogue in."""

    catalogue: Catalogue

    def service(self, id: str, language: str) -> str:
        """The official name of a service."""
        found = self.catalogue.service.get(id)
        return found.name(cast(Language, language)) if found else id

    def area(self, id: str, language: str) -> str:
        """The name of an area."""
        found = self.catalogue.area.get(id)
        return found.name(cast(Language, language)) if found else id

    def city(self, id: str, language: str) -> str:
        """The name of a city."""
        found = self.catalogue.city.get(id)
        return found.name(cast(Language, language)) if found else id
