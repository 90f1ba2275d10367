"""Reports that people keep and send: figures, and pages that need nothing but a browser."""
