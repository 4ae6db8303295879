"""The supervisor's page: calls, agents and figures, live; and listening in."""
