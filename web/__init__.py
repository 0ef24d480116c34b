"""A thin Flask face over ``engine``: it parses, sends one command or makes one read, and shows the answer."""
