"""What tests stand on: databases, a browser, the requirements' list."""
