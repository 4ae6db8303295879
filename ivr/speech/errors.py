"""What can go wrong with speech; every message says what to do."""

from __future__ import annotations


class SpeechError(Exception):
    """Speech cannot be made, read or recognised. The message says why and what to do."""


class BadAudio(SpeechError):  # noqa: N818
    """An audio file cannot be read. Save it as a WAV file (PCM, mu-law, A-law or float) and try again."""


class SpeechUnavailable(SpeechError):  # noqa: N818
    """A sentence cannot be spoken: the voice is unknown or the synthesis does not answer."""


class FileRefused(BadAudio):
    """A sound file that cannot become a recording. `code` names what is wrong, `what` the number it is about."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(f"{code}: {what}" if what else code)
        self.code, self.what = code, what
