"""Random configurations of Envoy, in the fields that both programs honour. `@` stands for the name of the case."""

NAMES = ["x-a", "x-b", "x-c", "X-Mixed"]
VALUES = ["1", "2", "abc", "ABC", "a,b", "-5", "x y"]
HOSTS = ["gw.example", "a.gw.example", "GW.example", "gw.example:8080", "gw.example:80", "other.test", "gw.example."]
ORIGINS = ["https://app.example", "https://evil.example", "http://localhost:3000", "null", "https://a.app.example"]
CLUSTERS = ["@a", "@b", "@h"]


class Draw:
    """Chance with a little grammar on top."""

    def __init__(self, rng):
        self.rng = rng

    def pick(self, *choices):
        return self.rng.choice(choices)

    def often(self, share=0.5):
        return self.rng.random() < share

    def some(self, make, most=3):
        return [make() for _ in range(self.rng.randint(1, most))]

    def fields(self, share, **makers):
        """Each field with a chance of `share`."""
        return {name: make() for name, make in makers.items() if self.often(share)}


def text_match(d, values):
    value = d.rng.choice(values)
    part = value[d.rng.randint(0, 1):max(1, len(value) - d.rng.randint(0, 2))] or "a"
    kind = d.pick("exact", "prefix", "suffix", "contains", "safe_regex")
    match = {"safe_regex": {"regex": d.pick(".*", value.replace(".", "\\."), "[a-z0-9]+", "(?i)abc|1", "a.c", "^1$")}} \
        if kind == "safe_regex" else {kind: value if kind == "exact" else part}
    if kind != "safe_regex" and d.often(0.2):
        match["ignore_case"] = True
    return match


def header_match(d):
    match = {"name": d.pick("x-a", "x-b", "x-c", "X-A", ":method", ":authority", ":path", ":scheme", "content-type", "user-agent", "x-forwarded-proto",
                            "x-request-id", "origin", "te", "host", "accept", "grpc-timeout")}
    values = {":method": ["POST", "GET"], ":authority": HOSTS, "host": HOSTS, ":path": ["/pkg.Svc/Method", "/a/b"], ":scheme": ["http", "https"],
              "x-forwarded-proto": ["http", "https"], "content-type": ["application/grpc-web+proto", "application/grpc", "application/json"],
              "origin": ORIGINS}.get(match["name"], VALUES)
    kind = d.pick("string_match", "string_match", "present_match", "range_match", "none", "exact_match", "prefix_match", "suffix_match", "contains_match",
                  "safe_regex_match")
    if kind == "string_match":
        match[kind] = text_match(d, values)
    elif kind == "present_match":
        match[kind] = d.often()
    elif kind == "range_match":
        match[kind] = {"start": d.pick(-10, 0, 1, 2), "end": d.pick(1, 2, 5, 100)}
    elif kind == "safe_regex_match":
        match[kind] = {"regex": d.pick("[0-9]+", "abc", ".+")}
    elif kind != "none":
        match[kind] = d.rng.choice(values)
    if d.often(0.2):
        match["invert_match"] = True
    if d.often(0.2):
        match["treat_missing_header_as_empty"] = True
    return match


def route_match(d):
    kind = d.pick("prefix", "prefix", "prefix", "path", "safe_regex", "path_separated_prefix")
    value = {"prefix": ["/", "/pkg.Svc", "/a", "/a/", "/pkg.Svc/Method", "/A", ""], "path": ["/pkg.Svc/Method", "/a/b", "/PKG.svc/method"],
             "safe_regex": ["/.*", "/pkg\\.[A-Za-z]+/Method", "/a/[^/]+", ".*Method"], "path_separated_prefix": ["/pkg.Svc", "/a", "/pkg.Svc/Method"]}[kind]
    match = {kind: {"regex": d.rng.choice(value)} if kind == "safe_regex" else d.rng.choice(value)}
    match.update(d.fields(0.12, headers=lambda: d.some(lambda: header_match(d), 2), grpc=lambda: {},
                          query_parameters=lambda: d.some(lambda: query_match(d), 2),
                          runtime_fraction=lambda: {"default_value": {"numerator": d.pick(0, 100)}}))
    if kind != "safe_regex" and d.often(0.15):
        match["case_sensitive"] = d.often(0.3)
    return match


