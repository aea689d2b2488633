"""Differences from Envoy that are meant, each with its reason; most of them stand in gateway/docs/differences.md."""
import re

GRPC_WEB = re.compile(r"application/grpc-web(-text)?(\+\w+)?$")


def field(fields, name):
    return [v for n, v in fields if n.lower() == name]


def is_call(call):
    return any(GRPC_WEB.match(v) for v in field(call["headers"], "content-type"))


def without_origin(values):
    names = [n.strip() for v in values or [] for n in v.split(",")]
    return [n for n in names if n and n != "origin"]


class Case:
    """One case with what both programs did, for the rules below."""

    def __init__(self, case, envoys, ours):
        self.calls, self.envoys, self.ours, self.format = case["calls"], envoys, ours, case["log"]
        self.resets = any("rst" in step for answer in case["answers"] for step in answer)
        self.interim = any("info" in step for answer in case["answers"] for step in answer)

    def call(self, path):
        return self.calls[int(path.split(".")[1])]

    def response(self, path):
        at = int(path.split(".")[1])
        return self.envoys["responses"][at], self.ours["responses"][at]


def vary(case, path, envoys, ours):
    return path.endswith(".head.vary") and without_origin(envoys) == without_origin(ours)


def status_of_errors(case, path, envoys, ours):
    """A call always gets a status."""
    if not path.startswith("responses.") or not is_call(case.call(path)):
        return False
    return path.endswith(".head.grpc-status") and envoys is None


def missing_trailers(case, path, envoys, ours):
    """A response without a status gets one, in a frame of its own or in the place of what Envoy leaves open."""
    if not path.startswith("responses.") or not is_call(case.call(path)):
        return False
    one, other = case.response(path)
    text = str(other["body"])
    return "missing trailers" in text or "missing grpc-status" in text


def missing_trailers_in_log(case, path, envoys, ours):
    return path.startswith("log") and "upstream_protocol_error" in str(ours)


def query(case, path, envoys, ours):
    """gRPC paths have no query."""
    return path.endswith((".head.:path", ".head.x-envoy-original-path")) and envoys and ours and envoys[0].startswith(ours[0] + "?")


def marks(case, path, envoys, ours):
    """Nobody but the gateway may write these fields, as clients could pretend what they are trusted for."""
    name = path.rsplit(".", 1)[-1]
    return path.startswith("requests.") and name in (
        "x-envoy-original-path", "x-envoy-original-host", "x-envoy-decorator-operation", "x-envoy-external-address", "x-envoy-internal",
        "x-envoy-downstream-service-cluster", "x-envoy-downstream-service-node", "grpc-status", "grpc-message") and ours is None \
        and any(n.lower() == name for c in case.calls for n, _ in c["headers"])


def length_on_http2(case, path, envoys, ours):
    """On HTTP/2 a response may say its length or not."""
    return path.startswith("responses.") and path.endswith(".head.content-length") and "transfer-encoding" not in str(case.response(path)) \
        and (envoys is None and ours == ["0"] or ours is None)


def cancelled(case, path, envoys, ours):
    """The gRPC specification names CANCEL."""
    return path.endswith(".end") and path.startswith("requests") and (envoys, ours) == ("reset INTERNAL_ERROR", "reset CANCEL")


def timeouts(case, path, envoys, ours):
    """Clients retry 14."""
    return path.endswith("head.grpc-status") and (envoys, ours) in ((["14"], ["4"]), (["2"], ["4"]))


def bad_base64(case, path, envoys, ours):
    """Text is decoded as it comes, so how much of a bad one arrives depends on the other program's packets."""
    texts = [c for c in case.calls if any("grpc-web-text" in v for v in field(c["headers"], "content-type"))]
    if not texts:
        return False
    return path.startswith("log") and "grpc_base_64" in str(envoys) + str(ours) or \
        path.startswith("requests") and any(r.get(":status") == ["400"] for r in (x["head"] for x in case.envoys["responses"] if isinstance(x, dict)))


