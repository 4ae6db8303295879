"""The agents' queue on the line: callers who wait, agents who are rung, what an agent does with a call."""
