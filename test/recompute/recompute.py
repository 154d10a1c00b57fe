"""Every number of a results.json again, from its networks alone and from docs/statistics.md: written
apart from the program, in another language, with nothing but the standard library.

    python3 test/recompute/recompute.py results.json

Prints how many numbers agree and each that does not; ends with status 1 if any does not.
"""

import json
import math
import sys
from collections import defaultdict

# Treatments that have one n of their own (none or all layers): they stand against every n.
OWN_N = {"base", "base-long", "warm-restart", "warm-restart-2"}
# Treatments whose dead networks count: there, death is the finding.
DEATH_COUNTS = {"random"}
UNLIKE = {"natural-man-made", "classes", "two-sets"}
POPULATIONS = {
    (True, "split"): "these classes and test images, divided and trained anew",
    (True, "split-target"): "these classes and test images, divided and trained anew",
    (False, "split"): "pairs of tasks like these, on the same test images",
    (False, "split-target"): "these tasks and test images, whichever of them is the target",
    (False, "repeat"): "these tasks and test images, trained anew",
}


# Student's t from the regularised incomplete beta function (Lentz's continued fraction).
def beta_fraction(a, b, x):
    tiny = 1e-300
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > tiny else tiny)
    result = d
    for m in range(1, 500):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 + step * d
            d = 1.0 / (d if abs(d) > tiny else tiny)
            c = 1.0 + step / c
            c = c if abs(c) > tiny else tiny
            result *= c * d
        if abs(c * d - 1.0) < 1e-15:
            break
    return result


def incomplete_beta(a, b, x):
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    log = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    if x < (a + 1) / (a + b + 2):
        return math.exp(log) * beta_fraction(a, b, x) / a
    return 1.0 - math.exp(log) * beta_fraction(b, a, 1 - x) / b


def two_sided(t, degrees):
    return incomplete_beta(degrees / 2, 0.5, degrees / (degrees + t * t))


def quantile(upper, degrees):
    """t with P(T > t) = 1 - upper."""
    low, high = 0.0, 1e8
    for _ in range(300):
        middle = (low + high) / 2
        if two_sided(middle, degrees) / 2 > 1 - upper:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def mean(values):
    values = list(values)
    return math.fsum(values) / len(values) if values else None


def deviation(values):
    if len(values) < 2:
        return None
    centre = mean(values)
    return math.sqrt(math.fsum((v - centre) ** 2 for v in values) / (len(values) - 1))


def interval(units):
    """Ends of the 95 % t interval; none below three values."""
    if len(units) < 3:
        return None, None
    half = quantile(0.975, len(units) - 1) * deviation(units) / math.sqrt(len(units))
    return mean(units) - half, mean(units) + half


