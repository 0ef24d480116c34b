"""Tables, the unit of work and migrations. Nothing here knows what a case means."""
