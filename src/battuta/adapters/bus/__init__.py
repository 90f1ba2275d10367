"""Messages between hub and edges, within one process or over NATS."""
