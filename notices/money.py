"""金额写法: how an amount in 分 is written in 元, in 万元 and in capitals on a document.

Capitals follow 《支付结算办法》附件一《正确填写票据和结算凭证的基本规定》. Where that text leaves a
choice (万位或元位是“0”而其后不是“0”，可写可不写“零”), one form is taken throughout: a zero at 元
is written, a zero at 万 is not.
"""

from typing import Final, Literal

Rounding = Literal["half_up", "truncate"]

FEN_PER_YUAN: Final = 100
YUAN_PER_TEN_THOUSAND: Final = 10_000
MOST_PLACES: Final = 4
DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
PLACES: Final = ("", "拾", "佰", "仟")
GROUPS: Final = ((10**8, "亿"), (10**4, "万"))
WEIGHTS: Final = {name: weight for weight, name in GROUPS}
SMALL: Final = {"角": 10, "分": 1}


def yuan(fen: int) -> str:
    """元：an amount in 分 as 元 with separators and two decimals (49,800.00)."""
    whole, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02d}"


def ten_thousand(fen: int, places: int = MOST_PLACES) -> str:
    """万元：an amount in 分 as 万元, at most four decimals, trailing zeros removed.

    Four decimals reach exactly to the 元; what is smaller is rounded half up. Sums are added in 分
    first and rounded here once.
    """
    if not 0 <= places <= MOST_PLACES:
        raise ValueError(f"万元的小数位数须在0至{MOST_PLACES}之间，收到{places}。")
    scale = int(10**places)
    unit = FEN_PER_YUAN * YUAN_PER_TEN_THOUSAND // scale
    whole, rest = divmod((abs(fen) + unit // 2) // unit, scale)
    decimals = f"{rest:0{places}d}".rstrip("0") if rest else ""
    sign = "-" if fen < 0 and (whole or rest) else ""
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


def percentage(part: int, whole: int, rounding: Rounding = "half_up") -> str:
    """比率：part of whole as a percentage with two decimals (3.61%).

    Real final accounts truncate as often as they round, so the way is an argument.

    Raises:
        ValueError: when the whole is not positive: a rate of nothing has no meaning.
    """
    if whole <= 0:
        raise ValueError(f"计算比率的基数须大于零，收到{whole}。")
    scaled = abs(part) * 10_000
    hundredths = (2 * scaled + whole) // (2 * whole) if rounding == "half_up" else scaled // whole
    return f"{'-' if part < 0 and hundredths else ''}{hundredths // 100}.{hundredths % 100:02d}%"


def capitals(fen: int) -> str:
    """人民币大写：an amount in 分 in capitals, without the leading 人民币.

    Raises:
        ValueError: for a negative amount, which has no form in capitals.
    """
    if fen < 0:
        raise ValueError(f"大写金额不能为负数，收到{yuan(fen)}元。")
    whole, rest = divmod(fen, FEN_PER_YUAN)
    if not rest:
        return f"{_whole(whole)}元整"
    tenths, hundredths = divmod(rest, 10)
    zero_between = whole and (whole % 10 == 0 or not tenths)
    return "".join(
        (
            f"{_whole(whole)}元" if whole else "",
            DIGITS[0] if zero_between else "",
            f"{DIGITS[tenths]}角" if tenths else "",
            f"{DIGITS[hundredths]}分" if hundredths else "",
        )
    )


def read_capitals(written: str) -> int:
    """大写还原：the amount in 分 that capitals stand for, whichever lawful form was chosen.

    Raises:
        ValueError: a character that has no place in an amount.
    """
    whole, section, digit, total = 0, 0, 0, 0
    for character in written.removeprefix("人民币").rstrip("整正"):
        if character in DIGITS:
            digit = DIGITS.index(character)
        elif character in PLACES[1:]:
            section, digit = section + digit * 10 ** PLACES.index(character), 0
        elif character in WEIGHTS:
            whole, section, digit = _raised(whole, section + digit, WEIGHTS[character]), 0, 0
        elif character == "元":
            total, whole, section, digit = (whole + section + digit) * FEN_PER_YUAN, 0, 0, 0
        elif character in SMALL:
            total, digit = total + digit * SMALL[character], 0
        else:
            raise ValueError(f"大写金额“{written}”中的“{character}”不是大写数字，请核对。")
    return total


def _raised(whole: int, section: int, weight: int) -> int:
    """亿 raises everything before it, 万 only what stands since the last 亿."""
    if weight == WEIGHTS["亿"]:
        return (whole + section) * weight
    return whole + section * weight


def _whole(number: int) -> str:
    """整数部分：capitals of a whole number; a run of zeros inside is written once."""
    if not number:
        return DIGITS[0]
    for base, name in GROUPS:
        if number >= base:
            high, low = divmod(number, base)
            joiner = DIGITS[0] if 0 < low < base // 10 else ""
            return f"{_whole(high)}{name}{joiner}{_whole(low) if low else ''}"
    return _below_ten_thousand(number)


def _below_ten_thousand(number: int) -> str:
    written = ""
    for place, digit in enumerate(reversed(str(number))):
        if digit != "0":
            written = DIGITS[int(digit)] + PLACES[place] + written
        elif written and not written.startswith(DIGITS[0]):
            written = DIGITS[0] + written
    return written
