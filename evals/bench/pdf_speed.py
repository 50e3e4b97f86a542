"""How many pages a second does the PDF parser read on one core, with and without tables?

python -m evals.bench.pdf_speed [FILE.pdf...] [--pages 100] [--rounds 3] [--out evals/results/pdf_speed.json]

Without files, it makes two with reportlab: dense prose, and prose with a ruled table on each page. Optical recognition
is not measured: it is Tesseract's, several seconds a page.
"""

import argparse
import io
import json
import textwrap
import time
from pathlib import Path
from typing import Any

from corpus import Section
from corpus.parsers.pdf.parser import parse_pdf

LETTERS, LEADING, TOP, BOTTOM, LEFT = 92, 13.5, 770, 60, 66
SENTENCES = (
    "Le conseil municipal a décidé de reprendre le commerce du bourg avec une coopérative d'habitants.",
    "La commune garde les murs, la coopérative paie les charges et rend compte chaque année devant l'assemblée.",
    "Chaque sociétaire dispose d'une voix, quel que soit le nombre de ses parts dans le capital.",
    "Les producteurs des environs livrent deux fois par semaine et fixent leurs prix avec les bénévoles.",
    "Une convention précise la durée du prêt du local, les travaux à faire et les horaires d'ouverture.",
)
ROWS = 18


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("evals/results/pdf_speed.json"))
    given = parser.parse_args()
    if given.files:
        sources = {path.name: path.read_bytes() for path in given.files}
    else:
        sources = {"text": _made(given.pages, tables=False), "tables": _made(given.pages, tables=True)}
    parse_pdf(_made(1, tables=True))  # the libraries are loaded before the clock starts
    result = {
        "parameters": {"pages": given.pages, "rounds": given.rounds, "files": sorted(sources)},
        "runs": {name: _measured(raw, given.rounds) for name, raw in sources.items()},
    }
    print(json.dumps(result, indent=1))
    given.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def _measured(raw: bytes, rounds: int) -> dict[str, float]:
    """The best of the rounds, in wall-clock and in processor time: other work on the machine only slows one down."""
    import pypdfium2

    document = pypdfium2.PdfDocument(raw)
    pages = len(document)
    document.close()
    seconds, busy = [], []
    sections: tuple[Section, ...] = ()
    for _ in range(rounds):
        started, worked = time.perf_counter(), time.process_time()
        sections = parse_pdf(raw).sections
        seconds.append(time.perf_counter() - started)
        busy.append(time.process_time() - worked)
    letters = sum(len(section.text) for section in sections)
    rows = sum(block.kind == "row" for section in sections for block in section.blocks)
    return {
        "pages": pages,
        "table_rows_per_page": round(rows / pages, 1),
        "characters_per_page": round(letters / pages),
        "seconds": round(min(seconds), 3),
        "pages_per_second": round(pages / min(seconds), 1),
        "pages_per_processor_second": round(pages / min(busy), 1),
    }


def _made(pages: int, *, tables: bool) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    target = io.BytesIO()
    canvas = Canvas(target)
    for number in range(1, pages + 1):
        canvas.setFont("Helvetica", 8)
        canvas.drawString(LEFT, 800, "Les cahiers de la coopération rurale")
        canvas.drawString(290, 30, f"Page {number}")
        y = _table(canvas, number) if tables else TOP
        canvas.setFont("Helvetica-Bold", 14)
        canvas.drawString(LEFT, y, f"Partie {number} : tenir le commerce")
        canvas.setFont("Helvetica", 10)
        y -= 24
        count = 0
        while y > BOTTOM + 5 * LEADING:
            paragraph = " ".join(SENTENCES[(number + count + shift) % len(SENTENCES)] for shift in range(4))
            for line in textwrap.wrap(paragraph, LETTERS):
                canvas.drawString(LEFT, y, line)
                y -= LEADING
            y -= 6
            count += 1
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _table(canvas: Any, number: int) -> float:
    """A table of ROWS rows and 5 columns at the top of the page; returns where the text goes on."""
    xs = [LEFT + 92 * column for column in range(6)]
    ys = [TOP - 16 * row for row in range(ROWS + 1)]
    canvas.grid(xs, ys)
    canvas.setFont("Helvetica", 9)
    for row, y in enumerate(ys[:-1]):
        for column, x in enumerate(xs[:-1]):
            canvas.drawString(
                x + 4, y - 12, f"commune {row}" if column == 0 else f"{number} {row * column:03d} habitants"
            )
    return ys[-1] - 30


if __name__ == "__main__":
    main()
