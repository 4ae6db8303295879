"""The built-in telephone exchange: Twilio's contract from the other side, without an account."""
