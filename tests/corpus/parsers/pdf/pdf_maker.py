"""PDFs made for the tests with reportlab: pages of words set where a test wants them."""

import io
import textwrap
from collections.abc import Callable, Sequence

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
LEFT, BODY, LEADING = 72.0, 11.0, 14.0

PROSE = (
    "La commune de Valombre a repris l'épicerie du bourg au printemps, après la retraite de la gérante. Le conseil a "
    "confié le commerce à une coopérative d'habitants, qui compte aujourd'hui cent vingt sociétaires. Chacun a versé "
    "une part de cinquante euros et dispose d'une voix à l'assemblée."
)
SECOND = (
    "Le local appartient à la commune, qui le loue à un prix modéré. La coopérative paie les charges et emploie deux "
    "salariées à mi-temps. Les bénévoles tiennent la caisse le samedi et le dimanche matin, quand le bourg se remplit."
)


class Sheet:
    """A page under the pen: what is written goes down from the top."""

    def __init__(self, canvas: Canvas, number: int) -> None:
        self.canvas, self.number, self.y = canvas, number, HEIGHT - 100

    def at(self, x: float, y: float, text: str, size: float = BODY, font: str = "Helvetica") -> None:
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, y, text)

    def line(self, text: str, size: float = BODY, font: str = "Helvetica", x: float = LEFT) -> None:
        self.at(x, self.y, text, size, font)
        self.y -= size * LEADING / BODY

    def space(self, points: float = 10) -> None:
        self.y -= points

    def heading(self, text: str, size: float = 18, font: str = "Helvetica") -> None:
        self.space(8)
        self.line(text, size, font)
        self.space(6)

    def prose(self, text: str, letters: int = 85, x: float = LEFT, size: float = BODY) -> None:
        for line in textwrap.wrap(text, letters, break_on_hyphens=False):
            self.line(line, size, x=x)
        self.space()

    def grid(self, rows: Sequence[Sequence[str]], widths: Sequence[float], height: float = 20) -> None:
        """A table with all its rules; a cell of several lines has them parted by line breaks."""
        xs = [LEFT + sum(widths[:index]) for index in range(len(widths) + 1)]
        tops = [self.y + 14]
        for row in rows:
            tops.append(tops[-1] - height * max(cell.count("\n") + 1 for cell in row))
        self.canvas.grid(xs, tops)
        for row, top in zip(rows, tops, strict=False):
            for x, cell in zip(xs, row, strict=False):
                for index, line in enumerate(cell.split("\n")):
                    self.at(x + 4, top - 14 - index * height, line, 10)
        self.y = tops[-1] - 30


def pdf(*pages: Callable[[Sheet], None], title: str | None = None, password: str | None = None) -> bytes:
    """A PDF of A4 pages, each drawn by a function."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, encrypt=password)
    if title is not None:
        canvas.setTitle(title)
    for number, draw in enumerate(pages, 1):
        draw(Sheet(canvas, number))
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def written(text: str) -> Callable[[Sheet], None]:
    """A page with paragraphs parted by line breaks; a line that begins with # is a heading."""

    def draw(sheet: Sheet) -> None:
        for line in text.split("\n"):
            if line.startswith("# "):
                sheet.heading(line[2:])
            else:
                sheet.prose(line)

    return draw


def scanned(raw: bytes, turn: int = 0, dpi: int = 200) -> bytes:
    """The same pages as pictures, without any text; `turn` degrees turn the sheets as on a scanner."""
    import pypdfium2

    document = pypdfium2.PdfDocument(raw)
    pictures = [page.render(scale=dpi / 72, grayscale=True).to_pil().rotate(turn, expand=True) for page in document]
    document.close()
    target = io.BytesIO()
    pictures[0].save(target, "PDF", save_all=True, append_images=pictures[1:], resolution=dpi)
    return target.getvalue()
