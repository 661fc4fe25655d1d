"""From the texts of STS-Web and SIECLE to values: each function raises `InvalidValue`, and nothing else (sts 3, 4)."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from entformats.errors import InvalidValue
from entformats.identity import read_date

__all__ = ["boolean", "clock", "ends", "hours", "minutes_of", "moment", "monday", "weekday", "year_date"]

SUNDAY = 7
HOUR = 60
DAY = 24 * HOUR
YEARS = range(1900, 2100)
_HHMM = re.compile(r"([0-9]{1,2}):?([0-9]{2})")
_MOMENT = re.compile(r"(\d{2}/\d{2}/\d{4}) (\d{2}):(\d{2}):(\d{2})", re.ASCII)
_DECIMAL = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]{1,4}))?")
_TRUE = {"true", "1", "o", "oui"}
_FALSE = {"false", "0", "n", "non"}


def minutes_of(text: str) -> int:
    """Read `HHMM` as minutes: a time of the day, or a duration (sts 3).

    >>> minutes_of("0130"), minutes_of("0800")
    (90, 480)
    """
    found = _HHMM.fullmatch(text.strip())
    if not found or int(found[2]) >= HOUR or int(found[1]) * HOUR + int(found[2]) > DAY:
        raise InvalidValue("expected HHMM")
    return int(found[1]) * HOUR + int(found[2])


def clock(minutes: int) -> time | None:
    """Give the time of the day, None from midnight on.

    >>> clock(480)
    datetime.time(8, 0)
    """
    return time(*divmod(minutes, HOUR)) if 0 <= minutes < DAY else None


def ends(start: int | None, duration: int | None) -> time | None:
    """Give the end of a lesson: start and duration, with base-60 carry (sts 3).

    >>> ends(minutes_of("1425"), minutes_of("0137"))
    datetime.time(16, 2)
    """
    return None if start is None or not duration else clock(start + duration)


def weekday(text: str) -> int:
    """Read `JOUR`: 1 Monday to 7 Sunday.

    >>> weekday("1")
    1
    """
    if not re.fullmatch("[1-7]", text.strip()):
        raise InvalidValue("expected a day from 1 to 7")
    return int(text)


def hours(text: str) -> int:
    """Read decimal hours, as minutes.

    >>> hours("4.00"), hours("0.5")
    (240, 30)
    """
    found = _DECIMAL.fullmatch(text.strip())
    if not found:
        raise InvalidValue("expected hours such as 4.50")
    part = found[2] or "0"
    return int(found[1]) * HOUR + round(HOUR * int(part) / int(f"1{'0' * len(part)}"))


def boolean(text: str) -> bool:
    """Read `true`, `false`, `0` or `1`, in any letter case (sts 4).

    >>> boolean("true"), boolean("0")
    (True, False)
    """
    folded = text.strip().casefold()
    if folded not in _TRUE | _FALSE:
        raise InvalidValue("expected true or false")
    return folded in _TRUE


def year_date(text: str) -> date:
    """Read a date of a school year: 1900 to 2099, so that 63 weeks later is still a date.

    >>> year_date("2022-09-01")
    datetime.date(2022, 9, 1)
    """
    day = read_date(text)
    if day.year not in YEARS:
        raise InvalidValue("expected a year from 1900 to 2099")
    return day


def moment(text: str) -> datetime:
    """Read `HORODATAGE`, `DD/MM/YYYY HH:MM:SS`: a wall time, since no zone is given (sts 5).

    >>> moment("07/11/2022 06:30:00")
    datetime.datetime(2022, 11, 7, 6, 30)
    """
    found = _MOMENT.fullmatch(text.strip())
    if not found:
        raise InvalidValue("expected DD/MM/YYYY HH:MM:SS")
    try:
        return datetime.combine(read_date(found[1]), time(int(found[2]), int(found[3]), int(found[4])))
    except ValueError:
        raise InvalidValue("expected DD/MM/YYYY HH:MM:SS") from None


def monday(day: date) -> date:
    """Give the Monday of a week: the next one for a Sunday, else that of the ISO week (sts 3).

    >>> monday(date(2022, 9, 4)), monday(date(2022, 9, 7))
    (datetime.date(2022, 9, 5), datetime.date(2022, 9, 5))
    """
    number = day.isoweekday()
    return day + timedelta(days=1 if number == SUNDAY else 1 - number)
