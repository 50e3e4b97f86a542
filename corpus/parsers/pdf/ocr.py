"""Pages that are pictures, read by Tesseract in French, one at a time."""

import re
import statistics
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from corpus.cleaning import clean_characters
from corpus.parsers.pdf.objects import Box
from corpus.parsers.pdf.runs import Piece, turned

DPI = 300
LANGUAGE = "fra"
# A poster at 300 dpi would take gigabytes.
MAX_PIXELS = 40_000_000
SECONDS = 120
# Below, Tesseract is reading a photograph or the grain of the paper.
MIN_CONFIDENCE = 45
_BOX = re.compile(r"bbox (-?\d+) (-?\d+) (-?\d+) (-?\d+)")
_ANGLE = re.compile(r"textangle (\d+)")
_HEIGHT = re.compile(r"x_size ([\d.]+)")
_CONFIDENCE = re.compile(r"x_wconf (\d+)")


class OcrMissing(Exception):
    """Tesseract or its French data is not installed."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was read of a picture, in points from the top left corner once it stands upright, its width and height."""

    pieces: tuple[Piece, ...]
    width: float
    height: float


def languages() -> frozenset[str]:
    """The languages Tesseract has data for; none when it is not installed."""
    import pytesseract

    try:
        return frozenset(pytesseract.get_languages())
    except (pytesseract.TesseractNotFoundError, pytesseract.TesseractError, OSError):
        return frozenset()


def recognise(page: Any) -> Recognised:
    """Read a page of pypdfium2 as a picture.

    Raises OcrMissing, and what pytesseract raises when Tesseract fails or takes more than SECONDS.
    """
    import pytesseract

    installed = languages()
    if LANGUAGE not in installed:
        raise OcrMissing
    width, height = page.get_size()
    scale = min(DPI / 72, (MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        # With the data for orientation, a sheet that was scanned sideways is read all the same.
        mode = 1 if "osd" in installed else 3
        hocr = pytesseract.image_to_pdf_or_hocr(
            bitmap.to_pil(),
            lang=LANGUAGE,
            extension="hocr",
            config=f"--psm {mode} --dpi {round(scale * 72)}",
            timeout=SECONDS,
        )
    finally:
        bitmap.close()
    return _recognised(list(_lines(hocr)), scale, width, height)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of Tesseract: its box in pixels from the top left, the height of its letters, its quarter turns."""

    text: str
    box: Box
    height: float
    quarter: int


def _recognised(lines: list[_Line], scale: float, width: float, height: float) -> Recognised:
    if not lines:
        return Recognised((), width, height)
    usual = statistics.median(line.height for line in lines)
    quarter = Counter(line.quarter for line in lines).most_common(1)[0][0]
    # Tesseract turns the sheet to read it, but its boxes are those of the sheet as it lay.
    place = turned((0, 0, width, height), -quarter % 4)
    pieces = []
    for line in lines:
        left, top, right, bottom = (value / scale for value in line.box)
        # Measured heights waver by a tenth from line to line; only a title is really larger.
        steady = usual if 0.75 < line.height / usual < 1.3 else line.height
        box = place((left, height - bottom, right, height - top))
        pieces.append(Piece(line.text, *box, max(round(steady / scale * 2) / 2, 1.0)))
    return Recognised(tuple(pieces), *((height, width) if quarter % 2 else (width, height)))


def _lines(hocr: bytes) -> Iterator[_Line]:
    for line in ElementTree.fromstring(hocr).iter():
        if line.get("class") not in ("ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat"):
            continue
        title = line.get("title", "")
        words = [word for word in line.iter() if word.get("class") == "ocrx_word" and "".join(word.itertext()).strip()]
        box, height, angle = _BOX.search(title), _HEIGHT.search(title), _ANGLE.search(title)
        marks = [int(mark[1]) for word in words if (mark := _CONFIDENCE.search(word.get("title", "")))]
        if not (box and height and marks) or statistics.mean(marks) < MIN_CONFIDENCE:
            continue
        text = clean_characters(" ".join("".join(word.itertext()).strip() for word in words))
        x0, top, x1, bottom = map(float, box.groups())
        quarter = round(int(angle[1]) / 90) % 4 if angle else 0
        yield _Line(text, (x0, top, x1, bottom), max(float(height[1]), 1.0), quarter)
