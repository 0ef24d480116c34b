"""The case pages of the staff: every case that is theirs to see, whole, with its troubles and the way to mend them."""
