"""How much of a stranger's file we read; known to the child that reads it and to whoever starts the child."""

PDF = "application/pdf"
SECONDS = 12  # of processor
MEMORY = 1024 * 1024 * 1024
MAX_PAGES = 200
MAX_OBJECTS = 100_000
MAX_SIDE = 14_400  # points: what the format itself allows
MIN_SIDE = 36  # half an inch
MAX_TEXT = 20_000  # characters of a page
MAX_DOTS = 6_000_000  # of a drawn page
MAX_IMAGE_DOTS = 60_000_000  # of an image that is opened
