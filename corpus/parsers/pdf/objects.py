"""What is drawn on a page beside its text: the ruling lines that may make a table, and how much pictures cover."""

import ctypes
from collections.abc import Iterator
from typing import Any

Box = tuple[
    float, float, float, float
]  # left, bottom, right, top of the page's own axes, or x0, top, x1, bottom as read
Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]

IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
MAX_OBJECTS = 20_000
# A page with more is a map or a drawing; finding cells among its lines would take minutes.
MAX_EDGES = 1_500
MAX_SEGMENTS = 20_000
MAX_DEPTH = 4
THIN = 1.5
SHORT = 6.0


def drawn(page: Any, frame: Box) -> tuple[list[Box], float]:
    """The straight horizontal and vertical lines of a page, none when it is a drawing, and the area of its pictures."""
    import pypdfium2.raw as raw

    edges: list[Box] = []
    area = 0.0
    segments = 0
    for item, matrix in _objects(raw, page.raw):
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            area += _visible(_bounds(raw, item, matrix), frame)
        elif kind == raw.FPDF_PAGEOBJ_PATH and len(edges) <= MAX_EDGES:
            segments += raw.FPDFPath_CountSegments(item)
            if segments <= MAX_SEGMENTS:
                edges += _edges(raw, item, matrix)
    return (edges if len(edges) <= MAX_EDGES and segments <= MAX_SEGMENTS else []), area


def _objects(raw: Any, page: Any) -> Iterator[tuple[Any, Matrix]]:
    """The objects of a page and of the forms in it, with the matrix from each to the page."""
    seen = 0
    waiting: list[tuple[Any, Matrix, int]] = []
    for index in range(min(raw.FPDFPage_CountObjects(page), MAX_OBJECTS)):
        waiting.append((raw.FPDFPage_GetObject(page, index), IDENTITY, 0))
    while waiting and seen < MAX_OBJECTS:
        item, matrix, depth = waiting.pop()
        seen += 1
        if raw.FPDFPageObj_GetType(item) != raw.FPDF_PAGEOBJ_FORM:
            yield item, matrix
        elif depth < MAX_DEPTH:
            inner = _times(_matrix(raw, item), matrix)
            for index in range(min(raw.FPDFFormObj_CountObjects(item), MAX_OBJECTS - seen)):
                waiting.append((raw.FPDFFormObj_GetObject(item, index), inner, depth + 1))


def _edges(raw: Any, item: Any, matrix: Matrix) -> Iterator[Box]:
    count = raw.FPDFPath_CountSegments(item)
    matrix = _times(_matrix(raw, item), matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    first: Point | None = None
    last: Point | None = None
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        if not raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
            return
        point = _apply(matrix, x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == raw.FPDF_SEGMENT_LINETO and last is not None:
            yield from _edge(last, point)
        last = point
        if raw.FPDFPathSegment_GetClose(segment) and first is not None:
            yield from _edge(point, first)


def _edge(start: Point, end: Point) -> Iterator[Box]:
    (x0, y0), (x1, y1) = start, end
    width, height = abs(x1 - x0), abs(y1 - y0)
    if min(width, height) <= THIN and max(width, height) >= SHORT:
        yield (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _bounds(raw: Any, item: Any, matrix: Matrix) -> Box:
    values = [ctypes.c_float() for _ in range(4)]
    if not raw.FPDFPageObj_GetBounds(item, *map(ctypes.byref, values)):
        return (0, 0, 0, 0)
    left, bottom, right, top = (value.value for value in values)
    corners = [_apply(matrix, x, y) for x in (left, right) for y in (bottom, top)]
    xs, ys = zip(*corners, strict=True)
    return (min(xs), min(ys), max(xs), max(ys))


def _visible(box: Box, frame: Box) -> float:
    width = min(box[2], frame[2]) - max(box[0], frame[0])
    height = min(box[3], frame[3]) - max(box[1], frame[1])
    return max(width, 0.0) * max(height, 0.0)


def _matrix(raw: Any, item: Any) -> Matrix:
    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, ctypes.byref(found)):
        return IDENTITY
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    """The matrix that applies `inner`, then `outer`."""
    if outer == IDENTITY:
        return inner
    a, b, c, d, e, f = inner
    x, y = _apply(outer, e, f)
    return (
        a * outer[0] + b * outer[2], a * outer[1] + b * outer[3],
        c * outer[0] + d * outer[2], c * outer[1] + d * outer[3], x, y,
    )  # fmt: skip


def _apply(matrix: Matrix, x: float, y: float) -> Point:
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e, b * x + d * y + f)
