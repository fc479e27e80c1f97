"""A drawn signature: strokes of points become the data of an SVG path, and nothing else does."""

import math
from typing import Final

WIDTH: Final = 600
HEIGHT: Final = 200
# Far more than a long name takes; a drawing beyond it is not a signature.
MOST_POINTS: Final = 4000


class NotADrawing(ValueError):
    """What was sent is no list of strokes, each a list of points."""


class DrawingTooLong(NotADrawing):
    """It has more points than a signature can have."""


def signature_path(strokes: object) -> str:
    """Return the path of `strokes` ([[[x, y], …], …]) in a box of WIDTH by HEIGHT; "" for none.

    The path is made of whole numbers and the letters M and L alone, so that it is safe wherever it
    is drawn. Points outside the box are moved to its edge. Raises NotADrawing or DrawingTooLong.
    """
    if not isinstance(strokes, list):
        raise NotADrawing("not a list of strokes")
    if sum(len(stroke) for stroke in strokes if isinstance(stroke, list)) > MOST_POINTS:
        raise DrawingTooLong(f"more than {MOST_POINTS} points")
    return "".join(_stroke(stroke) for stroke in strokes)


def _stroke(stroke: object) -> str:
    if not isinstance(stroke, list):
        raise NotADrawing("not a stroke")
    points = [_point(point) for point in stroke]
    # One point alone is drawn as a dot: the line to itself.
    if len(points) == 1:
        points *= 2
    return "".join(f"{'L' if number else 'M'}{x} {y}" for number, (x, y) in enumerate(points))


def _point(point: object) -> tuple[int, int]:
    if not isinstance(point, list) or len(point) != 2:
        raise NotADrawing("not a point")
    x, y = point
    return _within(x, WIDTH), _within(y, HEIGHT)


def _within(value: object, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotADrawing("not a number")
    if isinstance(value, float) and not math.isfinite(value):
        raise NotADrawing("not a number on paper")
    return round(min(max(value, 0), most))
