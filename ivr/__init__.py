"""The telephone side: carriers, speech, the live call and the one conversation loop."""
