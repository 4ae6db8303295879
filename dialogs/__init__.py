"""The pure dialog: `step(flow, state, event) -> (state, effects)`; no clock, store, audio or randomness."""
