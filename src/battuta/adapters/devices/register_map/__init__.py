"""Modbus devices whose registers are described by a file."""
