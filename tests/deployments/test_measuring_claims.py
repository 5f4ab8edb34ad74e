"""认定申请的测量: what is measured is a claim in which one project of ten lacks its survey."""

from pathlib import Path

from deployments.measuring.claims import measure_claims


def test_a_claim_is_measured_over_each_number_of_projects(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'claims.sqlite'}"
    found = measure_claims("SQLite", url, tmp_path, 2, sizes=(10, 30))
    assert [figure.conditions for figure in found[:2]] == [
        "SQLite，一镇10个项目",
        "SQLite，一镇30个项目",
    ]
    assert all(len(figure.runs) == 2 and min(figure.runs) > 0 for figure in found[:2])
    recorded = found[2:]
    assert {figure.conditions for figure in recorded} == {"SQLite，一镇30个项目，其中6个申请"}
    assert [figure.what for figure in recorded] == [
        "认定申请：编制并记入",
        "认定申请：编制并记入（本进程占用处理器）",
        "认定申请：认定并记账",
        "认定申请：认定并记账（本进程占用处理器）",
    ]