class Family:
    """The networks that one summary is about."""

    def __init__(self, networks, layers):
        self.networks, self.layers = networks, layers
        others = {n["target"] for n in networks if n["treatment"] != "base"}
        self.bases = [
            n for n in networks
            if n["treatment"] == "base" and (not others or n["target"] in others)
        ]
        subjects = [n for n in networks if n["treatment"] != "base"] + self.bases
        self.drawn = any(n["family"] == "random-halves" for n in subjects)
        self.repeats = len({pair(n) for n in subjects}) == 1 and not self.drawn
        self.reduced = any(n["family"] == "reduced" for n in networks)
        base_of, base_of_repeat = defaultdict(list), defaultdict(list)
        for n in networks:
            if n["treatment"] == "base" and counts(n):
                base_of[pair(n)].append(n["accuracy"])
                base_of_repeat[pair(n), n["repeat"]].append(n["accuracy"])
        self.over, self.over_in_cell = {}, {}
        for n in networks:
            if counts(n) and pair(n) in base_of:
                pooled = mean(base_of[pair(n)])
                own = mean(base_of_repeat[pair(n), n["repeat"]] or [pooled])
                self.over[n["name"]] = 100 * (n["accuracy"] - pooled)
                reference = own if self.repeats else pooled
                self.over_in_cell[n["name"]] = 100 * (n["accuracy"] - reference)

    def of(self, treatment, layers=None):
        return [
            n for n in self.networks
            if n["treatment"] == treatment and (layers is None or n["n"] in layers)
        ]

    def matched(self, networks):
        return [n for n in networks if n["name"] in self.over]

    def cells(self, networks, value):
        """(split, target[, repeat]) -> mean over networks of the mean over repeats."""
        grouped = defaultdict(lambda: defaultdict(list))
        for n in networks:
            cell = (n["split"], n["target"], n["repeat"] if self.repeats else None)
            grouped[cell][n["treatment"], n["n"], n["source"]].append(value(n))
        return {c: mean(mean(v) for v in same.values()) for c, same in grouped.items()}

    def over_cells(self, networks):
        return self.cells(self.matched(networks), lambda n: self.over_in_cell[n["name"]])

    def summary(self, networks):
        measured = [n for n in networks if counts(n)]
        mixed = self.reduced and len({n["imagesPerClass"] for n in measured}) > 1
        units = by_unit(self.cells(measured, lambda n: n["accuracy"]))
        low, high = (None, None) if mixed else interval(units)
        return {
            "mean": mean(n["accuracy"] for n in measured), "low": low, "high": high,
            "networks": len(measured), "dead": sum(n["state"] == "dead" for n in networks),
        }

    def point(self, treatment, n):
        here = self.matched(self.of(treatment, {n}))
        units = by_unit(self.over_cells(here))
        low, high = interval(units)
        return {
            "n": n, "meanPt": mean(self.over[each["name"]] for each in here), "lowPt": low,
            "highPt": high, "networks": len(here), "units": len(units),
        }

    def drops(self, n):
        own, other = (self.over_cells(self.of(t, {n})) for t in ("BnB", "AnB"))
        both = [cell for cell in own if cell in other]
        lost = {cell: -own[cell] for cell in both}
        specific = {cell: own[cell] - other[cell] for cell in both}
        balance = by_unit({cell: lost[cell] - specific[cell] for cell in both})
        result = {"n": n, "pairs": min(1, len(both)) if self.repeats else len(both)}
        for name, cells in (("coadaptation", lost), ("specificity", specific)):
            low, high = interval(by_unit(cells))
            result |= {f"{name}Pt": mean(cells.values()), f"{name}LowPt": low, f"{name}HighPt": high}
        low, high = interval(balance)
        return result | {
            "balancePt": mean(balance), "balanceLowPt": low, "balanceHighPt": high,
            "units": len(balance),
        }

    def comparison(self, treatment, against, layers):
        per_cell = defaultdict(list)
        for n in layers:
            theirs = self.of(against) if against in OWN_N else self.of(against, {n})
            ours, others = self.over_cells(self.of(treatment, {n})), self.over_cells(theirs)
            for cell in ours:
                if cell in others:
                    per_cell[cell].append(ours[cell] - others[cell])
        units = by_unit({cell: mean(values) for cell, values in per_cell.items()})
        low, high = interval(units)
        t = p = resolvable = None
        if len(units) >= 3:
            spread, root = deviation(units), math.sqrt(len(units))
            resolvable = (quantile(0.975, len(units) - 1) + quantile(0.8, len(units) - 1)) * spread / root
            if spread > 1e-12 * max(1, abs(mean(units))):
                t = mean(units) * root / spread
                p = two_sided(t, len(units) - 1)
        return {
            "meanPt": mean(units), "lowPt": low, "highPt": high, "clusters": len(units), "t": t,
            "p": p, "resolvablePt": resolvable,
        }

    def table1(self, layers):
        base = self.summary(self.bases)["mean"]
        tuned, selffer, restart = self.of("AnB+", layers), self.of("BnB+", layers), self.of("warm-restart")
        pooled = lambda networks: self.summary(networks)["mean"]
        points = lambda a, b: None if a is None or b is None else 100 * (a - b)
        over = lambda networks: mean(self.over[n["name"]] for n in self.matched(networks))
        low, high = interval(by_unit(self.over_cells(tuned)))
        row = {
            "overBasePt": points(pooled(tuned), base),
            "overSelfferPt": points(pooled(tuned), pooled(selffer)),
            "matchedOverBasePt": over(tuned), "matchedOverBaseLowPt": low,
            "matchedOverBaseHighPt": high, "networks": self.summary(tuned)["networks"],
            "selfferNetworks": self.summary(selffer)["networks"],
        }
        for name, other in (("Selffer", selffer), ("WarmRestart", restart)):
            ours, theirs = self.over_cells(tuned), self.over_cells(other)
            low, high = interval(by_unit({c: ours[c] - theirs[c] for c in ours if c in theirs}))
            known = self.matched(tuned) and self.matched(other)
            row[f"matchedOver{name}Pt"] = over(tuned) - over(other) if known else None
            row |= {f"matchedOver{name}LowPt": low, f"matchedOver{name}HighPt": high}
        return row

    def noise(self):
        done = [n for n in self.networks if counts(n) and n["state"] == "done"]
        same, kinds = defaultdict(list), defaultdict(list)
        for n in done:
            key = n["split"], n["target"], n["treatment"], n["n"], n["source"]
            same[key].append(100 * n["accuracy"])
        for n in self.matched(self.networks):
            if n["treatment"] != "base":
                kinds[n["treatment"], n["n"]].append(n)
        return {
            "samplingPt": mean(
                100 * math.sqrt(n["accuracy"] * (1 - n["accuracy"]) / n["testImages"])
                for n in done if n["testImages"] is not None
            ),
            "trainingPt": pooled_deviation(same.values()),
            "repeatedNetworks": sum(len(values) > 1 for values in same.values()),
            "betweenClustersPt": pooled_deviation(
                by_unit(self.over_cells(members)) for members in kinds.values()
            ),
        }

    def intervals(self):
        counted = [n for n in self.networks if n["treatment"] != "base"] + self.bases
        if self.reduced and counted:
            first = [n for n in self.networks if n in counted][0]["split"]
            return Family([n for n in counted if n["split"] == first], self.layers).unit()
        return self.unit()

    def unit(self):
        counted = [n for n in self.networks if n["treatment"] != "base"] + self.bases
        cells = self.cells([n for n in counted if counts(n)], lambda n: 0.0)
        unit = "repeat" if self.repeats else "split-target"
        unit = "split" if len({split for split, _, _ in cells}) >= 4 else unit
        return {
            "unit": unit, "units": len(by_unit(cells)), "population": POPULATIONS[self.drawn, unit],
        }


