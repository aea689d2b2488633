"""Random requests of clients and random answers of backends."""
import base64

from configurations import HOSTS, ORIGINS, VALUES

MESSAGES = ["00000000030a0161", "0000000000", "00000000020801", "00000000040a026162"]
ODD = ["01000000020801", "0200000000", "80000000010a", "8000000000", "000000000a0102"]
END = "800000000f677270632d7374617475733a300d0a"


def body(d):
    blob = "".join(d.some(lambda: d.pick(*MESSAGES), 3) if d.often(0.9) else [])
    if d.often(0.07):
        blob += d.pick(*ODD)
    return bytes.fromhex(blob)


def pieces(d, blob):
    """A body in pieces that are sent one after another."""
    if not blob:
        return []
    if d.often(0.7):
        return [blob.hex()]
    cuts = sorted({d.rng.randint(1, len(blob)) for _ in range(d.rng.randint(1, 3))} | {len(blob)})
    return [blob[a:b].hex() for a, b in zip([0] + cuts, cuts)]


def request_headers(d):
    made = [[d.pick("x-a", "x-b", "x-c", "X-Mixed", "x_under"), d.rng.choice(VALUES + [""])] for _ in range(d.rng.randint(0, 3))]
    for name, values, share in [
        ("origin", ORIGINS, 0.3), ("user-agent", ["ua/1"], 0.3), ("x-grpc-web", ["1"], 0.3), ("grpc-timeout", ["300m", "5S", "1H", "x", "0m", "99999999S"], 0.08),
        ("x-forwarded-for", ["1.2.3.4", "1.2.3.4, 10.0.0.1", "1.2.3.4,5.6.7.8 , 9.9.9.9", "bad", "::1"], 0.15), ("x-forwarded-proto", ["https", "http", "ftp"], 0.12),
        ("x-request-id", ["abc", "7d0b0c5c-1b0e-4d0b-8c0a-0123456789ab"], 0.12), ("x-cluster", ["@a", "@h", "@dead", "@nope", ""], 0.5),
        ("x-forwarded-host", ["fh.example"], 0.05), ("x-forwarded-port", ["99"], 0.05), ("via", ["1.0 up"], 0.05), ("te", ["trailers", "gzip", "trailers, gzip"], 0.15),
        ("cookie", ["a=1", "b=2"], 0.1), ("cookie", ["c=3"], 0.05), ("referer", ["https://app.example/x", "bad"], 0.05), ("grpc-accept-encoding", ["gzip", "identity,gzip"], 0.1),
        ("grpc-encoding", ["gzip", "identity"], 0.05), ("accept-encoding", ["gzip"], 0.1), ("connection", ["x-b", "keep-alive", "close", "x-a, keep-alive"], 0.08),
        ("x-envoy-upstream-rq-timeout-ms", ["400", "0", "x"], 0.04), ("x-envoy-retry-on", ["5xx", "reset"], 0.03), ("x-envoy-retry-grpc-on", ["unavailable"], 0.03),
        ("x-envoy-max-retries", ["2", "0"], 0.03), ("x-envoy-original-path", ["/o"], 0.03), ("x-envoy-internal", ["true"], 0.03), ("x-envoy-external-address", ["8.8.8.8"], 0.03),
        ("x-envoy-decorator-operation", ["op"], 0.03), ("grpc-status", ["3"], 0.02), ("x-envoy-attempt-count", ["7"], 0.03), ("x-envoy-expected-rq-timeout-ms", ["77"], 0.03),
        ("authorization", ["Bearer x"], 0.05), ("x-bin", ["AAEC"], 0.05), ("key-bin", ["AAE=", "AAE"], 0.05), ("x-client-trace-id", ["t"], 0.03),
        ("x-forwarded-client-cert", ["By=x"], 0.03), ("traceparent", ["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"], 0.03),
        ("x-envoy-upstream-rq-per-try-timeout-ms", ["300"], 0.03), ("x-envoy-upstream-alt-stat-name", ["alt"], 0.02), ("x-envoy-retriable-status-codes", ["404"], 0.02),
    ]:
        if d.often(share):
            made.append([name, d.rng.choice(values)])
    d.rng.shuffle(made)
    return made


