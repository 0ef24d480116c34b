"""Cartulario's engine: executes the charter's diagrams and keeps their records. It never imports ``web``."""
