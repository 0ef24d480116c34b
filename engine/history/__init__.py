"""What happened, and the proof of it: the chain of events, seals, replay, readable histories, exports."""
