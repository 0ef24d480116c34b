"""What exam actas cost, part by part; each part says its figures and its goal. ``--quick``: fewer of each."""

from __future__ import annotations

from tests.bench import actas_boards, actas_books, actas_generation, actas_large, actas_reception

PARTS = (actas_books, actas_generation, actas_reception, actas_boards, actas_large)
