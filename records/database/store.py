"""台账的库：打开数据库，给出读与写的事务，附时钟、工作日历与附件文件夹。

SQLite 用 WAL、synchronous=FULL、外键检查，写入先排轮次再 BEGIN IMMEDIATE；
PostgreSQL 用自己的模式 minsheng，写入时逐案加锁。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.exc import OperationalError

from records.database.clock import Clock, SystemClock, VirtualClock, read_row
from records.database.folded import StateCache
from records.database.settings import RecordsSettings, digest_key
from records.database.turns import BusyRecordsError, Turns
from rulebooks.days.working_days import Calendar, load_calendar

SCHEMA = "minsheng"
BEGIN = "minsheng_begin"
IMMEDIATE = "BEGIN IMMEDIATE"
MILLISECONDS = 1000
LOST_LOCK = frozenset({"55P03", "40P01"})


@dataclass(frozen=True, slots=True)
class Store:
    """打开的台账：一个进程一份，各线程共用。

    Attributes:
        engine: 数据库；事务由 `write`、`read`、`glance` 给出。
        clock: 办事的时间（演示时为虚拟时钟）。
        machine: 机器的时间，永远是真实时间；租约与重试按它计。
        calendar: 工作日历。
        files: 附件与公文的文件夹。
        digest_key: 个人信息摘要的密钥。
        turns: SQLite 的写入轮次；PostgreSQL 为 None。
        states: 本进程折叠过的事项状态，按最后一条的摘要取用。
        versions: 设置为各市选定的规则手册版本，立卷时用。
    """

    engine: Engine
    clock: Clock
    machine: Clock
    calendar: Calendar
    files: Path
    digest_key: bytes
    turns: Turns | None
    states: StateCache
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def on_postgres(self) -> bool:
        """是否 PostgreSQL。"""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """写事务：正常离开即提交，出错即全部撤回。

        Raises:
            BusyRecordsError: 等待写入超过规定的时间。
        """
        if self.turns is None:
            with _patient(), self.engine.begin() as connection:
                yield connection
            return
        # Whoever waits for a turn holds no connection, so that reading goes on meanwhile.
        with (
            self.turns.turn(),
            _patient(),
            self.engine.connect() as connection,
            connection.execution_options(**{BEGIN: IMMEDIATE}).begin(),
        ):
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """读事务：多条查询看到同一时刻的台账，离开即撤回。"""
        options: dict[str, Any] = {}
        if self.on_postgres:
            options = {"isolation_level": "REPEATABLE READ"}
        with self.engine.connect() as connection:
            yield connection.execution_options(**options)

    @contextmanager
    def glance(self) -> Iterator[Connection]:
        """逐条读取，不开事务：一次看一眼，下一眼可能已变。"""
        options: dict[str, Any] = {BEGIN: None}
        if self.on_postgres:
            options = {"isolation_level": "AUTOCOMMIT"}
        with self.engine.connect() as connection:
            yield connection.execution_options(**options)

    def close(self) -> None:
        """关闭全部数据库连接。"""
        self.engine.dispose()
        if isinstance(self.clock, VirtualClock):
            self.clock.engine.dispose()


@contextmanager
def _patient() -> Iterator[None]:
    """等锁超时换成一句中文；其余数据库错误照原样。"""
    try:
        yield
    except OperationalError as error:
        state = getattr(error.orig, "sqlstate", None)
        if state in LOST_LOCK or "database is locked" in str(error.orig):
            raise BusyRecordsError from error
        raise


def open_store(settings: RecordsSettings | None = None, clock: Clock | None = None) -> Store:
    """打开台账；不给时钟时，库里有虚拟时钟的一行就用虚拟时钟，否则用系统时钟。"""
    settings = settings or RecordsSettings()
    settings.folder.mkdir(parents=True, exist_ok=True)
    settings.files.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings)
    database = engine.url.database or ""
    turns = None
    if engine.dialect.name == "sqlite":
        turns = Turns(Path(f"{database}.lock"), settings.lock_seconds)
    return Store(
        engine=engine,
        clock=clock or _stored_clock(settings, engine),
        machine=SystemClock(),
        calendar=load_calendar(),
        files=settings.files,
        digest_key=digest_key(settings),
        turns=turns,
        states=StateCache(),
        versions=settings.versions,
    )


def _stored_clock(settings: RecordsSettings, engine: Engine) -> Clock:
    if not inspect(engine).has_table("clock"):
        return SystemClock()
    with engine.connect() as connection:
        if read_row(connection) is None:
            return SystemClock()
    # Its own connection: reading the clock inside a transaction never waits for the pool.
    return VirtualClock(make_engine(settings, size=1), SystemClock())


def make_engine(settings: RecordsSettings, size: int | None = None) -> Engine:
    """按设置建立数据库引擎；两种数据库的会话参数都在这里。"""
    url = settings.url
    pool = {"pool_size": size or settings.pool_size, "max_overflow": 0}
    milliseconds = int(settings.lock_seconds * MILLISECONDS)
    if url.get_backend_name() == "postgresql":
        options = f"-c search_path={SCHEMA} -c lock_timeout={milliseconds} -c timezone=UTC"
        return create_engine(url, connect_args={"options": options}, **pool)
    engine = create_engine(url, connect_args={"timeout": settings.lock_seconds}, **pool)
    event.listen(engine, "connect", _sqlite_session)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def _sqlite_session(connection: Any, _: Any) -> None:
    # The driver's own implicit BEGIN would come too late to take the write lock first.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    statement = connection.get_execution_options().get(BEGIN, "BEGIN")
    if statement:
        connection.exec_driver_sql(statement)
