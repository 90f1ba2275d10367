"""Devices that answer on real sockets and are driven by a simulated plant."""
