"""画图: turns Graphviz text into a picture with the `dot` program."""

import shutil
import subprocess
from pathlib import Path


class DrawingError(RuntimeError):
    """画不出图: the sentence says what to install."""


def draw(dot: str, output: Path) -> None:
    """Write the picture of `dot` to `output`; its ending (svg, png, pdf) chooses the format.

    Raises:
        DrawingError: Graphviz is missing or refused the text.
    """
    program = shutil.which("dot")
    if program is None:
        raise DrawingError("画图需要 Graphviz，请先安装（Debian：apt-get install graphviz）。")
    kind = output.suffix.lstrip(".") or "svg"
    done = subprocess.run(  # noqa: S603 - a fixed program, our own text
        [program, f"-T{kind}", "-o", str(output)],
        input=dot.encode(),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise DrawingError(f"Graphviz 没有画成：{done.stderr.decode(errors='replace').strip()}")
