"""The browser phone: a telephone in a web page that dials the helpline through the built-in exchange."""
