"""Calendars of countries: which days are free by law."""
