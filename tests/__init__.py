"""The suite. ``./run test`` runs all of it; ``./run trace`` says which requirement each test carries."""
