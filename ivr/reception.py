"""Calls and their conversations, for carriers: opened, taken up again, put through, closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple
from typing import Literal

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session

from booking import calls, conversations
from booking.errors import NotFound
from dialogs.state import State
from ivr.actions import Action
from ivr.busy import turn_away
from ivr.conversation import Conversation as Talk
from ivr.helpline import Helpline
from ivr.speech import codec, wav
from ivr.speech.speak import Speaker
from ivr.trials.opening import TrialRefused, dialled, known
from ivr.trials.proofs import Proofs
from models.calls import Call
from models.conversations import Conversation
from prompts.editions import current
from prompts.sentence import Sentence


class Reception:
    """What webhooks and sockets ask of the product. Every method may block; any thread may call.

    `speech_ready` says whether calls can be answered by speech. `secret` signs the names of spoken sentences, so that
    any process can speak what another one asked to be played and nobody else can make us say things.
    """

    def __init__(self, helpline: Helpline, speaker: Speaker, speech_ready: Callable[[], bool], secret: str) -> None:
        self._helpline = helpline
        self._speaker = speaker
        self.speech_ready = speech_ready
        self._names = URLSafeSerializer(secret, salt="audio")
        self.proofs = Proofs(secret)

    def call_opened(self, call: str, caller: str | None, called: str, proof: str = "") -> str:
        """Open the call's record and its conversation; asked again for the same call it answers the same id. With a
        `proof`, or at the test number, it tries a draft. Raises TrialRefused."""
        now = self._helpline.clock.now()
        with self._helpline.store.begin() as session:
            row = calls.opened(session, now, calls.Opening(call, caller, called))
            if row.conversation_id is None:
                trial = self._trial(session, called, proof)
                row.conversation_id = conversations.start(session, now, "phone", caller, edition=current(session, now))
                conversations.load(session, row.conversation_id).trial = trial
            return row.conversation_id

    def practises(self, call: str) -> bool:
        """Whether the call tries a draft: then nobody real is to hear of it."""
        with self._helpline.store.read() as session:
            row = session.get(Call, call)
            talk = session.get(Conversation, row.conversation_id) if row and row.conversation_id else None
            return talk is not None and talk.trial is not None

    def _trial(self, session: Session, called: str, proof: str) -> int | None:
        if not proof:
            return dialled(self._helpline, session, called)
        trial = self.proofs.read(proof)
        if trial is None or not known(session, trial):
            raise TrialRefused("the proof for this draft is none, or too old")
        return trial

    def open_talk(self, call: str) -> Talk:
        """The conversation of an opened call that goes by keypad, with its stored state. Raises NotFound."""
        return Talk(self._helpline, self._conversation(call), speech=False)

    def busy(self, call: str) -> list[Action]:
        """What an opened call hears that we cannot take; a callback is noted. Raises NotFound, StoreError."""
        return turn_away(self._helpline, self._conversation(call))

    def talk(self, conversation: str) -> Talk:
        """A conversation by its own id. Raises NotFound."""
        return Talk(self._helpline, conversation)

    def outcome(self, call: str) -> Literal["handoff", "ended"] | None:
        """How the call's conversation stands: to be put through, over (or unknown), or not finished."""
        try:
            with self._helpline.store.read() as session:
                row = conversations.load(session, self._conversation(call))
                ended = State.from_json(row.state).ended
        except NotFound:
            return "ended"
        return "handoff" if ended == "handoff" else "ended" if ended else None

    def dial_failed(self, call: str) -> None:
        """The agent did not answer: the conversation goes on when the call is connected again."""
        self.open_talk(call).dial_failed()

    def given_back(self, call: str, node: str) -> None:
        """An agent gives the caller back: the conversation goes on at the question `node` when the call is connected to
        the bot again (`Bridge.back`). Raises NotFound, ValueError (no such question)."""
        self.open_talk(call).given_back(node)

    def call_closed(self, call: str, status: str, seconds: int) -> None:
        """Close the call's record; a conversation that is still open was cut off."""
        now = self._helpline.clock.now()
        with self._helpline.store.begin() as session:
            calls.closed(session, now, call, status, seconds)
        if self.outcome(call) is None:
            self.open_talk(call).hung_up()

    def audio_path(self, sentence: Sentence) -> str:
        """The path under which any process of the product plays the sentence."""
        return f"/audio/{self._names.dumps(astuple(sentence))}.wav"

    def audio_of(self, token: str) -> bytes | None:
        """The WAV of a path's name; None when it is not one of ours. Raises SpeechUnavailable."""
        try:
            sentence = Sentence(*self._names.loads(token))
        except (BadSignature, ValueError, TypeError):
            return None
        return wav.to_wav(codec.to_pcm(self._speaker.audio_now(sentence)))

    def _conversation(self, call: str) -> str:
        with self._helpline.store.read() as session:
            row = session.get(Call, call)
            if row is None or row.conversation_id is None:
                raise NotFound(f"call {call}")
            return row.conversation_id
