"""What operators see of a running process: metrics, log context, event-loop stalls, OpenTelemetry spans."""
