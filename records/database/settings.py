"""台账的设置：记录存在哪里、附件放在哪里、摘要密钥。

全部可用环境变量给出（MINSHENG_RECORDS_URL、MINSHENG_FILES、MINSHENG_DIGEST_KEY、
MINSHENG_VERSIONS 等），都不给时在运行目录的 .minsheng 下自成一套。
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import URL, make_url

KEY_BYTES = 32
KEY_FILE = "digest.key"


class RecordsSettings(BaseSettings):
    """台账设置：一处给出，启动后不改。

    Attributes:
        records_url: 数据库地址，SQLite 文件或 PostgreSQL（psycopg）。
        files: 附件与公文的存放文件夹。
        digest_key: 个人信息摘要的密钥；不给时在台账旁生成一个只有本人可读的文件。
        lock_seconds: 一次办理最多等待多少秒轮到写入，超过即告知稍后再试。
        pool_size: 一个进程最多同时打开的数据库连接数。
        versions: 各市选定的规则手册版本，如 {"城市": "版本"}；没有选定的市，
            依据草案或报道的后续版本不适用。
    """

    model_config = SettingsConfigDict(env_prefix="MINSHENG_", extra="ignore", frozen=True)

    records_url: str = "sqlite:///.minsheng/records.sqlite"
    files: Path = Path(".minsheng/files")
    digest_key: SecretStr | None = None
    lock_seconds: float = Field(default=15.0, gt=0)
    pool_size: int = Field(default=10, ge=1)
    versions: dict[str, str] = Field(default_factory=dict)

    @property
    def url(self) -> URL:
        """解析后的数据库地址；PostgreSQL 一律用 psycopg 3 驱动。"""
        url = make_url(self.records_url)
        if url.get_backend_name() == "postgresql":
            return url.set(drivername="postgresql+psycopg")
        return url

    @property
    def folder(self) -> Path:
        """台账所在的文件夹：SQLite 为数据库旁，PostgreSQL 为附件文件夹旁。"""
        database = self.url.database
        if self.url.get_backend_name() == "sqlite" and database:
            return Path(database).parent
        return self.files.parent


def digest_key(settings: RecordsSettings) -> bytes:
    """个人信息摘要的密钥；首次使用且未给出时生成，文件权限 0600。

    Raises:
        ValueError: 密钥文件为空，无法核对既有摘要。
    """
    if settings.digest_key is not None:
        return settings.digest_key.get_secret_value().encode()
    path = settings.folder / KEY_FILE
    if not path.exists():
        _generate(path)
    key = path.read_bytes()
    if not key:
        raise ValueError(f"摘要密钥文件 {path.name} 是空的，请从备份恢复后再启动。")
    return key


def _generate(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_hex(KEY_BYTES).encode())
        file.flush()
        os.fsync(file.fileno())
    try:
        # A hard link fails when another process was faster: the first key stays.
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
