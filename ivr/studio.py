"""Recordings of prompts come out of the store for calls."""

from __future__ import annotations

import logging
from collections.abc import Callable

from models.store import Store, StoreError
from prompts.recordings import ulaw_of

log = logging.getLogger(__name__)


def studio_of(store: Store) -> Callable[[str], bytes | None]:
    """Looks up the mu-law of a recording by its digest; None when there is none or the store is away, which is logged:
    the text is spoken then."""

    def found(digest: str) -> bytes | None:
        try:
            with store.read() as session:
                ulaw = ulaw_of(session, digest)
        except StoreError as error:
            log.warning("a recording is left out and the text is spoken instead: %s", error)
            return None
        if ulaw is None:
            log.error("the recording %s is not in the store; the text is spoken instead", digest)
        return ulaw

    return found
