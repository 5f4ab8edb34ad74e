"""安装: what lies outside Python, that is system packages and the fonts of official documents.

Nothing here is fatal. What cannot be had is named in one sentence, with what will not work
without it; everything else goes on. Standard library only.
"""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import tarfile
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from deployments.install_tools import complaint

FONT_PACKAGE = "texlive-lang-chinese"
FONT_FILES = (
    "FandolSong-Regular.otf",
    "FandolSong-Bold.otf",
    "FandolFang-Regular.otf",
    "FandolHei-Regular.otf",
    "FandolHei-Bold.otf",
    "FandolKai-Regular.otf",
    "COPYING",
)
FONT_FOLDERS = (
    Path("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"),
    Path("/usr/share/doc/texlive-doc/fonts/fandol"),
)


@dataclass(frozen=True)
class SystemPackage:
    """系统软件包: a Debian package and what does not work without it, in both languages."""

    name: str
    without: str
    without_english: str
    only_tests: bool = False


PACKAGES = (
    SystemPackage("libpango-1.0-0", "不能生成 PDF", "no PDF"),
    SystemPackage("libpangoft2-1.0-0", "不能生成 PDF", "no PDF"),
    SystemPackage("libharfbuzz-subset0", "PDF 生成较慢", "PDF slower"),
    SystemPackage("graphviz", "不能画流程图", "no diagrams"),
    SystemPackage("fonts-noto-cjk", "PDF 与图中缺汉字", "no Chinese in PDF and diagrams"),
    SystemPackage(
        "poppler-utils", "不能逐页看 PDF 的测试", "no page pictures in tests", only_tests=True
    ),
    SystemPackage("chromium", "不能运行浏览器测试", "no browser tests", only_tests=True),
)


def install(state: Path, *, tests_too: bool, again: bool) -> None:
    """系统软件包与字体: installs what is missing where that is allowed, else says what to install.

    Args:
        state: the clone's own folder for what is not in git.
        tests_too: whether what only tests need is wanted.
        again: whether to repeat an attempt that failed before.
    """
    _install_packages(state, tests_too=tests_too, again=again)
    _install_fonts(state, again=again)


def _install_packages(state: Path, *, tests_too: bool, again: bool) -> None:
    missing = _missing([package for package in PACKAGES if tests_too or not package.only_tests])
    if not missing:
        return
    names = [package.name for package in missing]
    failed_before = state / "packages-not-installed"
    if not _same_failure(failed_before, names, again=again):
        if installed_by_apt(names):
            failed_before.unlink(missing_ok=True)
            return
        missing = _missing(missing)
        failed_before.write_text(" ".join(p.name for p in missing), encoding="utf-8")
    if missing:
        _say_what_is_missing(missing)


def _missing(packages: list[SystemPackage]) -> list[SystemPackage]:
    """The packages dpkg does not know as installed; where there is no dpkg, all of them."""
    query = ["dpkg-query", "-W", "-f", "${db:Status-Abbrev}${Package}\n"]
    try:
        done = subprocess.run(
            [*query, *(package.name for package in packages)],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return packages
    installed = {line[3:].strip() for line in done.stdout.splitlines() if line.startswith("ii")}
    return [package for package in packages if package.name not in installed]


def _say_what_is_missing(missing: list[SystemPackage]) -> None:
    names = " ".join(package.name for package in missing)
    without = "、".join(dict.fromkeys(package.without for package in missing))
    english = ", ".join(dict.fromkeys(package.without_english for package in missing))
    print(
        f"提示：请以管理员身份运行 apt-get install {names}；没有它们{without}，其余照常。"
        f" / Without these: {english}; everything else works.",
        flush=True,
    )


def installed_by_apt(names: list[str]) -> bool:
    """Installs Debian packages where this user may; tells whether they are there afterwards."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    print(f"安装系统软件包：{' '.join(names)}……", flush=True)
    command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    options = ["-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::http::Timeout=30"]
    install = [*command, "install", "-y", "--no-install-recommends", *options]
    if complaint([*install, *names]) is None:
        return True
    # The lists may be older than the mirror, or not there; an unreachable side source is no matter.
    complaint([*command, "update", *options])
    if complaint([*install, *names]) is None:
        return True
    # One package that this release does not have must not keep the others away.
    return not [name for name in names if complaint([*install, name]) is not None]


def _install_fonts(state: Path, *, again: bool) -> None:
    """仿宋、小标宋、黑体、楷体: the free Fandol faces, unpacked without installing TeX."""
    fonts = state / "fonts"
    if all((fonts / name).is_file() for name in FONT_FILES):
        return
    failed_before = state / "fonts-not-installed"
    if not _same_failure(failed_before, [FONT_PACKAGE], again=again):
        fonts.mkdir(exist_ok=True)
        if _copied_from_system(fonts) or _unpacked_from_package(state, fonts):
            failed_before.unlink(missing_ok=True)
            return
        failed_before.write_text(FONT_PACKAGE, encoding="utf-8")
    print(
        f"提示：未能取得公文字体 Fandol，可联网后再运行 make setup（或安装 {FONT_PACKAGE}）；"
        "此前公文改用 Noto 字体排版。"
        " / The Fandol fonts are missing: documents fall back to Noto; run make setup again.",
        flush=True,
    )


def _copied_from_system(fonts: Path) -> bool:
    """Takes the faces from an installed TeX, where there is one."""
    for name in FONT_FILES:
        source = next((f / name for f in FONT_FOLDERS if (f / name).is_file()), None)
        packed = FONT_FOLDERS[-1] / f"{name}.gz"
        if source is not None:
            shutil.copyfile(source, fonts / name)
        elif packed.is_file():
            (fonts / name).write_bytes(gzip.decompress(packed.read_bytes()))
        else:
            return False
    return True


def _unpacked_from_package(state: Path, fonts: Path) -> bool:
    """Downloads Debian's package into a passing folder and takes only the faces out of it."""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        return False
    print("取得公文字体 Fandol（下载约 47 MB，只解出六款字形）……", flush=True)
    with tempfile.TemporaryDirectory(dir=state) as folder:
        # `apt-get download` writes where it stands, and needs no administrator.
        download = ["sh", "-c", 'cd "$1" && apt-get -qq download "$2"', "sh", folder, FONT_PACKAGE]
        if complaint(download) is not None and os.geteuid() == 0:
            complaint(["apt-get", "-qq", "update"])
            complaint(download)
        for package in Path(folder).glob("*.deb"):
            with suppress(tarfile.TarError):
                _unpack(package, fonts)
    return all((fonts / name).is_file() for name in FONT_FILES)


def _unpack(package: Path, fonts: Path) -> None:
    """Reads the package as a stream, so that nothing else of TeX is ever written."""
    wanted = {name: name for name in FONT_FILES} | {f"{name}.gz": name for name in FONT_FILES}
    command = ["dpkg-deb", "--fsys-tarfile", str(package)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE) as unpacking,
        tarfile.open(fileobj=unpacking.stdout, mode="r|") as archive,
    ):
        for member in archive:
            found = Path(member.name)
            if found.parent.name != "fandol" or found.name not in wanted or not member.isfile():
                continue
            content = archive.extractfile(member)
            data = content.read() if content else b""
            plain = gzip.decompress(data) if found.suffix == ".gz" else data
            (fonts / wanted[found.name]).write_bytes(plain)


def _same_failure(note: Path, names: list[str], *, again: bool) -> bool:
    """Whether exactly this failed before: a machine without network must not wait at every turn."""
    if again:
        return False
    try:
        return note.read_text(encoding="utf-8") == " ".join(names)
    except OSError:
        return False
