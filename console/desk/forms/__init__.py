"""The forms that an agent fills in: bookings, their changes, complaints and appeals."""