def query_match(d):
    match = {"name": d.pick("x", "y", "z")}
    kind = d.pick("string_match", "present_match", "none")
    if kind == "string_match":
        match[kind] = text_match(d, ["1", "2", "abc", "a b", ""] if d.often(0.8) else ["a%20b", "1"])
    elif kind == "present_match":
        match[kind] = True
    return match


FORMATS = [
    "lit", "%REQ(x-a)%", "%REQ(x-a?x-b)%", "%REQ(x-b):2%", "%REQ(:PATH)%", "%REQ(:AUTHORITY)%", "%REQ(:METHOD)%", "%PROTOCOL%", "%ROUTE_NAME%",
    "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%", "%DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT%", "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%",
    "%UPSTREAM_CLUSTER%", "%RESPONSE_CODE%", "%RESPONSE_FLAGS%", "%RESPONSE_CODE_DETAILS%", "100%%", "%REQ(x-nope)%", "a %REQ(x-a)% b",
    "%RESP(x-a)%", "%RESP(content-type)%", "%VIRTUAL_CLUSTER_NAME%", "%REQUESTED_SERVER_NAME%", "%BYTES_RECEIVED%", "%UPSTREAM_HOST%",
    "%GRPC_STATUS%", "%TRAILER(grpc-status)%", "%UPSTREAM_TRANSPORT_FAILURE_REASON%", "%CONNECTION_TERMINATION_DETAILS%", "%DOWNSTREAM_TLS_VERSION%",
    "%PATH(NQ)%", "%PATH(WQ)%", "%QUERY_PARAM(x)%", "%START_TIME(%Y)%", "%DYNAMIC_METADATA(a:b)%",
    "%FILTER_STATE(none)%", "%RESPONSE_FLAGS_LONG%", "%UPSTREAM_PROTOCOL%", "%REQUEST_HEADER(x-a)%", "%REQ(:SCHEME)%",
    "%DOWNSTREAM_REMOTE_ADDRESS%", "%DOWNSTREAM_LOCAL_PORT%", "%ENVIRONMENT(NOT_SET_ANYWHERE)%", "%QUERY_PARAMS%",
]


def added(d):
    name = d.pick("x-a", "x-b", "x-new", "x-new", "X-New2", "user-agent", "content-type", "x-forwarded-for", "cookie")
    if name == "content-type" and d.often(0.7):
        name = "x-new"
    option = {"header": {"key": name, "value": d.rng.choice(FORMATS)}}
    option.update(d.fields(0.4, append_action=lambda: d.pick("APPEND_IF_EXISTS_OR_ADD", "ADD_IF_ABSENT", "OVERWRITE_IF_EXISTS_OR_ADD", "OVERWRITE_IF_EXISTS")))
    option.update(d.fields(0.15, keep_empty_value=lambda: d.often()))
    return option


def header_rules(d, share):
    return d.fields(share, request_headers_to_add=lambda: d.some(lambda: added(d), 2), response_headers_to_add=lambda: d.some(lambda: added(d), 2),
                    request_headers_to_remove=lambda: d.some(lambda: d.pick("x-a", "x-b", "X-C", "user-agent", "te", "origin"), 2),
                    response_headers_to_remove=lambda: d.some(lambda: d.pick("x-a", "x-b", "server", "grpc-encoding", "X-Mixed"), 2))


def retry_policy(d):
    policy = {"retry_on": ",".join(d.some(lambda: d.pick("5xx", "gateway-error", "reset", "connect-failure", "refused-stream", "retriable-4xx", "unavailable",
                                                         "cancelled", "internal", "resource-exhausted", "deadline-exceeded", "retriable-status-codes",
                                                         "retriable-headers", "reset-before-request"), 3))}
    policy.update(d.fields(0.4, num_retries=lambda: d.pick(0, 1, 2, 3), retriable_status_codes=lambda: d.pick([404], [503, 429], [200]),
                           retriable_headers=lambda: [{"name": "x-a", **d.pick({"string_match": {"exact": "1"}}, {"present_match": True})}],
                           retry_back_off=lambda: {"base_interval": "0.01s", "max_interval": "0.02s"}))
    if "retry_back_off" not in policy:
        policy["retry_back_off"] = {"base_interval": "0.005s"}
    return policy


