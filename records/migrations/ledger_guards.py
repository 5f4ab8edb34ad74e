"""看守资金账：余额只随分录变动，一笔不得透支，立项不得超过上限而不写理由。

两种数据库各写一遍，意思相同；任何人直接写库也一样，数据库的主人除外。
"""

from __future__ import annotations

from alembic import op

# A statement's own OR IGNORE or OR REPLACE overrides that of whatever it fires, but never a RAISE;
# therefore everything that must hold is asked before the row is written. A ceiling once named for
# a case is not lost by leaving it out.
_SQLITE = (
    """
CREATE TRIGGER postings_before BEFORE INSERT ON postings BEGIN
  SELECT RAISE(ABORT, '资金账：这一笔已经记过') WHERE EXISTS (
    SELECT 1 FROM postings WHERE key = NEW.key OR reverses = NEW.reverses OR (
      "case" = NEW."case" AND fund = NEW.fund
      AND from_account = 'appropriated' AND to_account = 'recognised'
      AND NEW.from_account = 'appropriated' AND NEW.to_account = 'recognised'));
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
    """
CREATE TRIGGER postings_after AFTER INSERT ON postings BEGIN
  INSERT INTO balances (owner, fund, account, balance_fen)
    SELECT NEW.from_owner, NEW.fund, NEW.from_account, 0 WHERE NOT EXISTS (
      SELECT 1 FROM balances WHERE owner = NEW.from_owner
      AND fund = NEW.fund AND account = NEW.from_account);
  UPDATE balances SET balance_fen = balance_fen - NEW.amount_fen
    WHERE owner = NEW.from_owner AND fund = NEW.fund AND account = NEW.from_account;
  INSERT INTO balances (owner, fund, account, balance_fen)
    SELECT NEW.to_owner, NEW.fund, NEW.to_account, 0 WHERE NOT EXISTS (
      SELECT 1 FROM balances WHERE owner = NEW.to_owner
      AND fund = NEW.fund AND account = NEW.to_account);
  UPDATE balances SET balance_fen = balance_fen + NEW.amount_fen
    WHERE owner = NEW.to_owner AND fund = NEW.fund AND account = NEW.to_account;
END""",
    """
CREATE TRIGGER balances_insert BEFORE INSERT ON balances BEGIN
  SELECT RAISE(ABORT, '资金账：余额只随分录变动，不能直接改')
    WHERE NEW.balance_fen <> 0 OR EXISTS (
      SELECT 1 FROM balances WHERE owner = NEW.owner
      AND fund = NEW.fund AND account = NEW.account);
END""",
    # Between the two halves of a posting one side is a posting behind the sum, never the one
    # that is being written.
    """
CREATE TRIGGER balances_update BEFORE UPDATE ON balances BEGIN
  SELECT RAISE(ABORT, '资金账：余额只随分录变动，不能直接改')
    WHERE OLD.owner <> NEW.owner OR OLD.fund <> NEW.fund OR OLD.account <> NEW.account
    OR NEW.balance_fen <> (
      SELECT COALESCE(SUM(amount_fen), 0) FROM postings WHERE to_owner = NEW.owner
      AND fund = NEW.fund AND to_account = NEW.account
    ) - (
      SELECT COALESCE(SUM(amount_fen), 0) FROM postings WHERE from_owner = NEW.owner
      AND fund = NEW.fund AND from_account = NEW.account);
END""",
    """
CREATE TRIGGER balances_delete BEFORE DELETE ON balances BEGIN
  SELECT RAISE(ABORT, '资金账：余额只随分录变动，不能直接改');
END""",
)

# The function runs as the owner: whoever may add a posting need not be able to write balances.
# Nobody's passing table of the same name stands before ours. Rows are always taken in the same
# order, so that two transfers that cross do not wait for each other.
_POSTGRES = (
    """
CREATE FUNCTION keep_balances() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = minsheng, pg_temp AS $$ BEGIN
  PERFORM 1 FROM cases WHERE number = NEW."case" FOR NO KEY UPDATE;
  IF NEW.from_account = 'source' AND NEW.to_account = 'approved' AND NEW.reason IS NULL AND (
    SELECT COALESCE(SUM(CASE WHEN from_account = 'source' THEN amount_fen
      WHEN to_account = 'source' THEN -amount_fen END), 0)
    FROM postings WHERE "case" = NEW."case" AND 'approved' IN (from_account, to_account)
  ) > COALESCE(NEW.ceiling_fen, (
    SELECT MAX(ceiling_fen) FROM postings WHERE "case" = NEW."case"))
  THEN
    RAISE EXCEPTION '资金账：立项金额超过单个项目上限而没有写明理由'
      USING ERRCODE = 'check_violation';
  END IF;
  INSERT INTO balances (owner, fund, account, balance_fen)
    SELECT side.owner, NEW.fund, side.account, 0 FROM (VALUES
      (NEW.from_owner, NEW.from_account), (NEW.to_owner, NEW.to_account)
    ) AS side (owner, account) ORDER BY side.owner, side.account ON CONFLICT DO NOTHING;
  PERFORM 1 FROM balances WHERE fund = NEW.fund AND (owner, account) IN (
    (NEW.from_owner, NEW.from_account), (NEW.to_owner, NEW.to_account)
  ) ORDER BY owner, account FOR UPDATE;
  IF NEW.from_account <> 'source' AND NEW.amount_fen > (
    SELECT balance_fen FROM balances WHERE owner = NEW.from_owner
    AND fund = NEW.fund AND account = NEW.from_account)
  THEN
    RAISE EXCEPTION '资金账不得透支：转出的超过该科目的余额' USING ERRCODE = 'check_violation';
  END IF;
  UPDATE balances SET balance_fen = balance_fen - NEW.amount_fen
    WHERE owner = NEW.from_owner AND fund = NEW.fund AND account = NEW.from_account;
  UPDATE balances SET balance_fen = balance_fen + NEW.amount_fen
    WHERE owner = NEW.to_owner AND fund = NEW.fund AND account = NEW.to_account;
  RETURN NULL;
END $$""",
    """
CREATE TRIGGER postings_after AFTER INSERT ON postings
FOR EACH ROW EXECUTE FUNCTION keep_balances()""",
    """
CREATE FUNCTION refuse_by_hand() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION '资金账：余额只随分录变动，不能直接改' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$""",
    """
CREATE TRIGGER balances_by_hand BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON balances
FOR EACH STATEMENT EXECUTE FUNCTION refuse_by_hand()""",
)


def guard_ledger() -> None:
    """装上触发器。"""
    on_postgres = op.get_bind().dialect.name == "postgresql"
    for statement in _POSTGRES if on_postgres else _SQLITE:
        op.execute(statement)