def interim(case, path, envoys, ours):
    """Responses of the 1xx kind end at the connection on which they came, and are not counted."""
    return case.interim and path.endswith("upstream_rq_completed")


def refused_path(case, path, envoys, ours):
    """A refused path is told in the form of the call."""
    if not path.startswith("responses."):
        return False
    one, other = case.response(path)
    return isinstance(other, dict) and other["head"].get(":status") in (["400"], ["307"]) and is_call(case.call(path)) and any(
        "path_normalization_failed" in line for line in case.ours["log"]) and path.endswith(
        (".content-type", ".body", ".grpc-status", ".grpc-message", ".content-length"))


def own_reply(case, path):
    """The gateway's response of a call, where it made it itself."""
    one, other = case.response(path)
    status = other["head"].get(":status", [""])[0] if isinstance(other, dict) else ""
    return isinstance(other, dict) and "x-envoy-upstream-service-time" not in other["head"] and status[:1] in "345"


def cors_of_refusals(case, path, envoys, ours):
    """A page can read why it was refused."""
    if path.startswith("responses.") and ".head.access-control-" in path:
        return envoys is None and own_reply(case, path)
    return re.fullmatch(r"counters\.http\.@\.cors\.origin_(in)?valid", path) is not None and ours <= (envoys or 0) + sum(
        own_reply(case, f"responses.{i}.") for i, c in enumerate(case.calls) if field(c["headers"], "origin"))


def machine_address(case, path, envoys, ours):
    """A client on the same machine is 127.0.0.1."""
    return path.endswith("x-forwarded-for") and ours is not None and str(envoys).replace("192.0.2.2", "127.0.0.1") == str(ours)


def message_of_format(case, path, envoys, ours):
    """A message does not end with the line break of the format of its body."""
    return path.endswith("head.grpc-message") and envoys and ours and envoys[0].removesuffix("%0A") == ours[0]


def no_status_from_the_backend(case, path, envoys, ours):
    """It is said that the backend sent none."""
    return path.endswith("head.grpc-message") and (ours is None and envoys == [""] or envoys is None and "the backend sent" in ours[0])


def http2_limits(case, path, envoys, ours):
    """A request over HTTP/2 that is refused before it is understood gets a response; Envoy resets it or ends the connection."""
    codes = [r["head"].get(":status") for r in case.ours["responses"] if isinstance(r, dict)]
    refused = [i for i, r in enumerate(case.envoys["responses"]) if isinstance(r, str) or r["head"] == {}]
    if not refused or not any(code in (["400"], ["431"]) for code in codes):
        return False
    return not path.startswith("responses.") or int(path.split(".")[1]) in refused


def after_head(case, path, envoys, ours):
    """An error behind the head of a response is told in a trailers frame."""
    if not path.startswith("responses.") or not is_call(case.call(path)) or not path.endswith((".body", ".end")):
        return False
    one, other = case.response(path)
    return one["end"] != "clean" and other["end"] == "clean" and "80 grpc-status:" in str(other["body"])


def closes(case, path, envoys, ours):
    """An HTTP/1.1 connection may go on behind a response that came before its request had ended."""
    return path.endswith(".head.connection") and envoys == ["close"] and ours is None


def head_framing(case, path, envoys, ours):
    """A response to HEAD has no content, whatever its framing says."""
    return path.endswith((".head.transfer-encoding", ".head.content-length")) and case.call(path)["method"] == "HEAD"


def id_of_refused_path(case, path, envoys, ours):
    """Where responses have the id of their request, all have."""
    return path.endswith(".head.x-request-id") and path.startswith("responses.") and envoys is None and own_reply(case, path)