def cors_policy(d):
    return {"@type": "type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy", **cors_fields(d)}


def cors_fields(d):
    return d.fields(0.5, allow_methods=lambda: d.pick("POST", "GET, POST", "*", ""), allow_headers=lambda: d.pick("x-a,x-grpc-web", "*", "content-type"),
                    expose_headers=lambda: d.pick("grpc-status,grpc-message", "*", "x-a"), max_age=lambda: d.pick("600", "0", "-1"),
                    allow_credentials=lambda: d.often(0.7), allow_private_network_access=lambda: d.often(0.7)) | d.fields(
        0.85, allow_origin_string_match=lambda: d.some(lambda: origin_match(d), 2)) | d.fields(
        0.15, filter_enabled=lambda: {"default_value": {"numerator": d.pick(0, 100)}}, shadow_enabled=lambda: {"default_value": {"numerator": d.pick(0, 100)}},
        forward_not_matching_preflights=lambda: d.often())


def origin_match(d):
    return d.pick({"exact": "https://app.example"}, {"prefix": "https://"}, {"suffix": ".example"}, {"contains": "app"}, {"prefix": "*"},
                  {"safe_regex": {"regex": "https://[a-z]+\\.example"}}, {"exact": "*"}, {"exact": "HTTPS://APP.example", "ignore_case": True},
                  {"safe_regex": {"regex": ".*"}}, {"exact": "null"})


def action(d):
    kind = d.rng.choices(["route", "redirect", "direct_response"], [10, 2, 2])[0]
    if kind == "direct_response":
        body = {} if d.often(0.3) else {"body": {"inline_string": d.pick("hello", "", "a b\nc%d", "{\"a\":1}", "\u00e9")}}
        return {kind: {"status": d.pick(200, 204, 301, 400, 401, 403, 404, 418, 429, 500, 503), **body}}
    if kind == "redirect":
        return {kind: d.fields(0.35, https_redirect=lambda: True, host_redirect=lambda: d.pick("new.example", "new.example:99"), port_redirect=lambda: d.pick(80, 443, 8443),
                               strip_query=lambda: d.often(),
                               response_code=lambda: d.pick("MOVED_PERMANENTLY", "FOUND", "SEE_OTHER", "TEMPORARY_REDIRECT", "PERMANENT_REDIRECT"))
                | d.pick({}, {"path_redirect": d.pick("/new", "/new?q=1", "/new#f")}, {"prefix_rewrite": d.pick("/p", "/", "/p/")}, {"regex_rewrite": rewrite(d)})}
    route = d.pick(*([{"cluster": d.pick(*CLUSTERS)}] * 6), {"cluster": "@dead"}, {"cluster_header": "x-cluster"}, {"cluster": "@nope"},
                   {"weighted_clusters": {"clusters": [{"name": d.pick(*CLUSTERS), "weight": w, **header_rules(d, 0.3),
                                                        **d.fields(0.2, host_rewrite_literal=lambda: "w.example")} for w in d.pick([1, 0], [0, 5], [100])]}})
    if d.often(0.05):
        route["cluster_not_found_response_code"] = d.pick("NOT_FOUND", "SERVICE_UNAVAILABLE", "INTERNAL_SERVER_ERROR")
    route["timeout"] = d.pick("0s", "0s", "0s", "0.4s", "15s")
    route.update(d.pick(*([{}] * 5), {"prefix_rewrite": d.pick("/r", "/", "/r/", "/r?k=v")}, {"regex_rewrite": rewrite(d)}))
    route.update(d.pick(*([{}] * 6), {"host_rewrite_literal": d.pick("new.example", "gw.example")}, {"host_rewrite_header": "x-a"}, {"auto_host_rewrite": True},
                        {"host_rewrite_path_regex": {"pattern": {"regex": "^/([^/]+)/.*$"}, "substitution": "\\1.example"}}))
    route.update(d.fields(0.07, append_x_forwarded_host=lambda: True, idle_timeout=lambda: d.pick("0.4s", "0s", "9s"), retry_policy=lambda: retry_policy(d),
                          max_stream_duration=lambda: d.fields(0.7, max_stream_duration=lambda: d.pick("0.4s", "0s", "9s"), grpc_timeout_header_max=lambda: d.pick("0s", "0.4s", "3s"),
                                                               grpc_timeout_header_offset=lambda: d.pick("0.1s", "0.01s")),
                          priority=lambda: d.pick("HIGH", "DEFAULT"), max_grpc_timeout=lambda: d.pick("0s", "0.5s", "3s"), grpc_timeout_offset=lambda: "0.1s",
                          cors=lambda: cors_fields(d),
                          internal_redirect_policy=lambda: d.fields(0.5, max_internal_redirects=lambda: d.pick(1, 2), redirect_response_codes=lambda: [302, 307],
                                                                    allow_cross_scheme_redirect=lambda: True)))
    if route.get("retry_policy") is None and d.often(0.12):
        route["retry_policy"] = retry_policy(d)
    return {"route": route}


