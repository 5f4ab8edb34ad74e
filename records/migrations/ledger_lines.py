"""SQLite 的余额一笔一算：每户每笔一行，记下这一笔之后的余额，余额表照最后一行。

行由分录的触发器添上，自己也核对：必是这一户的下一行，必是已有而没有添过的分录，余额必是上一行加减
这一笔。谁直接写，都只能写出本来就该有的那一行。PostgreSQL 由触发器的层次看守余额，不用这张表。
"""

# ruff: noqa: S608 - the statements are put together from words of our own

from __future__ import annotations

from alembic import op

from records.migrations.guards import forbid_rewriting

BY_HAND = "资金账：余额只随分录变动，不能直接改"

_TABLE = """
CREATE TABLE account_lines (
  owner TEXT NOT NULL, fund TEXT NOT NULL, account TEXT NOT NULL, line INTEGER NOT NULL,
  posting TEXT NOT NULL, balance_fen BIGINT NOT NULL,
  PRIMARY KEY (owner, fund, account, line), UNIQUE (posting, owner, account)
) WITHOUT ROWID"""

# What was posted before: line after line in the order it was recorded.
_FILL = """
INSERT INTO account_lines (owner, fund, account, line, posting, balance_fen)
SELECT owner, fund, account, ROW_NUMBER() OVER account_so_far, key,
  SUM(amount) OVER account_so_far
FROM (
  SELECT from_owner AS owner, fund, from_account AS account, key, -amount_fen AS amount,
    recorded_at, entry, sequence FROM postings
  UNION ALL
  SELECT to_owner, fund, to_account, key, amount_fen, recorded_at, entry, sequence FROM postings)
WINDOW account_so_far AS (PARTITION BY owner, fund, account
  ORDER BY recorded_at, sequence, key ROWS UNBOUNDED PRECEDING)"""

_LAST = """SELECT {column} FROM account_lines WHERE owner = {owner} AND fund = NEW.fund
    AND account = {account} ORDER BY line DESC LIMIT 1"""


def _last(column: str, owner: str = "NEW.owner", account: str = "NEW.account") -> str:
    found = _LAST.format(column=column, owner=owner, account=account)
    return f"COALESCE(({found}), 0)"


def _side(side: str, sign: str) -> str:
    owner, account = f"NEW.{side}_owner", f"NEW.{side}_account"
    return f"""
  INSERT INTO account_lines (owner, fund, account, line, posting, balance_fen) VALUES (
    {owner}, NEW.fund, {account}, {_last("line", owner, account)} + 1, NEW.key,
    {_last("balance_fen", owner, account)} {sign} NEW.amount_fen);
  INSERT INTO balances (owner, fund, account, balance_fen)
    SELECT {owner}, NEW.fund, {account}, 0 WHERE NOT EXISTS (
      SELECT 1 FROM balances WHERE owner = {owner}
      AND fund = NEW.fund AND account = {account});
  UPDATE balances SET balance_fen = {_last("balance_fen", owner, account)}
    WHERE owner = {owner} AND fund = NEW.fund AND account = {account};"""


# A statement's own OR IGNORE or OR REPLACE overrides that of whatever it fires, but never a RAISE;
# therefore everything that must hold is asked before the row is written. A ceiling once named for
# a case is not lost by leaving it out.
_TRIGGERS = (
    """
CREATE TRIGGER postings_before BEFORE INSERT ON postings BEGIN
  SELECT RAISE(ABORT, '资金账：这一笔已经记过') WHERE EXISTS (
    SELECT 1 FROM postings WHERE key = NEW.key OR reverses = NEW.reverses);
  SELECT RAISE(ABORT, '资金账不得透支：转出的超过该科目的余额')
    WHERE NEW.from_account <> 'source' AND NEW.amount_fen > COALESCE((
      SELECT balance_fen FROM balances WHERE owner = NEW.from_owner
      AND fund = NEW.fund AND account = NEW.from_account), 0);
  SELECT RAISE(ABORT, '资金账：立项金额超过单个项目上限而没有写明理由')
    WHERE NEW.from_account = 'source' AND NEW.to_account = 'approved' AND NEW.reason IS NULL
    AND NEW.amount_fen + (
      SELECT COALESCE(SUM(CASE WHEN from_account = 'source' THEN amount_fen
        WHEN to_account = 'source' THEN -amount_fen END), 0)
      FROM postings WHERE "case" = NEW."case" AND 'approved' IN (from_account, to_account)
    ) > COALESCE(NEW.ceiling_fen, (
      SELECT MAX(ceiling_fen) FROM postings WHERE "case" = NEW."case"));
END""",
    f"""
CREATE TRIGGER postings_after AFTER INSERT ON postings BEGIN{_side("from", "-")}{_side("to", "+")}
END""",
    f"""
CREATE TRIGGER account_lines_insert BEFORE INSERT ON account_lines BEGIN
  SELECT RAISE(ABORT, '{BY_HAND}') WHERE NEW.line <> {_last("line")} + 1
    OR EXISTS (SELECT 1 FROM account_lines WHERE posting = NEW.posting
      AND owner = NEW.owner AND account = NEW.account)
    OR NOT EXISTS (SELECT 1 FROM postings WHERE key = NEW.posting AND fund = NEW.fund AND (
      (from_owner = NEW.owner AND from_account = NEW.account
        AND NEW.balance_fen = {_last("balance_fen")} - amount_fen)
      OR (to_owner = NEW.owner AND to_account = NEW.account
        AND NEW.balance_fen = {_last("balance_fen")} + amount_fen)));
END""",
    f"""
CREATE TRIGGER balances_update BEFORE UPDATE ON balances BEGIN
  SELECT RAISE(ABORT, '{BY_HAND}')
    WHERE OLD.owner <> NEW.owner OR OLD.fund <> NEW.fund OR OLD.account <> NEW.account
    OR NEW.balance_fen <> {_last("balance_fen")};
END""",
)


def keep_lines() -> None:
    """建立户头明细，补上已有的，换上按最后一行看守的触发器。"""
    if op.get_bind().dialect.name == "postgresql":
        return
    for name in ("postings_before", "postings_after", "balances_update"):
        op.execute(f"DROP TRIGGER {name}")
    op.execute(_TABLE)
    op.execute(_FILL)
    for statement in _TRIGGERS:
        op.execute(statement)
    forbid_rewriting("account_lines")
