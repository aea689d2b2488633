"""Makes a case smaller while it still shows the same kind of difference. All smaller forms of a step run in one start of the programs."""
import copy

import judge

KEPT = {"@type", "@", "name", "domains", "regex", "key", "header", "virtual_hosts", "routes", "match", "method", "path", "host", "version", "seed", "log", "clusters",
        "http_filters", "kind", "hcm", "calls", "answers", "headers", "body"}


def smaller(node, path=()):
    """(depth, how to make it smaller) for each part of a JSON tree that may be left out."""
    if isinstance(node, dict):
        for key, value in node.items():
            here = path + (key,)
            if key not in KEPT:
                yield here
            yield from smaller(value, here)
    elif isinstance(node, list):
        if path[-1:] in (("body",),):
            if len(node) > 1:
                yield path + ("join",)
            return
        for i, value in enumerate(node):
            here = path + (i,)
            if not (path[-1] in ("domains", "calls", "answers", "virtual_hosts") and len(node) == 1):
                yield here
            if not (len(path) > 2 and path[-2] == "headers" or isinstance(value, list) and path[-1] in ("headers", "head", "only", "trailers", "info")):
                yield from smaller(value, here)


def without(case, path):
    made = copy.deepcopy(case)
    node = made
    for part in path[:-1]:
        node = node[part]
    if path[-1] == "join":
        parent = made
        for part in path[:-2]:
            parent = parent[part]
        parent[path[-2]] = ["".join(node)]
    elif isinstance(node, list):
        del node[path[-1]]
    else:
        del node[path[-1]]
    return made


def plain_forms(case):
    """Whole parts replaced by the plainest form."""
    for i, call in enumerate(case["calls"]):
        for name, value in (("path", "/pkg.Svc/Method"), ("host", "gw.example")):
            if call[name] != value:
                made = copy.deepcopy(case)
                made["calls"][i][name] = value
                yield made
    good = [{"wait": "end"}, {"head": [[":status", "200"], ["content-type", "application/grpc"]]}, {"data": "00000000030a0161"}, {"trailers": [["grpc-status", "0"]]}]
    for i, answer in enumerate(case["answers"]):
        if answer != good:
            made = copy.deepcopy(case)
            made["answers"][i] = good
            yield made
    if case["log"] != "%RESPONSE_CODE%":
        yield {**copy.deepcopy(case), "log": "%RESPONSE_CODE%"}
        parts = case["log"].split(" | ")
        for i in range(len(parts)):
            if len(parts) > 1:
                yield {**copy.deepcopy(case), "log": " | ".join(parts[:i] + parts[i + 1:])}


async def shrink(compare, case, kind, width=36, steps=30):
    """The smallest case found, with its differences; no differences where the case does not show the kind again."""
    def shows(found):
        return any(judge.kind_of(f) == kind for f in found)

    best = (await compare([case]))[0]
    if not shows(best):
        return case, []
    for _ in range(steps):
        paths = sorted(smaller(case), key=len)
        forms = list(plain_forms(case)) + [without(case, p) for p in paths]
        if not forms:
            break
        progress = False
        for at in range(0, len(forms), width):
            group = forms[at:at + width]
            results = await compare(group)
            good = [(f, r) for f, r in zip(group, results) if shows(r)]
            if not good:
                continue
            progress = True
            # all that can go alone may often go together
            if len(good) > 1:
                merged = merge(case, [f for f, _ in good])
                found = (await compare([merged]))[0] if merged else []
                if shows(found):
                    case, best = merged, found
                    break
            case, best = good[0]
            break
        if not progress:
            break
    return case, best


def merge(case, forms):
    """What is left when everything is taken away that one of the forms took away; None where that cannot be told."""
    def both(base, one, other):
        if one == base:
            return other
        if other == base or one == other:
            return one
        if isinstance(base, dict) and isinstance(one, dict) and isinstance(other, dict):
            return {k: both(base[k], one[k], other[k]) for k in base if k in one and k in other}
        if isinstance(base, list) and len(one) == len(base) == len(other):
            return [both(b, o, t) for b, o, t in zip(base, one, other)]
        return one

    made = forms[0]
    for form in forms[1:]:
        made = both(case, made, form)
    return made
