"""Runs cases against a program: one bootstrap with a listener and clusters for each case, so that a start serves many cases."""
import asyncio
import json
import os
import random
import re
import signal
import socket
import sys
from pathlib import Path

from ends import Backend, Client

TYPE = "type.googleapis.com/envoy.extensions."
MANAGER = TYPE + "filters.network.http_connection_manager.v3.HttpConnectionManager"
FILE_LOG = TYPE + "access_loggers.file.v3.FileAccessLog"
PROTOCOLS = TYPE + "upstreams.http.v3.HttpProtocolOptions"
LIMIT = 5


def label(index):
    """What stands for `@` in the texts of a case: each case has names of its own, all of one length."""
    return f"k{index:03d}"


def named(part, name):
    """A part of a case with the names of clusters (`@a`) made those of this run."""
    return json.loads(re.sub(r"@(?=(a|b|h|dead|nope)\b)", name, json.dumps(part)))


def free_ports(count):
    """So many different ports on which nobody listens."""
    found = set()
    while len(found) < count:
        port = random.SystemRandom().randrange(12000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                found.add(port)
            except OSError:
                pass
    return list(found)


def listener(case, name, port, log):
    manager = named(case["hcm"], name)
    manager.update({"@type": MANAGER, "stat_prefix": name, "codec_type": "AUTO"})
    manager["access_log"] = [{"name": "file", "typed_config": {
        "@type": FILE_LOG, "path": str(log),
        "log_format": {"text_format_source": {"inline_string": f"{name} {case['log']}\n"}}}}]
    for one in manager["http_filters"]:
        one["typed_config"] = {"@type": TYPE + one["typed_config"]["@"], **{k: v for k, v in one["typed_config"].items() if k != "@"}}
    return {"name": name, "stat_prefix": name, "address": {"socket_address": {"address": "127.0.0.1", "port_value": port}},
            "filter_chains": [{"filters": [{"name": "hcm", "typed_config": manager}]}]}


def cluster(name, spec, port):
    made = {k: v for k, v in spec.items() if k != "kind"}
    options = {"http2_protocol_options": {}} if spec["kind"] == "h2" else {"http_protocol_options": {}}
    return {"name": name, "type": "STATIC", "connect_timeout": "2s", **made,
            "typed_extension_protocol_options": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                "@type": PROTOCOLS, "explicit_http_config": options}},
            "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": [
                {"endpoint": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": port}}}}]}]}}


def bootstrap(cases, ports, upstream, admin, log):
    """The file of a batch: `ports` of its listeners, `upstream` those of the clusters of each case."""
    listeners = [listener(case, label(i), ports[i], log) for i, case in enumerate(cases)]
    clusters = [cluster(label(i) + key, {**spec, "kind": "h1" if spec["kind"] == "h1" else "h2"}, upstream[i][j])
                for i, case in enumerate(cases) for j, (key, spec) in enumerate(case["clusters"].items())]
    return {"admin": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": admin}}},
            "static_resources": {"listeners": listeners, "clusters": clusters}}


class Program:
    """One program under test and what it made of a batch of cases."""

    def __init__(self, name, command, folder):
        self.name, self.command, self.folder = name, command, Path(folder)
        self.refusals = {}

    async def valid(self, cases):
        """Which of the cases the program can start with, by asking it to look at them together, then at halves."""
        ports = [10000 + i for i in range(len(cases))]
        file = self.folder / "validated.yaml"
        self.folder.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(bootstrap(cases, ports, [[1] * len(c["clusters"]) for c in cases], 9901, self.folder / "none.log")))
        process = await asyncio.create_subprocess_exec(*self.command, "--mode", "validate", "-c", str(file), stdout=asyncio.subprocess.DEVNULL,
                                                       stderr=asyncio.subprocess.PIPE, stdin=asyncio.subprocess.DEVNULL)
        _, said = await process.communicate()
        if process.returncode == 0:
            return [True] * len(cases)
        if len(cases) == 1:
            self.refusals[json.dumps(cases[0])] = said.decode("latin-1")[-400:]
            return [False]
        half = len(cases) // 2
        return await self.valid(cases[:half]) + await self.valid(cases[half:])

    async def run(self, cases):
        """The results of the cases, or a text where the program does not start with them."""
        self.folder.mkdir(parents=True, exist_ok=True)
        log = self.folder / "access.log"
        log.unlink(missing_ok=True)
        backends, (admin, *ports) = [], free_ports(len(cases) + 1)
        requests, upstream = [[] for _ in cases], []
        for i, case in enumerate(cases):
            upstream.append([])
            for key, spec in case["clusters"].items():
                if spec["kind"] != "dead":
                    backends.append(Backend(key, spec["kind"], requests[i], case["answers"]))
                upstream[i].append(1 if spec["kind"] == "dead" else await backends[-1].start())
        file = self.folder / "bootstrap.yaml"
        file.write_text(json.dumps(bootstrap(cases, ports, upstream, admin, log), indent=1))
        output = open(self.folder / "output.txt", "wb")
        process = await asyncio.create_subprocess_exec(
            *self.command, "-c", str(file), stdout=output, stderr=output, stdin=asyncio.subprocess.DEVNULL, start_new_session=True)
        try:
            refusal = await self.wait_for(process, admin)
            if refusal is not None:
                return refusal
            gate = asyncio.Semaphore(16)
            responses = await asyncio.gather(*(self.drive(gate, named(case["calls"], label(i)), case["version"], ports[i]) for i, case in enumerate(cases)))
            await asyncio.sleep(0.3)
            counters = await self.counters(admin)
        finally:
            for sign in (signal.SIGTERM, signal.SIGKILL):
                try:
                    os.killpg(process.pid, sign)
                    await asyncio.wait_for(process.wait(), 8)
                except (ProcessLookupError, asyncio.TimeoutError):
                    pass
            for backend in backends:
                backend.stop()
        lines = log.read_text("latin-1").splitlines() if log.exists() else []
        return [{"responses": responses[i], "requests": requests[i],
                 "log": [line[5:] for line in lines if line.startswith(label(i) + " ")],
                 "counters": counters.get(label(i), {}), "name": label(i), "port": ports[i]} for i in range(len(cases))]

    async def wait_for(self, process, admin):
        for _ in range(1200):
            if process.returncode is not None:
                text = (self.folder / "output.txt").read_text(errors="replace").strip().splitlines()
                return "\n".join(text)[-60000:] or f"exit status {process.returncode}"
            try:
                if "LIVE" in await self.get(admin, "/ready"):
                    return None
            except OSError:
                pass
            await asyncio.sleep(0.05)
        return "not ready within a minute"

    async def get(self, port, path):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
        writer.write(f"GET {path} HTTP/1.1\r\nhost: admin\r\nconnection: close\r\n\r\n".encode())
        text = (await reader.read(-1)).decode("latin-1")
        writer.close()
        return text

    async def counters(self, admin):
        found = {}
        for line in (await self.get(admin, "/stats")).splitlines():
            name, _, value = line.partition(": ")
            match = re.search(r"(?<![a-z0-9])(k\d{3})", name)
            if match and re.fullmatch(r"\d+", value):
                found.setdefault(match[1], {})[name.replace(match[1], "@")] = int(value)
        return found

    async def drive(self, gate, calls, version, port):
        async with gate:
            client, responses = Client(version, port), []
            for call in calls:
                try:
                    responses.append(await asyncio.wait_for(client.call(call, LIMIT), LIMIT + 4))
                except (OSError, asyncio.TimeoutError) as error:
                    responses.append(f"no connection: {type(error).__name__}")
            await asyncio.sleep(0.05)
            client.close()
            return responses


async def run_all(programs, cases):
    """For each case the results of Envoy and of the gateway; a text in place of a result says why the case is refused."""
    envoy, gateway = programs
    results = [("refused", None)] * len(cases)
    left = [i for i, good in enumerate(await envoy.valid(cases)) if good] if cases else []
    for i in set(range(len(cases))) - set(left):
        results[i] = (envoy.refusals.pop(json.dumps(cases[i]), "refused"), None)
    while left:
        some = [cases[i] for i in left]
        theirs, ours = await asyncio.gather(envoy.run(some), gateway.run(some))
        if isinstance(theirs, list) and isinstance(ours, list):
            for i, one, other in zip(left, theirs, ours):
                results[i] = (one, other)
            break
        if isinstance(theirs, str):
            complain("Envoy does not start: " + theirs)
            break
        # The gateway names all places that it refuses.
        named = {left[int(n)]: line for line in ours.splitlines() for n in re.findall(r"listeners\[(\d+)\]", line)}
        if not named:
            complain("the gateway does not start: " + ours)
            break
        for i, line in named.items():
            results[i] = ({}, line[-600:])
        left = [i for i in left if i not in named]
    return results


def complain(text):
    print(text, file=sys.stderr, flush=True)
