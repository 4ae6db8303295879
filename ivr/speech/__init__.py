"""Telephone audio in and out; knows nothing of bookings."""