def counts(n):
    shows_death = n["treatment"] in DEATH_COUNTS or n["family"] == "reduced"
    state = n["state"] == "done" or (n["state"] == "dead" and shows_death)
    return state and n["accuracy"] is not None


def pair(n):
    return n["split"], n["target"]


def by_unit(cells):
    """From four splits on, the means of the splits; else the cells."""
    splits = defaultdict(list)
    for cell, value in cells.items():
        splits[cell[0]].append(value)
    return [mean(v) for v in splits.values()] if len(splits) >= 4 else list(cells.values())


def pooled_deviation(groups):
    groups = [list(g) for g in groups if len(g) > 1]
    degrees = sum(len(g) - 1 for g in groups)
    if degrees == 0:
        return None
    return math.sqrt(math.fsum((len(g) - 1) * deviation(g) ** 2 for g in groups) / degrees)


def layers_of(text, trained):
    """The n that "3", "1-7" or "3,5" stands for, of those that were trained."""
    if "-" in text:
        first, last = map(int, text.split("-"))
        return [n for n in trained if first <= n <= last]
    return [int(n) for n in text.split(",")]


def without_rate(n):
    return n["name"].split("@")[0]


def choice(same, rates):
    """Of a network at several rates: done before dead before the rest, then the best on the
    selection images, then the first of the list."""

    def rank(n):
        tested = "selectionAccuracy" in n
        standing = {"done": 2, "dead": 1}.get(n["state"], 0) if tested else 0
        return standing, n.get("selectionAccuracy", 0), -rates.index(n["lr"])

    return max(same, key=rank)


