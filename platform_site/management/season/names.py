"""Invented names, numbers and addresses, the same for the same seed."""

import random
from dataclasses import dataclass

from stdnum.cn import uscc

FIRST = "朔珩霁谷沐蔚陌赭叙铭榆拓衡映砺简栎牧牍岚澹霖砚翊竑垣槿蘅泓峤澍熠璟屿茗苇棠芃弈箬"
SECOND = "帆陶川穗棠桥桑石白柯暮壤石潮原量渡联舟津野禾丰松竹泽洲岭屏恒岳朗合正远达明和安启"
TRADES = (
    ("五金制品", "33"),
    ("陶瓷", "30"),
    ("家具", "21"),
    ("机械", "35"),
    ("包装材料", "29"),
    ("电器", "38"),
    ("照明科技", "38"),
    ("不锈钢", "33"),
    ("注塑", "29"),
    ("食品", "14"),
    ("服饰", "18"),
    ("印刷", "23"),
    ("电子", "39"),
    ("汽车零部件", "36"),
    ("模具", "35"),
    ("玩具", "24"),
)
SOFTWARE = ("工业软件", "智能科技", "云技术", "物联科技", "数据", "能源科技")
FAMILY = (
    "何黎叶梁苏陈林黄郑谢冯邓许曾彭吕卢蒋蔡贾丁魏薛余潘杜戴夏钟汪田任姜范方"
    "石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段"
)
GIVEN = "谨言安澜思齐知远若川怀瑾景行沐阳予宁书航清和其琛牧之望舒子衿修远以宁明哲嘉树允文云舒希声长风"


@dataclass(frozen=True, slots=True)
class Company:
    """An invented company: full name, USCC, and the industry division its trade belongs to."""

    name: str
    code: str
    trade: str
    industry: str


class Names:
    """Draws names without repeating one."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(f"names:{seed}")
        self._used: set[str] = set()

    def factory(self, city_name: str, area_code: str) -> Company:
        trade, industry = self.random.choice(TRADES)
        name = self._fresh(lambda: f"{city_name}{self._mark()}{trade}有限公司")
        return Company(name, self.company_number(area_code), trade, industry)

    def software_house(self, place: str, area_code: str) -> Company:
        trade = self.random.choice(SOFTWARE)
        name = self._fresh(lambda: f"{self._mark()}{trade}（{place}）有限公司")
        return Company(name, self.company_number(area_code), trade, "65")

    def person(self) -> str:
        def draw() -> str:
            at = self.random.randrange(0, len(GIVEN) - 1, 2)
            return self.random.choice(FAMILY) + GIVEN[at : at + 2]

        return self._fresh(draw)

    def company_number(self, area_code: str) -> str:
        """A USCC that is well-formed: issuing office 9, kind 1, area, organisation code, check character."""
        while True:
            body = "".join(self.random.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(5))
            stem = f"91{area_code}MA9{body}"
            stem += self.random.choice("0123456789X")
            number = stem + uscc.calc_check_digit(stem)
            if number not in self._used and uscc.is_valid(number):
                self._used.add(number)
                return number

    def phone(self) -> str:
        """In the range that operators do not hand out (170 0000 xxxx)."""
        return f"1700000{self.random.randrange(10_000):04d}"

    def _mark(self) -> str:
        return self.random.choice(FIRST) + self.random.choice(SECOND)

    def _fresh(self, draw: "object") -> str:
        for _ in range(500):
            name = str(draw())  # type: ignore[operator]
            if name not in self._used:
                self._used.add(name)
                return name
        raise RuntimeError("the stock of invented names is used up: add syllables")
