"""What a visit needs: the documents, the fee, the days, as the agent tells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from console.desk.forms.deps import forms
from console.language import language
from models.catalogue import ServiceRow


@dataclass(frozen=True)
class Papers:
    """Names of the documents in the page's language with their ids; rupees for the department (None: not known) and
    for the visit; working days (None: not known); whether these figures are confirmed."""

    service: str
    documents: Sequence[tuple[str, str]]
    fee: int | None
    visit_fee: int
    days: int | None
    confirmed: bool


def papers_of(service: ServiceRow | None) -> Papers | None:
    """Those of a service; None where none is chosen."""
    if service is None:
        return None
    spoken, own = language(), forms()
    documents = [(id, own.document_name(spoken, id)) for id in service.documents]
    name = service.hi if spoken == "hi" else service.en
    return Papers(name, documents, service.fee, own.rules.visit_fee, service.days, service.confirmed)
