"""Price files with an explicit clock: read, checked, never guessed, never filled."""
