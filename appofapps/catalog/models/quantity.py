"""Kubernetes quantities as numbers."""

import re
from decimal import Decimal
from typing import Final

_QUANTITY = re.compile(r"^(\d+(?:\.\d+)?)(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$", re.ASCII)
_FACTORS: Final = {
    "m": Decimal("0.001"),
    "k": Decimal(10) ** 3,
    "M": Decimal(10) ** 6,
    "G": Decimal(10) ** 9,
    "T": Decimal(10) ** 12,
    "P": Decimal(10) ** 15,
    "Ki": Decimal(2) ** 10,
    "Mi": Decimal(2) ** 20,
    "Gi": Decimal(2) ** 30,
    "Ti": Decimal(2) ** 40,
    "Pi": Decimal(2) ** 50,
}


def parse_quantity(text: str) -> Decimal:
    """Return the number a quantity stands for: cores for ``250m``, bytes for ``512Mi``.

    Raises ValueError for anything Kubernetes would not read. The suffixes are those of
    https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ (exponents left out).
    """
    match = _QUANTITY.match(text)
    if match is None:
        msg = f"{text!r} is not a quantity; write it like 250m, 2 or 512Mi"
        raise ValueError(msg)
    return Decimal(match[1]) * _FACTORS.get(match[2] or "", Decimal(1))
