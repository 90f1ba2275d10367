"""How cells age: models that say what they were fitted on, where they hold, and what they do not know."""
