"""看守：余额一笔一算；全部扣回之后才能再认定；只增不改的表也不许替换。"""

from __future__ import annotations

from records.migrations.guards import forbid_replacing, forbid_rewriting, same
from records.migrations.ledger_lines import keep_lines
from records.migrations.posting_sums import keep_sums
from records.migrations.recognition_guards import guard_recognitions

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """换上新的触发器；旧的余额照旧，只多一张户头明细。"""
    keep_lines()
    guard_recognitions()
    keep_sums()
    forbid_rewriting("attachments")
    forbid_replacing(
        "events",
        same("case", "sequence"),
        same("key"),
        f"closes AND NEW.closes AND {same('case', 'stage', 'round')}",
        rowid=False,
    )
    forbid_replacing("attachments", same("digest"), rowid=True)
    forbid_replacing("notices", same("key"), same("number"), rowid=True)
    forbid_replacing("notice_files", same("notice", "name"), rowid=True)
    forbid_replacing(
        "document_numbers", same("notice"), same("office", "year", "number"), rowid=True
    )
    forbid_replacing("digests", same("day"), rowid=True)
    forbid_replacing("digest_heads", same("day", "case"), rowid=True)


def downgrade() -> None:
    """不提供退回，以免误删。

    Raises:
        NotImplementedError: 总是。
    """
    raise NotImplementedError("看守只会更严，不能退回；需要时请由备份恢复。")
