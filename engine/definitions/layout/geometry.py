"""Boxes and points of a drawing, in pixels; y grows downwards."""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def centre(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    def moved(self, dx: float, dy: float) -> Box:
        return Box(self.x + dx, self.y + dy, self.width, self.height)

    def grown(self, by: float) -> Box:
        return Box(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    def touches(self, other: Box) -> bool:
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom

    def is_crossed_by(self, a: Point, b: Point) -> bool:
        """Whether the horizontal or vertical segment passes through its inside."""
        left, right = sorted((a[0], b[0]))
        top, bottom = sorted((a[1], b[1]))
        return left < self.right and right > self.x and top < self.bottom and bottom > self.y


LINE = 14  # px of height of a line of a label
LABEL = 96  # widest label


def text_size(text: str, widest: float = LABEL) -> tuple[float, float]:
    """Width and height of a label, wrapped between words as the editor wraps it."""
    lines, line = 1, 0.0
    longest = 0.0
    for word in text.split():
        width = 6.1 * len(word)
        if line and line + 3.5 + width > widest:
            lines, line = lines + 1, width
        else:
            line = line + 3.5 + width if line else width
        longest = max(longest, line)
    return longest + 4, lines * LINE
