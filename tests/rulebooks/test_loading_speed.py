"""读取与核对全部规则手册不超过半秒的处理器时间：加城市只费内存与读取的时间。"""

from time import process_time

from rulebooks import articles, loader, nodes
from rulebooks.loader import CITIES, cities, load_rulebook
from rulebooks.pages import read_page

ALLOWED_SECONDS = 0.5


def test_all_rulebooks_are_read_and_checked_within_half_a_second() -> None:
    load_rulebook.cache_clear()
    nodes.read.cache_clear()
    articles.read_yaml.cache_clear()
    began = process_time()
    for city in cities():
        towns = [
            read_page(path).plain()["applies_to"][0]
            for path in (loader.CITIES / city / "towns").glob("*.yaml")
        ]
        for version in load_rulebook(city).versions:
            for town in (None, *towns):
                assert load_rulebook(city, version.id, town).stages
    assert process_time() - began <= ALLOWED_SECONDS
    assert loader.CITIES == CITIES
