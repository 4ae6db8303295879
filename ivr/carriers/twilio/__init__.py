"""Twilio: voice webhooks, Media Streams and REST."""
