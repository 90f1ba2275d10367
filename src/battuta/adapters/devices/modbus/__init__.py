"""What every Modbus device shares: the connection, and a site composed of several devices."""