class Check:
    def __init__(self):
        self.numbers, self.wrong = 0, []

    def same(self, place, found, wanted):
        self.numbers += 1
        if isinstance(wanted, float) and isinstance(found, (int, float)):
            close = math.isclose(found, wanted, rel_tol=1e-6, abs_tol=1e-9)
        else:
            close = found == wanted
        if not close:
            self.wrong.append(f"{place}: the file has {found!r}, recomputed {wanted!r}")

    def keys(self, place, found, wanted):
        for key, value in wanted.items():
            self.same(f"{place}.{key}", found.get(key), value)

    def family(self, place, found, networks, layers):
        family = Family(networks, layers)
        self.keys(f"{place}base", found["base"], family.summary(family.bases))
        self.keys(f"{place}noise", found["noise"], family.noise())
        self.keys(f"{place}intervals", found["intervals"], family.intervals())
        planned = defaultdict(set)
        for n in networks:
            planned[n["treatment"]].add(n["n"])
        kinds = sorted(set(planned) - {"base"})
        for section in ("lines", "matched"):
            self.same(f"{place}{section} treatments", sorted(found[section]), kinds)
            for kind in kinds:
                points = found[section].get(kind, [])
                self.same(f"{place}{section}.{kind} n", [p["n"] for p in points], sorted(planned[kind]))
                for p in points:
                    wanted = (
                        {"n": p["n"]} | family.summary(family.of(kind, {p["n"]}))
                        if section == "lines" else family.point(kind, p["n"])
                    )
                    self.keys(f"{place}{section}.{kind}[{p['n']}]", p, wanted)
        both = sorted(planned["BnB"] & planned["AnB"])
        self.same(f"{place}decomposition n", [p["n"] for p in found["decomposition"]], both)
        for p in found["decomposition"]:
            self.keys(f"{place}decomposition[{p['n']}]", p, family.drops(p["n"]))
        some = sorted({n["n"] for n in networks if n["treatment"] not in OWN_N} or range(1, layers))
        for row in found["table1"]:
            wanted = family.table1(set(layers_of(row["layers"], some)))
            self.keys(f"{place}table1[{row['layers']}]", row, wanted)
        for row in found["comparisons"]:
            ours = sorted({n["n"] for n in family.matched(family.of(row["treatment"]))})
            wanted = family.comparison(row["treatment"], row["against"], layers_of(row["layers"], ours))
            name = f"{place}comparisons[{row['treatment']} - {row['against']}, {row['layers']}]"
            self.keys(name, row, wanted)
        targets = sorted(
            {n["target"] for n in networks if n["treatment"] != "base" and n["target"]}
            or {n["target"] for n in networks if n["target"]}
        )
        unlike = networks and networks[0]["family"] in UNLIKE
        self.same(f"{place}byTarget", sorted(found.get("byTarget", {})), targets if unlike else [])
        for target, part in found.get("byTarget", {}).items():
            own = [n for n in networks if n["target"] == target]
            without = {k: v for k, v in part.items()}
            self.part(f"{place}byTarget.{target}.", without, own, layers)

    def rates(self, results, layers):
        rates, every = results["study"]["rates"], results["networks"] + results["notChosen"]
        groups = defaultdict(list)
        for n in every:
            if "lr" in n:
                groups[without_rate(n)].append(n)
        chosen = {choice(same, rates)["name"] for same in groups.values()}
        for n in every:
            self.same(f"chosen of {n['name']}", n.get("chosen"), n["name"] in chosen if "lr" in n else None)
        counted = sorted(n["name"] for n in every if n["name"] in chosen or "lr" not in n)
        self.same("networks that count", sorted(n["name"] for n in results["networks"]), counted)
        found = results["rates"]
        self.same("rates.list", found["list"], rates)
        waiting = {without_rate(n) for n in every if n["state"] in ("waiting", "running")}
        self.same("rates.open", found["open"], len(waiting & set(groups)))
        own = [n for n in every if "lr" in n]
        self.same("rates.families", sorted(found["families"]), sorted({n["family"] for n in own}))
        for name, tables in found["families"].items():
            for table in tables:
                members = [
                    n for n in own
                    if n["family"] == name and table["target"] in (None, n["target"])
                    and n["imagesPerClass"] == table.get("imagesPerClass", n["imagesPerClass"])
                ]
                self.rate_table(f"rates.{name}[{table['target']}]", table, members, rates, layers)

    def rate_table(self, place, table, members, rates, layers):
        kinds = {(n["treatment"], n["n"]) for n in members}
        self.same(f"{place}.rows", {(r["treatment"], r["n"]) for r in table["rows"]}, kinds)
        for row in table["rows"]:
            for lr, point in zip(rates, row["points"]):
                here = [
                    n for n in members
                    if (n["treatment"], n["n"], n["lr"]) == (row["treatment"], row["n"], lr)
                ]
                self.keys(f"{place}.rows[{row['treatment']}, {row['n']}, {lr}]", point, {
                    "lr": lr, "accuracy": mean(n["accuracy"] for n in here if counts(n)),
                    "selectionAccuracy": mean(
                        n["selectionAccuracy"] for n in here if "selectionAccuracy" in n
                    ),
                    "networks": len(here), "dead": sum(n["state"] == "dead" for n in here),
                    "failed": sum(n["state"] == "failed" for n in here),
                    "chosen": sum(n["chosen"] and "selectionAccuracy" in n for n in here),
                })
        best = Family([n for n in members if n["chosen"]], layers)
        fixed = Family([n for n in members if n["lr"] == rates[0]], layers)
        for change in table["changes"]:
            kind = change["treatment"]
            trained = sorted({n["n"] for n in best.matched(best.of(kind))})
            ours, theirs = defaultdict(list), defaultdict(list)
            for n in layers_of(change["layers"], trained):
                at_best = best.over_cells(best.of(kind, {n}))
                at_first = fixed.over_cells(fixed.of(kind, {n}))
                for cell in at_best.keys() & at_first.keys():
                    ours[cell].append(at_best[cell])
                    theirs[cell].append(at_first[cell])
            units = by_unit({c: mean(ours[c]) - mean(theirs[c]) for c in ours})
            low, high = interval(units)
            self.keys(f"{place}.changes[{kind}, {change['layers']}]", change, {
                "chosenPt": mean(by_unit({c: mean(v) for c, v in ours.items()})),
                "firstPt": mean(by_unit({c: mean(v) for c, v in theirs.items()})),
                "changePt": mean(units), "changeLowPt": low, "changeHighPt": high,
                "units": len(units),
            })
        bases = Family([n for n in members if n["treatment"] == "base"], layers)
        first = {without_rate(n): n for n in bases.networks if n["lr"] == rates[0]}
        for row in table["bases"]:
            both = [
                n for n in bases.networks
                if n["lr"] == row["lr"] and "selectionAccuracy" in n
                and "selectionAccuracy" in first.get(without_rate(n), {})
            ]
            over = lambda n: 100 * (
                n["selectionAccuracy"] - first[without_rate(n)]["selectionAccuracy"]
            )
            units = by_unit(bases.cells(both, over))
            low, high = interval(units)
            self.keys(f"{place}.bases[{row['lr']}]", row, {
                "overFirstPt": mean(units), "overFirstLowPt": low, "overFirstHighPt": high,
                "units": len(units),
            })

    def part(self, place, found, networks, layers):
        # A part has no parts of its own.
        targets = {n["target"] for n in networks}
        marked = dict(found, byTarget={}) if len(targets) == 1 else found
        if networks and networks[0]["family"] in UNLIKE:
            networks = [dict(n, family="named-tasks") for n in networks]
        self.family(place, marked, networks, layers)


def main(path):
    with open(path, encoding="utf-8") as file:
        results = json.load(file)
    check, layers = Check(), results["study"]["weightLayers"]
    groups = defaultdict(list)
    for n in results["networks"]:
        groups[n["family"]].append(n)
    check.family("", results, groups[results["study"]["family"]], layers)
    others = sorted(set(groups) - {results["study"]["family"]})
    check.same("families", sorted(results["families"]), [f for f in others if groups[f]])
    for name, found in results["families"].items():
        check.family(f"families.{name}.", found, groups[name], layers)
    if "rates" in results["study"]:
        check.rates(results, layers)
    for line in check.wrong:
        print(line)
    print(f"{check.numbers - len(check.wrong)} of {check.numbers} agree: {path}")
    return 1 if check.wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python3 recompute.py results.json")
    sys.exit(main(sys.argv[1]))