def preflight_without_route(case, path, envoys, ours):
    """A preflight finds the policy of its path, whatever else its route asks for; what else differs follows from that."""
    asked = [i for i, c in enumerate(case.calls) if c["method"] == "OPTIONS" and field(c["headers"], "access-control-request-method")
             and isinstance(case.envoys["responses"][i], dict) and case.envoys["responses"][i]["head"].get(":status") == ["404"]
             and isinstance(case.ours["responses"][i], dict) and case.ours["responses"][i]["head"].get(":status") != ["404"]]
    return bool(asked) and (not path.startswith("responses.") or int(path.split(".")[1]) in asked)


def trailers_of_no_call(case, path, envoys, ours):
    """Trailers of a response that is no gRPC are not passed on to a gRPC-Web client."""
    return path.startswith("responses.") and path.endswith(".trailers") and ours is None and is_call(case.call(path))


def logs_of_marks(case, path, envoys, ours):
    """Fields that clients may not set are not logged as theirs."""
    return path == "log" and any(n.lower() == "x-envoy-original-path" for c in case.calls for n, _ in c["headers"])


def log_of_refused_path(case, path, envoys, ours):
    """A refused path is logged as it came, and without the cluster that its route would have had."""
    return path == "log" and "path_normalization_failed" in str(envoys) and "path_normalization_failed" in str(ours)


def double_slashes(case, path, envoys, ours):
    """Series of a method are those of a path with two parts."""
    return ".grpc" in path and path.startswith("counters.cluster") and any("//" in c["path"] for c in case.calls)


def status_in_log(case, path, envoys, ours):
    """The status of a gRPC-Web call is the one that its script got."""
    return path == "log" and "%GRPC_STATUS%" in case.format and any(map(is_call, case.calls))


def transport_in_log(case, path, envoys, ours):
    """What was seen of a stream that was reset is told as well."""
    return path == "log" and "%UPSTREAM_TRANSPORT_FAILURE_REASON%" in case.format and ours is not None \
        and ("RST_STREAM" in ours or "content in a response to HEAD" in ours)


def cut_http1(case, path, envoys, ours):
    """A connection of HTTP/1.1 that is lost in a response is lost, and no error of protocol."""
    return path == "log" and "{protocol_error}" in str(envoys) and "{connection_termination}" in str(ours)


def cluster_of_preflight(case, path, envoys, ours):
    """The cluster of a preflight that was answered says nothing."""
    return path == "log" and "cors_response" in str(envoys) and "cors_response" in str(ours)


def rewritten_path_of_redirect(case, path, envoys, ours):
    """A request that is redirected is logged with the path that was asked for."""
    return path == "log" and "direct_response" in str(envoys) and "direct_response" in str(ours) and ("PATH" in case.format or "QUERY" in case.format)


def raw_bytes(case, path, envoys, ours):
    """Raw bytes are escaped in logs."""
    return path == "log" and "\\x" in str(ours)


def bytes_until_reset(case, path, envoys, ours):
    """How much of a request had come when its stream was reset depends on who was faster."""
    return path == "log" and case.resets and re.sub(r"POST \d+ ", "", str(envoys)) == re.sub(r"POST \d+ ", "", str(ours))


RULES = [status_in_log, transport_in_log, cut_http1, cluster_of_preflight, rewritten_path_of_redirect, raw_bytes, bytes_until_reset, preflight_without_route, trailers_of_no_call, logs_of_marks, log_of_refused_path, double_slashes, vary, status_of_errors, missing_trailers, missing_trailers_in_log, query, marks, length_on_http2, cancelled, timeouts, bad_base64, interim, refused_path,
         cors_of_refusals, machine_address, message_of_format, no_status_from_the_backend, http2_limits, after_head, closes, head_framing, id_of_refused_path]


def unexplained(case, envoys, ours, lines):
    """What no rule explains."""
    if "refused" in envoys or "refused" in ours:
        return lines
    known = Case(case, envoys, ours)
    return [line for line in lines if not any(rule(known, *line) for rule in RULES)]
