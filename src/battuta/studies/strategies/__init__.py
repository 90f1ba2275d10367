"""All strategies by name, each with its information set, its gate and its formula."""
