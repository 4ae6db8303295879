"""What can be wrong with a prompt."""

from __future__ import annotations


class PromptError(ValueError):
    """A prompt cannot be loaded or said. The message names the file or key, the placeholder and what is wrong."""


class FormError(ValueError):
    """A value does not fit its spoken form. The message says what was found; the renderer adds key and placeholder."""
