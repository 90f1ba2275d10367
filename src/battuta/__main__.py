"""``python -m battuta`` is the command ``battuta``."""

from battuta.interfaces.cli.main import main

if __name__ == "__main__":
    main()
