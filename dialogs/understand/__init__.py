"""From what a caller said, together with what was asked, to its meaning; or to an honest "not understood"."""

from dialogs.understand.engine import understand
from dialogs.understand.grammar import grammar
from dialogs.understand.lexicon import Lexicon, build_lexicon
from dialogs.understand.meaning import Context, Hearing, Meaning

__all__ = ["Context", "Hearing", "Lexicon", "Meaning", "build_lexicon", "grammar", "understand"]
