"""The names of documents, for the API and the pages."""

from __future__ import annotations

from prompts.render import Prompts


def document_name(prompts: Prompts, language: str, id: str) -> str:
    """The name of a document; one that the prompts do not know yet is called by its id."""
    key = f"document.{id}"
    if key not in prompts.keys:
        return id.replace("_", " ")
    return " ".join(prompts.template(language, key)).rstrip(" ।.")
