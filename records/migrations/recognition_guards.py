"""看守认定：一个项目在一笔资金里同时只有一次有效的认定，扣回的不多于认定的；全部扣回之后才可再认定。

两种数据库各写一遍，意思相同。
"""

# ruff: noqa: S608 - the statements are put together from words of our own

from __future__ import annotations

from alembic import op

TWICE = "资金账：该项目已经认定过，全部扣回之后才能再认定"
TOO_MUCH = "资金账：扣回的超过该项目现存的认定"
CLAIMED = "认定申请：该项目已列入另一件待认定或已认定的申请"

# What of a project stands recognised in a fund, the reversals taken off.
NET = """
  SELECT COALESCE(SUM(CASE WHEN to_account = 'recognised' THEN amount_fen ELSE -amount_fen END), 0)
  FROM postings WHERE "case" = NEW."case" AND fund = NEW.fund
  AND ((from_account = 'appropriated' AND to_account = 'recognised')
    OR (from_account = 'recognised' AND to_account = 'appropriated'))"""
# Taken back whole: what later claims took back of a line, and what it was given, make nothing.
UNDONE = """({line}.recognised_fen + COALESCE((
    SELECT SUM(r.recognised_fen) FROM claim_lines r WHERE r.project = {line}.project
    AND r.fund = {line}.fund AND r.reverses = {line}.claim AND r.status = 'recognized'), 0) = 0)"""
# Another line of the project waits, or was recognised and not wholly taken back, while this one
# is not itself wholly taken back.
STANDING = f"""EXISTS (
  SELECT 1 FROM claim_lines o WHERE o.project = NEW.project AND o.fund = NEW.fund
  AND o.reverses IS NULL AND (o.claim, o.sequence) <> (NEW.claim, NEW.sequence)
  AND (o.status = 'pending' OR (o.status = 'recognized' AND NOT {UNDONE.format(line="o")}))
) AND (NEW.status = 'pending' OR NOT {UNDONE.format(line="NEW")})"""
STANDS = "NEW.reverses IS NULL AND NEW.status IN ('pending', 'recognized')"
# What waited already was looked at when it was added.
NEWLY = """NOT (OLD.reverses IS NULL AND OLD.status = 'pending'
  AND OLD.project = NEW.project AND OLD.fund = NEW.fund)"""

_SQLITE = (
    f"""
CREATE TRIGGER postings_recognised BEFORE INSERT ON postings
WHEN NEW."case" IS NOT NULL AND (NEW.from_account, NEW.to_account) IN (
  VALUES ('appropriated', 'recognised'), ('recognised', 'appropriated')) BEGIN
  SELECT RAISE(ABORT, '{TWICE}') WHERE NEW.to_account = 'recognised' AND ({NET}) > 0;
  SELECT RAISE(ABORT, '{TOO_MUCH}')
    WHERE NEW.to_account = 'appropriated' AND ({NET}) < NEW.amount_fen;
END""",
    *(
        f"""
CREATE TRIGGER claim_lines_{verb.lower()} BEFORE {verb} ON claim_lines
WHEN {when} BEGIN
  SELECT RAISE(ABORT, '{CLAIMED}') WHERE {STANDING};
END"""
        for verb, when in (("INSERT", STANDS), ("UPDATE", f"{STANDS} AND {NEWLY}"))
    ),
)

# The project is locked first: of two at once the later sees what the earlier did. Many lines added
# at once are looked at together; what is changed afterwards, line by line.
_KEEP = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = minsheng, pg_temp AS $$ BEGIN
  PERFORM 1 FROM cases WHERE number {which} ORDER BY number FOR NO KEY UPDATE;
  IF {broken} THEN
    RAISE EXCEPTION '{said}' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$"""
_ADDED = STANDS.replace("NEW.", "n.")

_POSTGRES = (
    _KEEP.format(name="keep_claim", which="= NEW.project", broken=STANDING, said=CLAIMED),
    _KEEP.format(
        name="keep_claims",
        which=f"IN (SELECT n.project FROM added n WHERE {_ADDED})",
        broken=f"EXISTS (SELECT 1 FROM added n WHERE {_ADDED} AND "
        f"{STANDING.replace('NEW.', 'n.')})",
        said=CLAIMED,
    ),
    """
CREATE TRIGGER claim_lines_insert AFTER INSERT ON claim_lines REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION keep_claims()""",
    f"""
CREATE TRIGGER claim_lines_update AFTER UPDATE ON claim_lines FOR EACH ROW
WHEN ({STANDS} AND {NEWLY}) EXECUTE FUNCTION keep_claim()""",
)


def guard_recognitions() -> None:
    """去掉“永远只有一次”的唯一索引，换成按净额看守的触发器。"""
    op.drop_index("uq_postings_recognised", "postings")
    op.drop_index("uq_claim_lines_project", "claim_lines")
    op.create_index("ix_claim_lines_project", "claim_lines", ["project", "fund"])
    on_postgres = op.get_bind().dialect.name == "postgresql"
    for statement in _POSTGRES if on_postgres else _SQLITE:
        op.execute(statement)
