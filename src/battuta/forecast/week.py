"""The week as forecasts count it: seven days, Monday first, and where the weekend begins."""

DAYS_PER_WEEK = 7
MONDAY, SATURDAY, SUNDAY = 0, 5, 6
"""Days as `datetime.date.weekday` numbers them."""
