"""Breaks single fields of configurations that are valid, and asks both programs whether they would start with them."""
import asyncio
import copy
import json
import re

from programs import bootstrap, complain

WRONG = [None, -1, 1 << 40, "nope", "", [], {}, [1], {"nope": 1}, True, 1.5, "1s", "-1s", "1000000000000s", "a b", "(", "%NOPE%", "%REQ(%"]


# What differs on purpose, by what was done and the gateway's verdict: (verdict, pattern, reason).
TOLERATED = [
    ("accepted", r"= (true|-?\d+(\.\d+)?)$", "a text may be written without quotes, whatever it looks like"),
    ("accepted", r"headers_to_remove\[\] = null$", "no name is no header"),
    ("refused", r"\] = \[\]$", "an empty list is no message"),
    ("refused", r"^http_filters = \[\]$", "a chain without a router answers nothing"),
]


def tolerated(verdict, what):
    return any(verdict == one and re.search(pattern, what) for one, pattern, _ in TOLERATED)


def places(node, path=()):
    """Every place in a JSON tree."""
    for key, value in (node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()):
        yield path + (key,)
        yield from places(value, path + (key,))


def broken(d, case):
    """The case with one field of its manager left out, given another value or joined by one that does not exist; and what was done."""
    made = copy.deepcopy(case)
    path = d.rng.choice([p for p in places(made["hcm"]) if p[-1] not in ("@", "@type")])
    node = made["hcm"]
    for part in path[:-1]:
        node = node[part]
    kind = d.pick("left out", "another value", "another value", "unknown field")
    if kind == "left out":
        del node[path[-1]]
    elif kind == "unknown field" and isinstance(node, dict):
        node["nope_nope"] = 1
    else:
        node[path[-1]] = d.rng.choice(WRONG)
        kind = f"= {json.dumps(node[path[-1]])}"
    return made, re.sub(r"\.\d+", "[]", ".".join(map(str, path))) + " " + kind


async def validate(program, cases):
    """(exit status, text) of a file with these cases."""
    try:
        made = bootstrap(cases, [10000 + i for i in range(len(cases))], [[1] * len(c["clusters"]) for c in cases], 9901, program.folder / "none.log")
    except (KeyError, TypeError, AttributeError, ValueError):
        return None, "not a case any more"
    program.folder.mkdir(parents=True, exist_ok=True)
    file = program.folder / "verdict.yaml"
    file.write_text(json.dumps(made, indent=1))
    process = await asyncio.create_subprocess_exec(*program.command, "--mode", "validate", "-c", str(file), stdin=asyncio.subprocess.DEVNULL,
                                                   stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
    said, _ = await process.communicate()
    return process.returncode, said.decode("latin-1")


async def compare(programs, d, cases):
    """Where the verdicts differ: (what was done, Envoy's, the gateway's). The gateway names all places, so that one start tells of all cases."""
    envoy, gateway = programs
    tried = []
    for case in cases:
        made, what = broken(d, case)
        status, said = await validate(envoy, [made])
        if status is not None:
            tried.append((made, what, status, said))
    status, said = await validate(gateway, [one[0] for one in tried])
    refused = {}
    for line in said.splitlines() if status else []:
        for number in re.findall(r"listeners\[(\d+)\]", line):
            refused.setdefault(int(number), line)
    if status and not refused:
        complain("the gateway refuses without a place: " + said[-600:])
        return []
    found = []
    for i, (made, what, code, text) in enumerate(tried):
        ours = refused.get(i)
        if code != 0 and ours is None and not tolerated("accepted", what):
            found.append(("accepted", what, text.strip()[-300:], made))
        elif code == 0 and ours is not None and "not supported by this gateway" not in ours and not tolerated("refused", what):
            found.append(("refused", what, ours[-300:], made))
    return found
