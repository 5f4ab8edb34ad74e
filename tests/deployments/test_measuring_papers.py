"""公文速度的测量: one document of every kind is made, and each sort says how fast it went."""

import pytest

from deployments.measuring import papers
from deployments.measuring.alone import memory, peak
from deployments.measuring.paperwork import papers as every_paper
from deployments.measuring.paperwork import projects
from notices.document_lint import lint_document
from notices.genres import genre_table


def test_every_kind_of_document_is_among_what_is_measured_and_may_go_out() -> None:
    made = [paper.document for paper in every_paper().values()]
    assert {document.genre for document in made} == set(genre_table().genres)
    assert [lint_document(document) for document in made] == [()] * len(made)


def test_each_sort_is_told_as_a_whole_and_every_kind_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few = {"公示": every_paper()["公示"], "验收单": every_paper()["验收单"]}
    monkeypatch.setattr(papers, "alone", lambda work, *args: work(*args))
    monkeypatch.setattr(papers, "papers", lambda: few)
    found = papers.measure_papers(2, rows=(10, 20))
    assert [figure.what for figure in found if not figure.detail] == [
        *("PDF", "PDF", "DOCX", "DOCX"),
        *("XLSX", "XLSX，进程最高内存", "XLSX，写出时增加的内存") * 2,
    ]
    assert [figure.conditions for figure in found if figure.detail] == ["公示", "验收单"] * 2
    assert all(len(figure.runs) == 2 for figure in found if figure.unit in ("件/秒", "秒"))


def test_the_list_of_projects_has_as_many_lines_as_asked_for() -> None:
    assert [len(projects(rows).rows) for rows in (1, 300)] == [1, 300]


def test_the_peak_of_a_process_is_no_less_than_what_it_holds_now() -> None:
    assert peak() >= memory() > 0
