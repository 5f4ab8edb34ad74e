"""总检查的各条：编号、须成立的话、找出不合各行的查询、不合时怎么说。

查询只列出不合的行，首列 number 为项目编号；{s} 为模式，{city} 为城市，{towns} 为镇街。
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GateRule:
    """一条检查。"""

    name: str
    label: str
    query: str
    sentence: str


AMOUNTS = GateRule(
    "gate.amounts",
    "各项目拨付不超过审定（没有审定的不超过合同），审定不超过合同，合同不超过预算",
    """
    SELECT number, budget_fen, contract_fen, audited_fen, paid_fen FROM {s}cases
    WHERE city = '{city}' AND duty IS NULL AND (
        contract_fen > budget_fen OR audited_fen > contract_fen
        OR paid_fen > COALESCE(audited_fen, contract_fen))
    """,
    "项目{number}：预算{budget_fen}、合同{contract_fen}、审定{audited_fen}、拨付{paid_fen}"
    "前后不合，请核对各项金额。",
)
BALANCES = GateRule(
    "gate.balances",
    "每个账户的余额等于全部分录之和",
    """
    SELECT b.owner AS number, b.fund, b.account, b.balance_fen,
        COALESCE(t.total_fen, 0) AS total_fen
    FROM {s}balances AS b LEFT JOIN (
        SELECT owner, fund, account, SUM(amount_fen) AS total_fen FROM (
            SELECT to_owner AS owner, fund, to_account AS account, amount_fen FROM {s}postings
            UNION ALL
            SELECT from_owner, fund, from_account, -amount_fen FROM {s}postings
        ) AS moves GROUP BY owner, fund, account
    ) AS t ON t.owner = b.owner AND t.fund = b.fund AND t.account = b.account
    WHERE b.balance_fen <> COALESCE(t.total_fen, 0)
    """,
    "账户{number}（{fund}，{account}）：余额{balance_fen}，分录之和{total_fen}，请核对资金账。",
)
PAYMENTS = GateRule(
    "gate.payments",
    "各项目的拨付在卷宗、统计行、资金账里是同一个数",
    """
    SELECT c.number, COALESCE(c.paid_fen, 0) AS paid_fen, COALESCE(m.counted, 0) AS counted_fen,
        COALESCE(p.posted, 0) AS posted_fen
    FROM {s}cases AS c
    LEFT JOIN (
        SELECT "case", SUM(amount_fen) AS counted FROM {s}milestones
        WHERE milestone = 'paid' AND voided_at IS NULL GROUP BY "case"
    ) AS m ON m."case" = c.number
    LEFT JOIN (
        SELECT "case", SUM(CASE WHEN to_account = 'paid' THEN amount_fen ELSE -amount_fen END)
            AS posted FROM {s}postings
        WHERE to_account = 'paid' OR from_account = 'paid' GROUP BY "case"
    ) AS p ON p."case" = c.number
    WHERE c.city = '{city}' AND c.duty IS NULL AND (
        COALESCE(c.paid_fen, 0) <> COALESCE(m.counted, 0)
        OR COALESCE(c.paid_fen, 0) <> COALESCE(p.posted, 0))
    """,
    "项目{number}：卷宗记拨付{paid_fen}，统计行{counted_fen}，资金账{posted_fen}，请核对。",
)
PUBLICITY = GateRule(
    "gate.publicity",
    "先公示后实施：公示期满才签约、开工",
    """
    SELECT s."case" AS number, s.occurred_on AS started, a.occurred_on AS announced
    FROM {s}milestones AS s
    LEFT JOIN {s}milestones AS a
        ON a."case" = s."case" AND a.milestone = 'announced' AND a.voided_at IS NULL
    WHERE s.city = '{city}' AND s.milestone = 'started' AND s.voided_at IS NULL
        AND (a.origin > s.origin OR (a.origin IS NULL AND s.town IN ({towns})))
    """,
    "项目{number}：{started}开始实施，公示期满之日为{announced}，实施在公示之前，请查明。",
)
DATES = GateRule(
    "gate.dates",
    "征集、确定、实施、完成、办结的日期依次不早于前一步",
    """
    SELECT number, opened, determined, started, completed, closed FROM (
        SELECT "case" AS number,
            MAX(CASE WHEN milestone = 'opened' THEN occurred_on END) AS opened,
            MAX(CASE WHEN milestone = 'determined' THEN occurred_on END) AS determined,
            MAX(CASE WHEN milestone = 'started' THEN occurred_on END) AS started,
            MAX(CASE WHEN milestone = 'completed' THEN occurred_on END) AS completed,
            MAX(CASE WHEN milestone = 'closed' THEN occurred_on END) AS closed
        FROM {s}milestones WHERE city = '{city}' AND voided_at IS NULL GROUP BY "case"
    ) AS days
    WHERE opened IS NULL OR opened > COALESCE(determined, started, completed, closed)
        OR determined > COALESCE(started, completed, closed)
        OR started > COALESCE(completed, closed) OR completed > closed
    """,
    "项目{number}：征集{opened}、确定{determined}、实施{started}、完成{completed}、办结{closed}，"
    "先后颠倒，请核对各步的日期。",
)
ORPHANS = GateRule(
    "gate.orphans",
    "在办的项目都有待办或将到的时限，办结的没有待办，待办的件数与卷宗所记相同",
    """
    SELECT c.number, c.waits_for, c.duty_count, COUNT(d.ordinal) AS duties
    FROM {s}cases AS c LEFT JOIN {s}duties AS d ON d."case" = c.number
    WHERE c.city = '{city}'
    GROUP BY c.number, c.waits_for, c.duty_count, c.status, c.look_at, c.stage
    HAVING c.duty_count <> COUNT(d.ordinal)
        OR (c.status = 'closed' AND c.duty_count > 0)
        OR (c.status = 'open' AND c.duty_count = 0 AND c.look_at IS NULL
            AND SUBSTR(c.stage, 1, 7) <> 'blocked')
    """,
    "项目{number}（{waits_for}）：卷宗记待办{duty_count}件，实有{duties}件，请重建卷宗与待办。",
)
JOURNAL = GateRule(
    "gate.journal",
    "卷宗所记的最后一条就是台账的最后一条，统计行都有来处",
    """
    SELECT c.number, c.head, COALESCE(e.latest, 0) AS latest, COALESCE(m.latest, 0) AS counted
    FROM {s}cases AS c
    LEFT JOIN (SELECT "case", MAX(sequence) AS latest FROM {s}events GROUP BY "case") AS e
        ON e."case" = c.number
    LEFT JOIN (SELECT "case", MAX(sequence) AS latest FROM {s}milestones GROUP BY "case") AS m
        ON m."case" = c.number
    WHERE c.city = '{city}'
        AND (c.head <> COALESCE(e.latest, 0) OR COALESCE(m.latest, 0) > c.head
            OR (c.duty IS NULL AND m.latest IS NULL))
    """,
    "项目{number}：卷宗记到第{head}条，台账到第{latest}条，统计行到第{counted}条，请核验台账。",
)
CLAIMS = GateRule(
    "gate.claims",
    "一个项目在一项资金里只认定一次，全部扣回的除外",
    """
    SELECT number, fund, COUNT(*) + 1 AS times FROM (
        SELECT p."case" AS number, p.fund, p.to_account, SUM(
            CASE WHEN p.to_account = 'recognised' THEN p.amount_fen ELSE -p.amount_fen END
        ) OVER (
            PARTITION BY p."case", p.fund ORDER BY p.recorded_at, p.key
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS before
        FROM {s}postings AS p JOIN {s}cases AS c ON c.number = p."case"
        WHERE c.city = '{city}' AND (
            (p.from_account = 'appropriated' AND p.to_account = 'recognised')
            OR (p.from_account = 'recognised' AND p.to_account = 'appropriated'))
    ) AS recognitions
    WHERE to_account = 'recognised' AND before > 0 GROUP BY number, fund
    """,
    "项目{number}：在{fund}里认定了{times}次，全部扣回之前只能认定一次，请冲回多认定的。",
)

RULES = (AMOUNTS, BALANCES, PAYMENTS, PUBLICITY, DATES, ORPHANS, JOURNAL, CLAIMS)
