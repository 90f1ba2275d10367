"""How people and other software meet Battuta: command line, reports, Python, web service and console.

Here, and only here, a fraction is a percent and time is local.
"""
