"""``./run tour PROCESS --out DIR``: every scenario of a process, played over HTTP and SMTP against servers that it starts."""
