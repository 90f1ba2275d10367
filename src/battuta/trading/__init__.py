"""Where the money is: the best schedule of a battery, the reason of each step, what a schedule settles to."""
