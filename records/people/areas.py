"""辖区：某机关及其下属各地的统计行；已经不在名单里的地方，仍归它所属的镇街和全市。"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import Connection

from records.people import organisations
from records.people.organisations import Organisation

TOWN, COMMUNITY = "town", "community"


@dataclass(frozen=True, slots=True)
class Area:
    """辖区：是否全市，有哪些镇街，有哪些社区（所属镇街与社区的名称）。"""

    everything: bool
    towns: tuple[str, ...]
    places: frozenset[tuple[str, str]]

    def covers(self, row: Mapping[str, Any]) -> bool:
        """某一行（有 town、community 两项）是否在辖区之内。"""
        if self.everything or row[TOWN] in self.towns:
            return True
        return (row[TOWN], row[COMMUNITY]) in self.places

    def among(self, found: pl.DataFrame) -> pl.DataFrame:
        """其中在辖区之内的各行。"""
        within = [self.covers(row) for row in found.iter_rows(named=True)]
        return found.filter(pl.Series(within, dtype=pl.Boolean))


def area_of(connection: Connection, office: Organisation, levels: Sequence[str]) -> Area:
    """某机关的辖区。

    Args:
        connection: 台账的连接。
        office: 哪个机关。
        levels: 该市由近到远的各级；最高一级的辖区是全市，不看名单。
    """
    registered = organisations.at_level(connection, office.city or "", TOWN)
    towns = tuple(town.name for town in registered if _is_below(connection, town, office))
    places = organisations.communities_below(connection, office.id)
    return Area(office.level == levels[-1], towns, places)


def _is_below(connection: Connection, town: Organisation, office: Organisation) -> bool:
    return any(link.id == office.id for link in organisations.chain_of(connection, town.id))
