"""字体: which fonts a PDF is set in, looked for in a fixed order, never downloaded.

方正小标宋、仿宋_GB2312 and their kin may not be shipped; Fandol stands in for them and Noto CJK
for the characters Fandol lacks (喆、玥、赟、珺、垚、昇).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FANDOL_FOLDERS: Final = (
    Path(__file__).resolve().parents[1] / ".minsheng" / "fonts",
    Path("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"),
)
SYSTEM_FOLDERS: Final = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local" / "share" / "fonts",
)
# Family in the style sheet and its file. Figures come from the same file as the characters around
# them: two fonts in one line would make it higher than the 28.95 points that give 22 lines a page.
FANDOL_FACES: Final = (
    ("Official FangSong", "FandolFang-Regular.otf"),
    ("Official Title", "FandolSong-Bold.otf"),
    ("Official SongTi", "FandolSong-Regular.otf"),
    ("Official HeiTi", "FandolHei-Regular.otf"),
    ("Official KaiTi", "FandolKai-Regular.otf"),
)
FALLBACK_PATTERNS: Final = (
    "NotoSerifCJK*",
    "NotoSansCJK*",
    "NotoSerifSC*",
    "NotoSansSC*",
    "SourceHanSerif*",
    "SourceHanSans*",
)
NO_FONT: Final = (
    "没有找到中文字体，不能生成PDF。请安装Debian软件包fonts-noto-cjk后重试；网页版公文不受影响。"
)
# A chart is drawn with one file: upright strokes first, which stay legible when small.
CHART_PATTERNS: Final = (
    "NotoSansCJK*-Regular*",
    "NotoSansSC*Regular*",
    "SourceHanSans*-Regular*",
    "NotoSansSC*",
    "NotoSerifCJK*-Regular*",
    "NotoSerifSC*",
    "SourceHanSerif*-Regular*",
)
FANDOL_CHART_FACE: Final = "FandolHei-Regular.otf"
NO_CHART_FONT: Final = (
    "没有找到中文字体，不能绘图。请安装Debian软件包fonts-noto-cjk后重试；图旁的表不受影响。"
)


class MissingFontError(Exception):
    """缺少字体: there is no font to set the document in; names the package to install."""


@dataclass(frozen=True, slots=True)
class Face:
    """一种字体: the family the style sheet asks for and the file that serves it."""

    family: str
    file: Path

    @property
    def rule(self) -> str:
        """字体声明：declared as bold where it is, so that a character it lacks is bold as well."""
        weight = "bold" if "Bold" in self.file.name else "normal"
        return (
            f'@font-face{{font-family:"{self.family}";font-weight:{weight};'
            f'src:url("{self.file.as_uri()}")}}'
        )


@dataclass(frozen=True, slots=True)
class Fonts:
    """可用字体: the faces to declare, and whether rare characters have a font of their own."""

    faces: tuple[Face, ...]
    fallback: bool

    @property
    def style(self) -> str:
        """字体样式：what is added to a document's own style sheet on paper."""
        return "\n".join(face.rule for face in self.faces)


def find_fonts(
    fandol: Iterable[Path] = FANDOL_FOLDERS, system: Iterable[Path] = SYSTEM_FOLDERS
) -> Fonts:
    """查找字体：Fandol first, then Noto or Source Han, which fontconfig finds by name.

    Raises:
        MissingFontError: no Chinese font at all; names the Debian package.
    """
    folders = tuple(folder for folder in system if folder.is_dir())
    faces = next(filter(None, map(_fandol_in, fandol)), ())
    fallback = any(_holds(folder, pattern) for folder in folders for pattern in FALLBACK_PATTERNS)
    if not faces and not fallback:
        raise MissingFontError(NO_FONT)
    return Fonts(faces, fallback)


def find_chart_font(
    fandol: Iterable[Path] = FANDOL_FOLDERS, system: Iterable[Path] = SYSTEM_FOLDERS
) -> Path:
    """图表字体：the one file charts are lettered with, Noto or Source Han before Fandol.

    Raises:
        MissingFontError: no Chinese font at all; names the Debian package.
    """
    folders = tuple(folder for folder in system if folder.is_dir())
    for pattern in CHART_PATTERNS:
        for folder in folders:
            if found := sorted(folder.rglob(pattern)):
                return found[0]
    for folder in fandol:
        if (folder / FANDOL_CHART_FACE).is_file():
            return folder / FANDOL_CHART_FACE
    raise MissingFontError(NO_CHART_FONT)


def _fandol_in(folder: Path) -> tuple[Face, ...]:
    found = ((family, folder / name) for family, name in FANDOL_FACES)
    return tuple(Face(family, file) for family, file in found if file.is_file())


def _holds(folder: Path, pattern: str) -> bool:
    return next(folder.rglob(pattern), None) is not None
