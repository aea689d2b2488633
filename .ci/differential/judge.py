"""Brings what two programs did into a form that can be compared, and says where it differs."""
import base64
import binascii
import itertools
import re

MASKS = [
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "<uuid>"),
    (re.compile(r"127\.0\.0\.1:\d{4,5}"), "127.0.0.1:<port>"),
]
# Chance, or the program's own affair.
UNCOUNTED = re.compile(r"_(time|ms|length|bytes_total|bytes_buffered|length_ms)$|\.(cx_active|version)$|worker|_cx_overflow|ssl\.|downstream_rq_[rt]x_reset|before_rq_complete|rq_tx_reset|rq_pending_total|after_downstream_response_started|downstream_cx_|upstream_cx_|"
                       r"(cx_rx|cx_tx|flow_control|header|keepalive|pending_send|deferred|streams_active|tx_flush|max_host_weight|version_text|"
                       r"default\.|priority_0|circuit_breakers|lb_|membership|assignment|pending_failure_eject|update_|http1\.|http2\.|bind_errors|warming|init_fetch)")


def mask(text, result):
    text = text.replace(result["name"], "@").replace(str(result["port"]), "<listener>")
    for pattern, place in MASKS:
        text = pattern.sub(place, text)
    return text


def fields_of(fields, result):
    found = {}
    for name, value in fields or []:
        found.setdefault(name, []).append(mask(value, result))
    for name in ("date",):
        if name in found:
            found[name] = ["<date>"] if re.match(r"\w{3}, \d\d \w{3} \d{4} ", found[name][0]) else found[name]
    for name in ("x-envoy-upstream-service-time",):
        if name in found:
            found[name] = ["<ms>" if v.isdigit() else v for v in found[name]]
    return found


def frames(blob):
    """A body as gRPC frames; what is left over stands at the end."""
    found = []
    while len(blob) >= 5:
        size = int.from_bytes(blob[1:5], "big")
        if len(blob) < 5 + size:
            break
        payload = blob[5:5 + size]
        found.append(f"{blob[0]:02x} " + (payload.decode("latin-1") if blob[0] & 0x80 else payload.hex()))
        blob = blob[5 + size:]
    return found + (["cut " + blob.hex()] if blob else [])


def body_of(head, body):
    kind = dict(head or []).get("content-type", "")
    body = bytes(body)
    if kind.startswith("application/grpc-web-text"):
        try:
            return frames(b"".join(base64.b64decode(body[i:i + 4], validate=True) for i in range(0, len(body), 4)))
        except binascii.Error:
            return "not base64: " + body.decode("latin-1")
    return frames(body) if kind.startswith("application/grpc") else body.decode("latin-1")


def message_of(message, result):
    if isinstance(message, str):
        return message
    found = {"head": fields_of(message.head, result), "body": body_of(message.head, message.body), "end": message.end}
    if isinstance(found["body"], str):
        found["body"] = mask(found["body"], result)
    else:
        found["body"] = [mask(f, result) for f in found["body"]]
    if message.info:
        found["info"] = [fields_of(one, result) for one in message.info]
    if message.trailers is not None:
        found["trailers"] = fields_of(message.trailers, result)
    return found


def plain(result):
    """What can be compared of a result."""
    if isinstance(result, str):
        return {"refused": True}
    return {"responses": [message_of(m, result) for m in result["responses"]],
            "requests": [{"to": name, **message_of(m, result)} for name, m in result["requests"]],
            "log": sorted(mask(line, result) for line in result["log"]),
            "counters": {k: v for k, v in result["counters"].items() if not UNCOUNTED.search(k)}}


def differences(envoys, ours, path=""):
    """(path, Envoy's, ours) for each place in which two plain results differ."""
    if envoys == ours:
        return []
    if isinstance(envoys, dict) and isinstance(ours, dict):
        names = set(envoys) & set(ours) if path == "counters" else set(envoys) | set(ours)
        return [d for n in sorted(names) for d in differences(envoys.get(n), ours.get(n), f"{path}.{n}" if path else n)]
    if path == "log":
        only = [line for line in envoys if line not in ours], [line for line in ours if line not in envoys]
        return [("log", *pair) for pair in itertools.zip_longest(*only)]
    if isinstance(envoys, list) and isinstance(ours, list) and len(envoys) == len(ours) and not path.count(".head."):
        return [d for i, (e, o) in enumerate(zip(envoys, ours)) for d in differences(e, o, f"{path}.{i}")]
    return [(path, envoys, ours)]


def kind_of(difference):
    """Differences of one kind have the same text: numbers do not count, nor does which call it was."""
    path, envoys, ours = difference
    path = re.sub(r"\.\d+", ".N", path)
    if path.endswith((".end", ".:status", "refused")):
        return f"{path} {envoys}/{ours}"
    return path + (" missing" if ours is None else " extra" if envoys is None else "")
