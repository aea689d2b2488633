#!/usr/bin/env python3
"""Sends random calls through random configurations to the gateway and to a real Envoy, and shrinks what differs.

    .ci/differential/differential.py --seconds 600 --seed 1 [--gateway gateway/target/.../bin/envoy] [--envoy ENVOY]

Needs Python 3.11 with hpack and hyperframe, and an Envoy 1.40. Prints each difference that `tolerated.py` does not explain, as the
smallest case that still shows it; exit status 1 where there was one. What is found goes to --out, one file each, and `--replay FILE`
runs such a file again.
"""
import argparse
import asyncio
import json
import random
import re
import shutil
import sys
import time
from pathlib import Path

import calls
import configurations
import judge
import shrink
import verdicts
from configurations import Draw
from programs import Program, complain, run_all
from tolerated import unexplained

ROOT = Path(__file__).resolve().parents[2]


def log_format(d):
    return " | ".join(["%RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%"] + d.some(lambda: d.pick(*configurations.FORMATS), 4)
                      + ["%REQ(:METHOD)% %BYTES_RECEIVED% %UPSTREAM_CLUSTER%"])


def case_of(seed):
    d = Draw(random.Random(seed))
    version = d.pick("h1", "h2")
    return {"seed": seed, "version": version, "hcm": configurations.manager(d), "clusters": configurations.clusters(d),
            "log": log_format(d), "calls": [calls.call(d, version) for _ in range(d.rng.randint(1, 5))],
            "answers": [calls.answer(d) for _ in range(d.rng.randint(1, 6))]}


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", default="0")
    parser.add_argument("--batch", type=int, default=40, help="cases that share a start of both programs")
    parser.add_argument("--gateway", default=str(ROOT / "gateway/target/gateway/bin/envoy"), help="the program (%(default)s)")
    parser.add_argument("--envoy", default=shutil.which("envoy") or "envoy")
    parser.add_argument("--work", default="/tmp/differential", help="folder for bootstraps and logs")
    parser.add_argument("--out", help="folder for what is found")
    parser.add_argument("--replay", nargs="*", help="files of cases to run again")
    parser.add_argument("--save", help="file to which all results are appended, for --judge")
    parser.add_argument("--judge", help="a file of results to judge again, without running anything")
    parser.add_argument("--all", action="store_true", help="show what is tolerated too")
    parser.add_argument("--verdicts", action="store_true", help="break single fields of configurations, and compare what is refused")
    parser.add_argument("--no-shrink", action="store_true")
    parser.add_argument("--kinds", type=int, default=6, help="how many kinds of difference are shrunk at most in one batch")
    return parser.parse_args()


async def compare(programs, cases, options):
    """For each case what of its differences nobody explains."""
    found = []
    for case, (envoys, ours) in zip(cases, await run_all(programs, cases)):
        if isinstance(envoys, str):
            complain(f"Envoy refuses {case['seed']}: {envoys[-300:]}") if options.all else None
            found.append([])            # not a configuration of Envoy
            continue
        if isinstance(ours, str):
            found.append([("refused: " + re.sub(r"^.*?listeners.\d+.", "", ours)[:160], None, ours)])
            continue
        pair = judge.plain(envoys), judge.plain(ours)
        if options.save:
            with open(options.save, "a") as file:
                file.write(json.dumps([case, *pair]) + "\n")
        found.append(unexplained(case, *pair, judge.differences(*pair)))
    return found


def show(case, differences):
    for path, envoys, ours in differences:
        print(f"  {path}:\n    Envoy   {json.dumps(envoys)}\n    gateway {json.dumps(ours)}")
    print("  " + json.dumps(case), flush=True)


async def compare_verdicts(programs, options):
    end, batch, known, tried = time.monotonic() + options.seconds, 0, set(), 0
    while time.monotonic() < end:
        cases = [case_of(f"{options.seed}.{batch}.{i}") for i in range(options.batch)]
        d, batch, tried = Draw(random.Random(f"{options.seed}.{batch}")), batch + 1, tried + len(cases)
        for verdict, what, text, made in await verdicts.compare(programs, d, cases):
            if (verdict, what) not in known:
                known.add((verdict, what))
                print(f"{verdict} by the gateway: {what} (seed {made['seed']})\n    {text}", flush=True)
    print(f"{tried} configurations, {len(known)} verdicts differ")
    return 1 if known else 0


async def main():
    options = parse()
    work = Path(options.work)
    programs = [Program("envoy", [options.envoy, "--disable-hot-restart", "--concurrency", "1", "-l", "error", "--file-flush-interval-msec", "100"], work / "envoy"),
                Program("gateway", [options.gateway, "--concurrency", "1"], work / "gateway")]
    if options.judge:
        kinds = {}
        for line in open(options.judge):
            case, *pair = json.loads(line)
            for one in unexplained(case, *pair, judge.differences(*pair)):
                kinds.setdefault(judge.kind_of(one), []).append((case["seed"], one))
        for kind, ones in sorted(kinds.items(), key=lambda k: -len(k[1])):
            print(f"{len(ones)} {kind}", *(f"    {seed} {json.dumps(one)}" for seed, one in ones[:3]), sep="\n")
        return 0
    if options.replay:
        cases = [json.loads(Path(file).read_text())["case"] for file in options.replay]
        for file, case, found in zip(options.replay, cases, await compare(programs, cases, options)):
            print(f"{file}: {'differs' if found else 'same'}")
            show(case, found) if found else None
        return 0
    if options.verdicts:
        return await compare_verdicts(programs, options)
    end, batch, known, tried = time.monotonic() + options.seconds, 0, set(), 0
    while time.monotonic() < end:
        cases = [case_of(f"{options.seed}.{batch}.{i}") for i in range(options.batch)]
        batch += 1
        results = await compare(programs, cases, options)
        tried += len(cases)
        fresh = {}
        for case, found in zip(cases, results):
            for kind in {judge.kind_of(f) for f in found}:
                if kind not in known:
                    fresh.setdefault(kind, (case, found))
        complain(f"batch {batch}: {tried} cases, {sum(map(bool, results))} differ, {len(fresh)} new kinds")
        for kind, (case, found) in list(fresh.items())[:options.kinds]:
            if kind in known:
                continue
            if not options.no_shrink:
                case, found = await shrink.shrink(lambda cs: compare(programs, cs, options), case, kind)
            if not found:
                complain(f"not seen again: {kind}")
                known.add(kind) if options.no_shrink else None
                continue
            known.update(judge.kind_of(f) for f in found)
            known.add(kind)
            print(f"{kind}  (seed {case['seed']})")
            show(case, found)
            if options.out:
                Path(options.out).mkdir(parents=True, exist_ok=True)
                (Path(options.out) / f"{len(known):03d}.json").write_text(json.dumps({"kind": kind, "differences": found, "case": case}, indent=1))
    print(f"{tried} cases, {len(known)} kinds of difference unexplained")
    return 1 if known else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
