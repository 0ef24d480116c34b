"""``python -m web.cli``: the same as ``cartulario``."""

from web.cli import main

main()
