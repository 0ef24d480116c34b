"""Pictures of a cotejo are kept while they are looked at; what a stranger made heavy is not."""

from __future__ import annotations

from web.inbox.cotejo_pages import HEAVIEST, Recent


def test_a_light_picture_is_drawn_once_and_a_heavy_one_is_never_kept() -> None:
    recent, drawn = Recent(2), []

    def draw(size: int) -> bytes:
        drawn.append(size)
        return bytes(size)

    for size in (10, HEAVIEST + 1):
        for _ in range(2):
            assert len(recent.get(("page", size), lambda size=size: draw(size))) == size  # type: ignore[misc]
    assert drawn == [10, HEAVIEST + 1, HEAVIEST + 1]


def test_only_the_last_ones_are_kept() -> None:
    recent, drawn = Recent(2), []

    def draw(n: int) -> bytes:
        drawn.append(n)
        return bytes(n)

    for n in (1, 2, 3, 3, 1):
        recent.get(("page", n), lambda n=n: draw(n))  # type: ignore[misc]
    assert drawn == [1, 2, 3, 1]