def call(d, version):
    kind = d.rng.choices(["web", "text", "grpc", "plain", "preflight"], [8, 5, 3 if version == "h2" else 1, 4, 3])[0]
    path = d.pick("/pkg.Svc/Method", "/pkg.Svc/Method", "/pkg.Svc/Method", "/pkg.Svc/Other", "/a/b", "/a", "/", "/A/B", "/a//b", "/a/../b", "/a/./b/", "/a%2Fb", "/a%5cb", "/a\\b",
                  "/%61/b", "/a/%2e%2e/b", "/a;p=1/b", "/pkg.Svc/Method/", "/pkg.SvcX/Method", "//a", "/a/b%00", "/\u00e9", "/a/b%zz", "/a/b#f")
    if d.often(0.25):
        path += d.pick("?x=1", "?x=1&y=2", "?x", "?", "?x=a%20b", "?y=2&x=2&x=1", "?x=1?z", "?a=//b/../c")
    made = {"method": "POST", "path": path, "host": d.pick(*HOSTS) if d.often(0.5) else "gw.example", "headers": request_headers(d)}
    blob = body(d)
    if kind == "web":
        made["headers"].insert(0, ["content-type", d.pick("application/grpc-web", "application/grpc-web+proto")])
    elif kind == "text":
        made["headers"].insert(0, ["content-type", d.pick("application/grpc-web-text", "application/grpc-web-text+proto")])
        made["headers"].insert(1, ["accept", d.pick("application/grpc-web-text", "application/grpc-web-text", "application/grpc-web-text+proto", "*/*", "application/grpc-web")])
        blob = base64.b64encode(blob)
        if d.often(0.06):
            blob = d.pick(blob[:-1], b"!" + blob, blob.replace(b"=", b""), blob + b"\n")
    elif kind == "grpc":
        made["headers"].insert(0, ["content-type", d.pick("application/grpc", "application/grpc+proto", "application/grpc+json")])
        made["headers"].append(["te", "trailers"])
    elif kind == "plain":
        made["method"] = d.pick("GET", "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
        if made["method"] in ("POST", "PUT", "PATCH"):
            made["headers"].insert(0, ["content-type", d.pick("application/json", "text/plain", "application/connect+proto", "application/grpcx")])
        elif d.often(0.9):
            blob = b""
    else:
        made["method"], blob = "OPTIONS", b""
        made["headers"] = [h for h in made["headers"] if h[0] != "origin"] + [["origin", d.rng.choice(ORIGINS)]]
        for name, value, share in [("access-control-request-method", d.pick("POST", "GET", ""), 0.9), ("access-control-request-headers", "x-grpc-web,content-type", 0.7),
                                   ("access-control-request-private-network", d.pick("true", "1"), 0.3)]:
            if d.often(share):
                made["headers"].append([name, value])
    if version == "h2":
        made["headers"] = [[n.lower(), v] for n, v in made["headers"] if n != "connection" and (n != "te" or v == "trailers")]
    made["body"] = pieces(d, blob)
    if d.often(0.05) and version == "h2" and kind != "preflight":
        made["trailers"] = [["x-t", "1"]]
    return made


def answer_headers(d):
    made = [[d.pick("x-a", "x-b", "x-c", "x-mixed"), d.rng.choice(VALUES + [""])] for _ in range(d.rng.randint(0, 2))]
    for name, values, share in [
        ("server", ["back"], 0.2), ("date", ["Tue, 01 Jan 2030 00:00:00 GMT"], 0.1), ("x-request-id", ["from-back"], 0.05), ("grpc-encoding", ["gzip", "identity"], 0.1),
        ("grpc-accept-encoding", ["gzip"], 0.1), ("vary", ["accept", "origin"], 0.05), ("access-control-allow-origin", ["*", "https://back"], 0.05),
        ("access-control-expose-headers", ["x-b"], 0.05), ("set-cookie", ["a=1; Path=/", "b=2"], 0.1), ("set-cookie", ["c=3"], 0.05), ("via", ["1.1 back"], 0.05),
        ("x-envoy-upstream-service-time", ["5"], 0.03), ("x-envoy-overloaded", ["true"], 0.02), ("x-envoy-max-retries", ["1"], 0.02), ("content-encoding", ["gzip", "identity"], 0.03),
        ("grpc-message", ["early"], 0.02), ("location", ["http://gw.example/a/b", "/a", "https://gw.example/pkg.Svc/Other"], 0.03), ("x-envoy-ratelimited", ["true"], 0.02),
        ("x-envoy-attempt-count", ["3"], 0.02), ("trailer", ["grpc-status"], 0.03), ("alt-svc", ["h3=\":443\""], 0.02), ("x-envoy-immediate-health-check-fail", ["1"], 0.01),
    ]:
        if d.often(share):
            made.append([name, d.rng.choice(values)])
    return made


def statuses(d):
    code = d.rng.choices(["0", "1", "2", "5", "7", "8", "13", "14", "16"], [10, 1, 1, 2, 1, 1, 1, 3, 1])[0]
    made = [["grpc-status", code]]
    if d.often(0.3):
        made.append(["grpc-message", d.pick("m", "a b", "caf%C3%A9", "100%25", "", "x%0Ay", "line; \"q\"")])
    if d.often(0.1):
        made.append(["grpc-status-details-bin", "CAUSA2Jhcg"])
    if d.often(0.2):
        made.append([d.pick("x-t", "x-a", "t-bin"), d.pick("1", "AAEC", "", "a,b")])
    if d.often(0.05):
        made.append(["x-t", "2"])
    return made


def answer(d):
    kind = d.rng.choices(["ok", "only", "http", "empty", "nothead", "reset", "late", "silent", "early", "hinted"], [12, 5, 4, 1, 1, 2, 1, 1, 1, 1])[0]
    grpc = [[":status", "200"], ["content-type", d.pick("application/grpc", "application/grpc", "application/grpc+proto", "application/grpc+json")]]
    first = [] if kind == "early" else [{"wait": "end"}]
    chunks = [{"data": p} for p in pieces(d, b"".join(bytes.fromhex(d.pick(*MESSAGES)) for _ in range(d.rng.randint(0, 3))))]
    if kind in ("ok", "early"):
        return first + [{"head": grpc + answer_headers(d)}] + chunks + [{"trailers": statuses(d)}]
    if kind == "only":
        return first + [{"only": grpc + answer_headers(d) + statuses(d)}]
    if kind == "http":
        status = d.pick("200", "200", "400", "401", "403", "404", "429", "500", "502", "503", "504", "302", "307", "204", "304", "204")
        head = [[":status", status]] + ([["content-type", d.pick("text/html", "application/json", "text/plain")]] if d.often(0.8) else []) + answer_headers(d)
        if status in ("204", "304") or d.often(0.3):
            return first + [{"only": head}]
        text = d.pick("hello", "<html>", "{\"a\": 1}", "a%b\n")
        return first + [{"head": head + ([["content-length", str(len(text))]] if d.often() else [])}, {"last": text.encode().hex()}]
    if kind == "empty":
        return first + [{"head": grpc + answer_headers(d)}, {"trailers": statuses(d)}]
    if kind == "nothead":
        return first + [{"head": grpc[:1] + answer_headers(d)}] + chunks + [{"trailers": statuses(d)}]
    if kind == "reset":
        before = [] if d.often() else [{"head": grpc + answer_headers(d)}] + chunks + ([{"sleep": 0.05}] if d.often(0.8) else [])
        return d.pick(first, [{"wait": 0}, {"sleep": 0.03}]) + before + [{"rst": d.pick("INTERNAL_ERROR", "REFUSED_STREAM", "CANCEL", "NO_ERROR", "ENHANCE_YOUR_CALM", "close")}]
    if kind == "late":
        return first + [{"sleep": d.pick(0.1, 0.9)}, {"head": grpc}] + chunks + [{"sleep": d.pick(0.05, 0.9)}, {"trailers": statuses(d)}]
    if kind == "hinted":
        return first + [{"info": [[":status", d.pick("103", "100", "102")], ["link", "</x>"]]}, {"head": grpc + answer_headers(d)}] + chunks + [{"trailers": statuses(d)}]
    return first + [{"sleep": 6}]
