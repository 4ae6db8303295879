"""Signing in, one's own account, everybody's accounts and the audit trail."""
