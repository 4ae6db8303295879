"""The desk: pages of those who take calls, do the work that is left over, and watch over both."""
