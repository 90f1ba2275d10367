"""The only rooms that ask a machine for the time: the real clock, a paced one and a stepped one."""
