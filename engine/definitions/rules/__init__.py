"""The rules of the check, one small function each; ``registry.RULES`` lists them."""
