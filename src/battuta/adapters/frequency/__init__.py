"""The frequency of the grid for studies: simulated, or of a file."""
