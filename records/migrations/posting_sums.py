"""PostgreSQL 的余额一条语句一算：一次记入许多笔的，各户头只改一次，同一户头改许多次才不会越来越慢。

看守的意思不变：记入之后余额不为负，立项不超过上限而不写理由，认定过的全部扣回之后才能再认定。
"""

# ruff: noqa: S608 - the statements are put together from words of our own

from __future__ import annotations

from alembic import op

from records.migrations.recognition_guards import TOO_MUCH, TWICE

# Cases and balances are always locked in the same order, so that two that cross do not wait for
# each other; of two at once the later sees what the earlier did.
_STATEMENTS = (
    "DROP TRIGGER postings_after ON postings",
    "DROP FUNCTION keep_balances()",
    """
CREATE FUNCTION keep_balances() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = minsheng, pg_temp AS $$ BEGIN
  PERFORM 1 FROM cases WHERE number IN (SELECT "case" FROM added)
    ORDER BY number FOR NO KEY UPDATE;
  IF EXISTS (
    SELECT 1 FROM added a WHERE a.from_account = 'source' AND a.to_account = 'approved'
    AND a.reason IS NULL AND (
      SELECT COALESCE(SUM(CASE WHEN from_account = 'source' THEN amount_fen
        WHEN to_account = 'source' THEN -amount_fen END), 0)
      FROM postings WHERE "case" = a."case" AND 'approved' IN (from_account, to_account)
    ) > COALESCE(a.ceiling_fen, (
      SELECT MAX(ceiling_fen) FROM postings WHERE "case" = a."case")))
  THEN
    RAISE EXCEPTION '资金账：立项金额超过单个项目上限而没有写明理由'
      USING ERRCODE = 'check_violation';
  END IF;
  INSERT INTO balances (owner, fund, account, balance_fen)
    SELECT from_owner, fund, from_account, 0 FROM added
    UNION SELECT to_owner, fund, to_account, 0 FROM added
    ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING;
  PERFORM 1 FROM balances WHERE (owner, fund, account) IN (
    SELECT from_owner, fund, from_account FROM added
    UNION SELECT to_owner, fund, to_account FROM added
  ) ORDER BY owner, fund, account FOR UPDATE;
  IF EXISTS (
    SELECT 1 FROM balances JOIN (
      SELECT owner, fund, account, SUM(amount) AS change FROM (
        SELECT from_owner AS owner, fund, from_account AS account, -amount_fen AS amount FROM added
        UNION ALL SELECT to_owner, fund, to_account, amount_fen FROM added) AS sides
      GROUP BY owner, fund, account) AS changes USING (owner, fund, account)
    WHERE account <> 'source' AND balance_fen + change < 0)
  THEN
    RAISE EXCEPTION '资金账不得透支：转出的超过该科目的余额' USING ERRCODE = 'check_violation';
  END IF;
  UPDATE balances SET balance_fen = balance_fen + change FROM (
    SELECT owner, fund, account, SUM(amount) AS change FROM (
      SELECT from_owner AS owner, fund, from_account AS account, -amount_fen AS amount FROM added
      UNION ALL SELECT to_owner, fund, to_account, amount_fen FROM added) AS sides
    GROUP BY owner, fund, account) AS changes
    WHERE balances.owner = changes.owner AND balances.fund = changes.fund
    AND balances.account = changes.account;
  RETURN NULL;
END $$""",
    """
CREATE TRIGGER postings_after AFTER INSERT ON postings REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION keep_balances()""",
    f"""
CREATE FUNCTION keep_recognitions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = minsheng, pg_temp AS $$ DECLARE found record; BEGIN
  FOR found IN
    SELECT touched.given, touched.times, (
      SELECT SUM(CASE WHEN p.to_account = 'recognised' THEN p.amount_fen ELSE -p.amount_fen END)
      FROM postings p WHERE p."case" = touched."case" AND p.fund = touched.fund
      AND (p.from_account, p.to_account) IN (
        ('appropriated', 'recognised'), ('recognised', 'appropriated'))) AS net
    FROM (
      SELECT "case", fund, COUNT(*) FILTER (WHERE to_account = 'recognised') AS times,
        SUM(amount_fen) FILTER (WHERE to_account = 'recognised') AS given
      FROM added WHERE "case" IS NOT NULL AND (from_account, to_account) IN (
        ('appropriated', 'recognised'), ('recognised', 'appropriated'))
      GROUP BY "case", fund) AS touched
  LOOP
    IF found.times > 1 OR found.times = 1 AND found.net <> found.given THEN
      RAISE EXCEPTION '{TWICE}' USING ERRCODE = 'check_violation';
    ELSIF found.net < 0 THEN
      RAISE EXCEPTION '{TOO_MUCH}' USING ERRCODE = 'check_violation';
    END IF;
  END LOOP;
  RETURN NULL;
END $$""",
    # By name the second of the two: the cases are locked by then.
    """
CREATE TRIGGER postings_recognised AFTER INSERT ON postings REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION keep_recognitions()""",
)


def keep_sums() -> None:
    """换上按语句看守的触发器；SQLite 没有这样的触发器，另有办法。"""
    if op.get_bind().dialect.name == "postgresql":
        for statement in _STATEMENTS:
            op.execute(statement)
