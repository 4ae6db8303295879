"""The calendar's pages: closed days, hours and seats by weekday and day, agents' hours."""
