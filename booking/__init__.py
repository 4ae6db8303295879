"""The domain: functions `(session, now, ...)`; no carrier, no Flask, no language."""
