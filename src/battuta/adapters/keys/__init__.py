"""Where private keys live: a file, a hardware module, or the machine's own chip."""
