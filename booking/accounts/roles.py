"""What people who sign in are. A person may have several roles, and none includes another."""

from __future__ import annotations

from typing import Literal

Role = Literal["agent", "supervisor", "administrator", "editor", "publisher"]

AGENT: Role = "agent"
"""Takes over calls at the desk."""
SUPERVISOR: Role = "supervisor"
"""Watches calls, queue and agents."""
ADMINISTRATOR: Role = "administrator"
"""Manages accounts and reads the audit trail."""
EDITOR: Role = "editor"
"""Writes prompts and flows."""
PUBLISHER: Role = "publisher"
"""Publishes what editors wrote."""

ROLES: tuple[Role, ...] = (AGENT, SUPERVISOR, ADMINISTRATOR, EDITOR, PUBLISHER)
