"""Amounts of money as people write them in several countries. Pure."""

import re

CURRENCIES = {
    "USD": ("usd", "dollar", "dollars", "dolar", "dolares", "bucks"),
    "$": ("$",),  # the city's file says which dollar or peso it is
    "EUR": ("€", "eur", "euro", "euros"),
    "GBP": ("£", "gbp", "pound", "pounds", "libras", "livres"),
    "MXN": ("mxn", "peso", "pesos"),
    "CENT": ("cents", "cent", "centavos", "centimos", "centimes"),
}
SIGNS = frozenset("$€£")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")


def read_amount(said: str, currency: str) -> str | None:
    """ "1,200.50 dollars" and "1.200,50 dólares" are "1200.50 USD"; None if it is no number."""
    found = _NUMBER.search(said)
    if not found:
        return None
    number = found[0]
    head, mark, tail = (
        number.rpartition(".") if number.rfind(".") > number.rfind(",") else number.rpartition(",")
    )
    if mark and len(tail) <= 2 and not _GROUPED.fullmatch(number):
        whole, cents = re.sub(r"[.,]", "", head), tail.ljust(2, "0")
    else:
        whole, cents = re.sub(r"[.,]", "", number), "00"
    if currency == "CENT":
        return f"0.{whole.zfill(2)}" if len(whole) < 3 else None
    return f"{int(whole)}.{cents} {currency}"
