"""A catalogue of 1,001 services built from departments, documents and actions, and queries with slips about it."""

from __future__ import annotations

import random
from dataclasses import dataclass

from dialogs.catalogue import Catalogue, Service

SERVICES, QUERIES, SEED = 1001, 300, 14545
DEPARTMENTS = (
    ("राजस्व विभाग", "revenue department"), ("श्रम विभाग", "labour department"), ("कृषि विभाग", "agriculture department"),
    ("परिवहन विभाग", "transport department"), ("स्वास्थ्य विभाग", "health department"),
    ("शिक्षा विभाग", "education department"),
    ("वन विभाग", "forest department"), ("खाद्य विभाग", "food department"), ("नगर निगम", "municipal corporation"),
    ("पंचायत विभाग", "panchayat department"), ("समाज कल्याण विभाग", "social welfare department"),
    ("जल संसाधन विभाग", "water resources department"), ("ऊर्जा विभाग", "energy department"),
    ("आवास विभाग", "housing department"), ("उद्योग विभाग", "industries department"),
    ("पर्यटन विभाग", "tourism department"),
    ("मत्स्य विभाग", "fisheries department"), ("पशुपालन विभाग", "animal husbandry department"),
    ("सहकारिता विभाग", "cooperation department"), ("खनिज विभाग", "mining department"), ("गृह विभाग", "home department"),
)  # fmt: skip
DOCUMENTS = (
    ("आय प्रमाण पत्र", "income certificate"), ("निवास प्रमाण पत्र", "residence certificate"),
    ("अनापत्ति प्रमाण पत्र", "no objection certificate"),
    ("पहचान पत्र", "identity card"), ("व्यापार लाइसेंस", "trade licence"), ("भवन अनुमति", "building permission"),
    ("वाहन परमिट", "vehicle permit"), ("अनुदान आवेदन", "subsidy application"), ("छात्रवृत्ति", "scholarship"),
    ("पेंशन", "pension"), ("चरित्र प्रमाण पत्र", "character certificate"), ("अनुभव प्रमाण पत्र", "experience certificate"),
)  # fmt: skip
ACTIONS = (("नया", "new"), ("नवीनीकरण", "renewal"), ("सुधार", "correction"), ("रद्दीकरण", "cancellation"))
_SLIPS_HI = (
    ("ि", "ी"),
    ("ु", "ू"),
    ("श", "स"),
    ("ष", "श"),
    ("ण", "न"),
    ("व", "ब"),
    ("प्र", "पर"),
    ("्य", "य"),
    ("ं", ""),
    ("ट", "त"),
)
_SLIPS_EN = (
    ("ee", "i"),
    ("c", "k"),
    ("tion", "shun"),
    ("s", "z"),
    ("w", "v"),
    ("ph", "f"),
    ("ll", "l"),
    ("ss", "s"),
    ("e", ""),
    ("i", "e"),
)


@dataclass(frozen=True)
class Query:
    """What is asked, and which services fit it: one, or several where the words leave it open."""

    text: str
    language: str
    fits: frozenset[str]


def catalogue() -> tuple[Catalogue, dict[str, tuple[int, int, int]]]:
    """The catalogue, and which department, document and action each service is."""
    of = {}
    services = []
    for number in range(SERVICES):
        action, rest = number % len(ACTIONS), number // len(ACTIONS)
        document, department = rest % len(DOCUMENTS), rest // len(DOCUMENTS)
        (dh, de), (ph, pe), (ah, ae) = DEPARTMENTS[department], DOCUMENTS[document], ACTIONS[action]
        services.append(Service(id=f"s{number:04}", hi=f"{dh} {ph} {ah}", en=f"{de} {pe} {ae}"))
        of[f"s{number:04}"] = (department, document, action)
    return Catalogue(tuple(services), ()), of


def _slipped(words: list[str], slips: tuple[tuple[str, str], ...], rng: random.Random) -> list[str]:
    """One or two spelling slips in the longer words."""
    out = list(words)
    for _ in range(rng.choice((1, 1, 2))):
        at = rng.randrange(len(out))
        fitting = [s for s in slips if s[0] in out[at][1:]]
        if len(out[at]) >= 5 and fitting:
            old, new = rng.choice(fitting)
            out[at] = out[at][0] + out[at][1:].replace(old, new, 1)
        elif len(out[at]) >= 6:
            drop = rng.randrange(2, len(out[at]) - 1)
            out[at] = out[at][:drop] + out[at][drop + 1 :]
    return out


def queries(of: dict[str, tuple[int, int, int]]) -> list[Query]:
    """300 queries: whole names, or with department or action left out, in any order, each with slips."""
    rng = random.Random(SEED)
    out = []
    for _ in range(QUERIES):
        target = rng.choice(list(of))
        side = rng.randrange(2)
        given = rng.choice(((0, 1, 2), (0, 1, 2), (0, 1), (1, 2)))
        tables = (DEPARTMENTS, DOCUMENTS, ACTIONS)
        order = list(given)
        rng.shuffle(order)
        words = [w for i in order for w in tables[i][of[target][i]][side].split()]
        fits = frozenset(s for s, parts in of.items() if all(parts[i] == of[target][i] for i in given))
        slipped = _slipped(words, _SLIPS_EN if side else _SLIPS_HI, rng)
        wrapper = (
            ("i want {}", "{} please")[rng.randrange(2)] if side else ("{} चाहिए", "मुझे {} बनवाना है")[rng.randrange(2)]
        )
        out.append(Query(wrapper.format(" ".join(slipped)), "en" if side else "hi", fits))
    return out
