"""The words of the trade as frozen values: prices, assets, schedules, awards, money, time and their units.

Look here first to learn what a name means, which sign it has and what is refused.
"""
