"""Counts the model programme from its CSV files alone, without the program: what the tests compare with is what this prints.

    python3 figures.py > expected.json

Times are days; a day is in a period if it is not after the period's last day. docs/reports.md has the rules.
"""
import csv, json, os

here = os.path.dirname(os.path.abspath(__file__))
read = lambda name: list(csv.DictReader(open(os.path.join(here, name + ".csv"))))
ends = ["2026-06-30", "2026-09-30", "2026-12-31"]
first = "2026-01-01"

trainings = {t["training"]: t for t in read("trainings")}
accounts = {p["person"]: p for p in read("people")}
taken = read("taken")

# One person is a set of accounts, named by whichever of them comes first; which account that is does not matter to any figure.
group = {a: {a} for a in accounts}
for pair in read("pairs"):
    if pair["decided"] == "one":
        joined = group[pair["person"]] | group[pair["other"]]
        for a in joined:
            group[a] = joined
person = {a: min(g) for a, g in group.items()}
staff = {person[s["person"]] for s in read("staff")}


def period(day):
    return next((n for n, end in enumerate(ends, 1) if day <= end), 0)


def next_day(day):
    import datetime
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days=1)).isoformat()


def attended():
    """Every participation: (account, what, day of the first half day, days, share of the halves, row)."""
    for row in taken:
        if row["what"] == "course":
            yield row["person"], "course", row["day"], 0, 1.0, row
            continue
        halves = row["there"]
        if "1" not in halves:
            continue
        days = [halves[i:i + 2] for i in range(0, len(halves), 2)]
        start = row["day"] if "1" in days[0] else next_day(row["day"])
        yield row["person"], row["what"], start, sum("1" in d for d in days), halves.count("1") / len(halves), row


told = {row["person"] for row in taken if row["notice"] == "yes"}  # whoever was told once was told


def said(n):
    """Reactions belong to the training, whoever counts: of the period in which it began."""
    within = [t for t in trainings.values() if first <= t["first"] <= ends[-1] and (n == 0 or period(t["first"]) == n)]
    tally = [sum(int(t["useful"].split()[i]) for t in within if t["useful"]) for i in range(5)]
    names = {t["training"] for t in within}
    used = [row["used"] for row in taken if row["what"] in names and row["used"]]
    return {"answered": sum(tally), "useful": tally[3] + tally[4], "asked": len(used), "yes": used.count("yes"), "no": used.count("no")}


def count(own_staff, half):
    list_ = [x for x in attended() if first <= x[2] <= ends[-1] and (own_staff or person[x[0]] not in staff) and (not half or x[4] >= 0.5)]
    seen = {}  # by which participation each person counts; of one day, a course was passed at ten and a training begins at eight
    for x in sorted(list_, key=lambda x: (x[2], x[1] == "course", x[1], x[0])):
        seen.setdefault(person[x[0]], x)
    out = {}
    for n in (0, 1, 2, 3):
        within = [x for x in list_ if n == 0 or period(x[2]) == n]
        certificates = [x for x in list_ if x[5]["certificate"] and x[5]["revoked"] == "no" and (n == 0 or period(x[5]["certificate"]) == n)]
        counted = [x for x in seen.values() if n == 0 or period(x[2]) == n]
        proofs = {
            "notice": lambda x: x[0] in told, "enrolment": lambda x: x[5]["enrolled"] == "yes",
            "signature": lambda x: x[1] == "course" or x[5]["signed"] == "yes", "test": lambda x: x[1] == "course" or x[5]["test"] == "yes",
            "certificate": lambda x: x[5]["certificate"] != "" and x[5]["revoked"] == "no",
        }
        out[n] = {
            "participants": len(counted),
            "active": len({person[x[0]] for x in within}),
            "participations": len(within),
            "person-days": round(sum(x[3] * int(trainings[x[1]]["share"]) / 100 for x in within if x[1] != "course"), 4),
            "certificates": len(certificates),
            "trainings": sum(first <= t["first"] <= ends[-1] and (n == 0 or period(t["first"]) == n) for t in trainings.values()),
            "proofs": {name: sum(map(has, counted)) for name, has in proofs.items()},
            "complete": sum(all(has(x) for has in proofs.values()) for x in counted),
        }
    return out


guardians = [g["admitted"] for g in read("guardians")]
print(json.dumps({
    "amif-2021": count(own_staff=False, half=False),
    "model": count(own_staff=False, half=True),
    "reactions": {n: said(n) for n in (0, 1, 2, 3)},
    "guardians": {n: sum(n == 0 or period(g) == n for g in guardians) for n in (0, 1, 2, 3)},
}, indent=1))
