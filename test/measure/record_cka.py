"""Linear CKA of two small representations, from the definition of HSIC_1 as a U-statistic (all ordered quadruples of
images; Song et al. 2012, JMLR 13:1393, section 2.3) in exact fractions: another way than the closed form of
src/stats/centred-kernel-alignment.ts. Needs Python 3 alone.

    python3 test/measure/record_cka.py > test/measure/cka.json
    npx prettier --write test/measure/cka.json
"""

import json
from fractions import Fraction
from itertools import permutations
from math import sqrt

# Integers, so that float64 holds every product; the second is the first, turned, plus something of its own.
FIRST = [[3, 1, 0], [0, 2, 5], [7, 1, 1], [2, 2, 2], [4, 0, 6], [1, 5, 3], [6, 3, 2], [0, 4, 1]]
SECOND = [[1, 4], [6, 2], [2, 7], [3, 3], [6, 5], [4, 1], [4, 7], [2, 0]]


def gram(rows):
    return [[sum(a * b for a, b in zip(x, y)) for y in rows] for x in rows]


def hsic(k, l):
    """Mean over ordered quadruples (i, j, q, r) of different images of k_ij (l_ij + l_qr - 2 l_iq)."""
    quadruples = list(permutations(range(len(k)), 4))
    total = sum(k[i][j] * (l[i][j] + l[q][r] - 2 * l[i][q]) for i, j, q, r in quadruples)
    return Fraction(total, len(quadruples))


def sums(parts):
    triples = []
    for part in parts:
        k, l = gram([FIRST[i] for i in part]), gram([SECOND[i] for i in part])
        triples.append((hsic(k, l), hsic(k, k), hsic(l, l)))
    return [sum(column, Fraction(0)) for column in zip(*triples)]


def cka(parts):
    both, first, second = sums(parts)
    return float(both) / sqrt(float(first) * float(second))


def main():
    both, first, second = sums([range(8)])
    print(
        json.dumps(
            {
                "first": FIRST,
                "second": SECOND,
                "hsic": {"both": float(both), "first": float(first), "second": float(second)},
                "cka": cka([range(8)]),
                "minibatches": cka([range(4), range(4, 8)]),
            },
            indent=1,
        )
    )


main()