def rewrite(d):
    return {"pattern": {"regex": d.pick("^/pkg", "([^/]+)/([^/]+)$", "Method", "/", "[?].*", "(x)?b")},
            "substitution": d.pick("/new", "\\2/\\1", "\\0\\0", "", "a\\\\b") if d.often(0.8) else "z"}


def route(d):
    made = {"match": route_match(d), **action(d), **header_rules(d, 0.1)}
    if d.often(0.3):
        made["name"] = d.pick("r1", "route two")
    if d.often(0.15):
        made["typed_per_filter_config"] = {"envoy.filters.http.cors": cors_policy(d)}
    return made


def virtual_host(d, domains):
    routes = d.some(lambda: route(d), 3)
    if d.often(0.7):
        routes.append({"match": {"prefix": "/"}, "route": {"cluster": d.pick(*CLUSTERS), "timeout": d.pick("0s", "0.5s")}})
    made = {"name": "v" + str(len(domains[0])) + domains[0].replace("*", "any").replace(".", "").replace(":", ""), "domains": domains, "routes": routes, **header_rules(d, 0.1)}
    made.update(d.fields(0.08, retry_policy=lambda: retry_policy(d), include_request_attempt_count=lambda: d.often(0.8)))
    if d.often(0.3):
        made["typed_per_filter_config"] = {"envoy.filters.http.cors": cors_policy(d)}
    elif d.often(0.1):
        made["cors"] = cors_fields(d)
    return made


def route_config(d):
    pool = ["gw.example", "*.gw.example", "*.example", "a.gw.example", "gw.*", "gw.example:8080", "*-x.example", "other.test", "GW.example:80"]
    d.rng.shuffle(pool)
    hosts = []
    if d.often(0.3):
        hosts = [virtual_host(d, [pool.pop() for _ in range(d.rng.randint(1, 2))]) for _ in range(d.rng.randint(1, 3))]
    if not hosts or d.often(0.7):
        hosts.append(virtual_host(d, ["*"]))
    made = {"name": "routes", "virtual_hosts": hosts, **header_rules(d, 0.1), "validate_clusters": False}
    made.update(d.fields(0.15, most_specific_header_mutations_wins=lambda: d.often(0.8), ignore_port_in_host_matching=lambda: d.often(0.8)))
    return made


def mapper(d):
    made = {"filter": d.pick({"status_code_filter": {"comparison": {"op": d.pick("EQ", "GE", "LE", "NE"), "value": {"default_value": d.pick(404, 400, 503, 504), "runtime_key": "none"}}}},
                             {"response_flag_filter": {"flags": d.some(lambda: d.pick("NR", "UF", "UT", "NC", "URX"), 2)}},
                             {"header_filter": {"header": header_match(d)}}, {"not_health_check_filter": {}},
                             {"and_filter": {"filters": [{"header_filter": {"header": header_match(d)}}, {"not_health_check_filter": {}}]}})}
    made.update(d.fields(0.5, status_code=lambda: d.pick(200, 401, 418, 500), body=lambda: {"inline_string": d.pick("mapped", "", "m %RESPONSE_CODE%")},
                         body_format_override=lambda: body_format(d), headers_to_add=lambda: d.some(lambda: added(d), 2)))
    return made


