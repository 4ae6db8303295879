"""What can be wrong with a prompt."""

from __future__ import annotations


class PromptError(ValueError):
    """A prompt cannot be loaded or said. The message names the file or key, the placeholder and what is wrong."""


class FormError(ValueError):
    """A value does not fit its spoken form. The message says what was found; the renderer adds key and placeholder."""


class TextError(PromptError):
    """A text or a list of phrases that cannot be taken. `code` names what is wrong, `what` the words it is about."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(f"{code}: {what}" if what else code)
        self.code, self.what = code, what


class DraftOver(PromptError):  # noqa: N818  # reads as what happened
    """The draft was published or thrown away: begin another."""


class Overtaken(PromptError):  # noqa: N818
    """Somebody else has changed this meanwhile: look at what stands there now."""
