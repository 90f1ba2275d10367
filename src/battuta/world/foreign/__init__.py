"""A second nature with other equations and another open-circuit voltage than ``physics``.

Detector figures come from here, so that no model is judged by its own twin.
"""