def body_format(d):
    made = d.pick({"text_format_source": {"inline_string": d.pick("%LOCAL_REPLY_BODY% and %RESPONSE_CODE%\n", "code=%RESPONSE_CODE% path=%REQ(:PATH)%", "")}},
                  {"json_format": {"b": "%LOCAL_REPLY_BODY%", "code": "%RESPONSE_CODE%", "d": "%RESPONSE_CODE_DETAILS%", "n": {"p": "%PROTOCOL%"}}})
    made.update(d.fields(0.25, content_type=lambda: d.pick("text/html; charset=UTF-8", "application/problem+json")))
    return made


def manager(d):
    filters = [("envoy.filters.http.grpc_web", "filters.http.grpc_web.v3.GrpcWeb"), ("envoy.filters.http.cors", "filters.http.cors.v3.Cors")]
    if d.often(0.3):
        filters.reverse()
    if d.often(0.1):
        filters = [f for f in filters if "grpc_web" in f[0]]
    router = {"@": "filters.http.router.v3.Router"} | d.fields(0.08, suppress_envoy_headers=lambda: True, respect_expected_rq_timeout=lambda: True, start_child_span=lambda: False)
    made = {"route_config": route_config(d),
            "http_filters": [{"name": n, "typed_config": {"@": t}} for n, t in filters] + [{"name": "envoy.filters.http.router", "typed_config": router}]}
    made.update(d.fields(0.1, server_name=lambda: "me", server_header_transformation=lambda: d.pick("OVERWRITE", "APPEND_IF_ABSENT", "PASS_THROUGH"),
                         use_remote_address=lambda: d.often(0.7), xff_num_trusted_hops=lambda: d.pick(0, 1, 2), skip_xff_append=lambda: d.often(0.7),
                         generate_request_id=lambda: d.often(0.3), preserve_external_request_id=lambda: d.often(0.7),
                         always_set_request_id_in_response=lambda: d.often(0.8),
                         local_reply_config=lambda: d.fields(0.7, mappers=lambda: d.some(lambda: mapper(d), 2), body_format=lambda: body_format(d)),
                         max_request_headers_kb=lambda: d.pick(1, 60),
                         strip_trailing_host_dot=lambda: d.often(0.8), request_timeout=lambda: d.pick("0s", "9s"), stream_idle_timeout=lambda: d.pick("0s", "0.6s", "9s"),
                         http_protocol_options=lambda: d.fields(0.4, enable_trailers=lambda: d.often(0.8), accept_http_10=lambda: d.often(),
                                                                header_key_format=lambda: {"proper_case_words": {}}, allow_absolute_url=lambda: d.often()),
                         http2_protocol_options=lambda: d.fields(0.4, max_concurrent_streams=lambda: 10, allow_connect=lambda: d.often())))
    made.update(d.fields(0.25, normalize_path=lambda: d.often(0.8), merge_slashes=lambda: d.often(0.8),
                         path_with_escaped_slashes_action=lambda: d.pick("KEEP_UNCHANGED", "REJECT_REQUEST", "UNESCAPE_AND_REDIRECT", "UNESCAPE_AND_FORWARD")))
    made.update(d.pick({}, {}, {}, {"strip_matching_host_port": True}, {"strip_any_host_port": True}))
    common = d.fields(0.07, headers_with_underscores_action=lambda: d.pick("ALLOW", "REJECT_REQUEST", "DROP_HEADER"), max_stream_duration=lambda: d.pick("0.5s", "9s"),
                      max_headers_count=lambda: d.pick(8, 100), max_requests_per_connection=lambda: d.pick(1, 2))
    if common:
        made["common_http_protocol_options"] = common
    return made


def clusters(d):
    return {"a": {"kind": "h2"}, "b": {"kind": "h2"}, "h": {"kind": "h1"}, "dead": {"kind": "dead"}}
