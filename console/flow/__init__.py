"""The dialog drawn from its flow files, with what callers do at each node, beside a test phone: `/admin/flow`."""
