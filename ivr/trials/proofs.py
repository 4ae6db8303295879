"""Who may let a call try a draft: a proof that a page gives to editors, good for the moment of dialling."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeTimedSerializer

GOOD_S = 60  # real seconds


class Proofs:
    """`secret` is what all processes that take the calls share."""

    def __init__(self, secret: str) -> None:
        self._names = URLSafeTimedSerializer(secret, salt="trial")

    def give(self, trial: int) -> str:
        """The proof for calling the trial."""
        return str(self._names.dumps(trial))

    def read(self, proof: str) -> int | None:
        """Which trial is proved; None: none is, or the proof is too old."""
        try:
            found = self._names.loads(proof, max_age=GOOD_S)
        except BadSignature:
            return None
        return found if isinstance(found, int) else None
