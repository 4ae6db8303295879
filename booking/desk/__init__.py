"""The desk: callers who wait for an agent, agents who take them, and the work that is left over."""
