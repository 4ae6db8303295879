"""Which language is wanted."""

from __future__ import annotations

from dialogs.understand.mentions import Mention, taken_back
from dialogs.understand.said import Said

_LANGUAGES = {"hindi": "hi", "english": "en", "chhattisgarhi": "hne", "other_language": ""}
_LACKED = frozenset("कम kam कमजोर weak नहीं नइ nahi nhi little थोड़ी".split())


def read_language(said: Said, asked: str) -> str | None:
    """The language wanted; at other questions only when it is asked for ("in english please")."""
    mentions = [
        Mention("language", i, i + 1, _LANGUAGES[p.concept])
        for i, p in enumerate(said.parts)
        if p.concept in _LANGUAGES
    ]
    if not mentions:
        return None
    gone = taken_back(said, mentions) | {m for m in mentions if _lacked(said, m)}
    standing = {m.value for m in mentions if m not in gone}
    if len(standing) != 1 or "" in standing:
        return None
    if asked != "language" and not _asked_for(said):
        return None
    return str(standing.pop())


def _lacked(said: Said, mention: Mention) -> bool:
    """ "मुझे हिंदी कम आती है": the language that the caller does not know."""
    after = [p.text for p in said.parts[mention.end : mention.end + 3]]
    return any(w in _LACKED for w in after)


def _asked_for(said: Said) -> bool:
    if said.has("talk", "speak_verb", "in", "change", "repeat") or said.matches("from hindi|english"):
        return True
    return len(said.parts) <= 3
