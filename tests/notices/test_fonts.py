import pytest

from notices.fonts import FANDOL_FACES, MissingFontError, find_fonts


def test_without_any_chinese_font_the_package_to_install_is_named(tmp_path):
    with pytest.raises(MissingFontError, match="fonts-noto-cjk后重试；网页版公文不受影响"):
        find_fonts((tmp_path / "absent",), (tmp_path,))


def test_fandol_files_are_declared_under_the_families_of_the_style_sheet(tmp_path):
    for _, name in FANDOL_FACES:
        (tmp_path / name).touch()
    fonts = find_fonts((tmp_path / "absent", tmp_path), ())
    assert [face.family for face in fonts.faces] == [family for family, _ in FANDOL_FACES]
    assert not fonts.fallback
    assert fonts.style.count("@font-face") == len(FANDOL_FACES)


def test_noto_alone_is_enough_for_a_page(tmp_path):
    (tmp_path / "opentype").mkdir()
    (tmp_path / "opentype" / "NotoSerifCJK-Regular.ttc").touch()
    fonts = find_fonts((), (tmp_path,))
    assert fonts.fallback
    assert fonts.faces == ()


def test_every_family_that_fandol_serves_is_used_by_the_style_sheet():
    from notices.environment import TEMPLATES  # noqa: PLC0415 - only this test reads the sheet

    sheet = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    assert all(f'"{family}"' in sheet for family, _ in FANDOL_FACES)
