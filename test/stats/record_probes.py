"""Records what scikit-learn and numpy say of linear probes, yardsticks of test/stats/probes.test.ts. The scores are written from
their definitions, without the decompositions that src/stats uses.

    python test/stats/record_probes.py && npx prettier --write test/stats/probes.json
"""

import json
import sys
from pathlib import Path

import numpy as np
import sklearn
from scipy.optimize import minimize
from sklearn.covariance import ledoit_wolf
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

sys.path.append(str(Path(__file__).parent.parent / "parity"))
from hash_fill import hash32, uniform  # noqa: E402

CASES = {"more rows than features": (60, 8, 3), "more features than rows": (24, 40, 4)}
L2 = [1.0, 0.1, 0.01, 0.001]


def data(rows: int, width: int, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Noise, a pattern of the class on it, columns of different sizes around different means."""
    labels = (hash32(100, np.arange(rows)) % np.uint32(classes)).astype(int)
    x = uniform(1, np.arange(rows * width), 1.0).reshape(rows, width).astype(np.float64)
    x += np.stack([uniform(2 + label, np.arange(width), 0.5) for label in labels])
    columns = np.arange(width)
    return x * (1 + columns % 5) + columns % 3, labels


def logistic(x: np.ndarray, y: np.ndarray, l2: float) -> dict:
    scaled = StandardScaler().fit_transform(x)
    fit = LogisticRegression(C=1 / (len(y) * l2), tol=1e-10, max_iter=100000).fit(scaled, y)
    return {"l2": l2, "weights": fit.coef_.flatten().tolist(), "bias": fit.intercept_.tolist()}


def log_me(x: np.ndarray, y: np.ndarray, classes: int) -> float:
    """Mean over classes of the largest log evidence of y_c ~ N(0, I / beta + X X^T / alpha), divided by the rows."""
    gram, n = x @ x.T, len(y)

    def of_class(target: np.ndarray) -> float:
        def negative(at: np.ndarray) -> float:
            covariance = np.exp(-at[1]) * np.eye(n) + np.exp(-at[0]) * gram
            sign, logdet = np.linalg.slogdet(covariance)
            return 0.5 * (logdet + target @ np.linalg.solve(covariance, target) + n * np.log(2 * np.pi))

        starts = [(0, 0), (3, 1), (6, 2)]
        options = {"xatol": 1e-9, "fatol": 1e-12, "maxiter": 20000}
        return -min(minimize(negative, s, method="Nelder-Mead", options=options).fun for s in starts)

    return float(np.mean([of_class((y == c).astype(float)) for c in range(classes)]) / n)


def h_score(x: np.ndarray, y: np.ndarray, classes: int) -> dict:
    centred = x - x.mean(axis=0)
    covariance, shrinkage = ledoit_wolf(x)
    means = np.stack([centred[y == c].mean(axis=0) for c in range(classes)])[y]
    between = (1 - shrinkage) * means.T @ means / len(y)
    return {"shrinkage": float(shrinkage), "hScore": float(np.trace(np.linalg.solve(covariance, between)))}


def recorded(rows: int, width: int, classes: int) -> dict:
    x, y = data(rows, width, classes)
    return {
        "rows": rows, "width": width, "classes": classes,
        "logistic": [logistic(x, y, l2) for l2 in L2],
        "logMe": log_me(x, y, classes),
        **h_score(x, y, classes),
    }


record = {
    "schema": "selffer.probes/1", "scikit-learn": sklearn.__version__, "numpy": np.__version__,
    "cases": {name: recorded(*case) for name, case in CASES.items()},
}
(Path(__file__).parent / "probes.json").write_text(json.dumps(record))
