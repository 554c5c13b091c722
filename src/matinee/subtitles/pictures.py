"""Where pictures of subtitles stand in a film's picture. Pure."""

from matinee.models.subtitles import Picture

ALIKE = 0.01
"""By so much shapes may differ and be taken for the same."""


def placed(picture: Picture, frame: tuple[int, int] | None) -> tuple[float, float, float, float]:
    """Give left, top, width and height in percent of a film's picture.

    Films without bars above and below keep the subtitles of the disc, which had them: their canvas is higher than the
    film. Then both have one width and one middle, and what would stand in a bar is moved into the picture.

    Args:
        picture: a subtitle.
        frame: width and height of the film's picture as coded; None to take the canvas for it.
    """
    width, height = frame or (picture.canvas_width, picture.canvas_height)
    shape, canvas_shape = width / height, picture.canvas_width / picture.canvas_height
    across, down = 100 / picture.canvas_width, 100 / picture.canvas_height
    left, top = picture.left * across, picture.top * down
    wide, high = picture.width * across, picture.height * down
    if abs(canvas_shape / shape - 1) > ALIKE:
        higher = shape / canvas_shape
        top, high = (top - 50) * higher + 50, high * higher
    return _within(left, wide), _within(top, high), min(100.0, wide), min(100.0, high)


def _within(start: float, length: float) -> float:
    return max(0.0, min(start, 100 - length))
