"""One description per source of price files: columns, units, currency, clock, zone, and when each column is known."""
