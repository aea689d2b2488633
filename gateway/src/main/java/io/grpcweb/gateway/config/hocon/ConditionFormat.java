package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.AccessLogConfig.Comparison;
import io.grpcweb.gateway.config.AccessLogConfig.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Conditions on a finished request in the gateway's own format; several of them in one section must all hold. */
final class ConditionFormat {
    private ConditionFormat() {}

    /** The condition that a section stands for. */
    static Optional<Filter> joined(List<Filter> conditions) {
        return conditions.size() > 1
                ? Optional.of(new Filter.And(conditions))
                : conditions.stream().findFirst();
    }

    /** The conditions of a section; one that is written stands alone in it. */
    static List<Filter> all(Fields own, List<Filter> given) {
        Optional<Filter> only = given.stream().findFirst();
        List<Filter> found = new ArrayList<>();
        comparison(own, "status", Either.part(only, Filter.StatusCode.class).map(Filter.StatusCode::comparison))
                .ifPresent(one -> found.add(new Filter.StatusCode(one)));
        comparison(
                        own,
                        "duration-ms",
                        Either.part(only, Filter.DurationMillis.class).map(Filter.DurationMillis::comparison))
                .ifPresent(one -> found.add(new Filter.DurationMillis(one)));
        if (own.flag(
                "not-health-check",
                Either.part(only, Filter.NotHealthCheck.class).isPresent())) {
            found.add(new Filter.NotHealthCheck());
        }
        own.ifWritten(
                        "response-flags",
                        Either.part(only, Filter.ResponseFlag.class),
                        new Filter.ResponseFlag(List.of()),
                        (fields, one) -> new Filter.ResponseFlag(fields.texts("response-flags", one.flags())))
                .ifPresent(found::add);
        statuses(own, "grpc-status", only, false).ifPresent(found::add);
        statuses(own, "grpc-status-not", only, true).ifPresent(found::add);
        own.section(
                        "header",
                        Either.part(only, Filter.Header.class).map(Filter.Header::match),
                        MatchFormat.NO_HEADER,
                        MatchFormat::header)
                .ifPresent(one -> found.add(new Filter.Header(one)));
        own.ifWritten(
                        "share",
                        Either.part(only, Filter.Fraction.class),
                        new Filter.Fraction(1),
                        (fields, one) -> new Filter.Fraction(fields.share("share", one.share())))
                .ifPresent(found::add);
        several(own, "all", Either.part(only, Filter.And.class).map(Filter.And::filters))
                .ifPresent(list -> found.add(new Filter.And(list)));
        several(own, "any", Either.part(only, Filter.Or.class).map(Filter.Or::filters))
                .ifPresent(list -> found.add(new Filter.Or(list)));
        return found;
    }

    private static Optional<Filter.GrpcStatus> statuses(
            Fields own, String key, Optional<Filter> given, boolean exclude) {
        return own.ifWritten(
                key,
                Either.part(given, Filter.GrpcStatus.class).filter(one -> one.exclude() == exclude),
                new Filter.GrpcStatus(List.of(), exclude),
                (fields, one) -> new Filter.GrpcStatus(fields.integers(key, one.statuses()), exclude));
    }

    private static Optional<List<Filter>> several(Fields own, String key, Optional<List<Filter>> given) {
        return own.ifWritten(
                key,
                given,
                List.of(),
                (fields, list) ->
                        fields
                                .sections(key, list.stream().map(List::of).toList(), List.of(), ConditionFormat::all)
                                .stream()
                                .flatMap(one -> joined(one).stream())
                                .toList());
    }

    /** {@code ">= 500"}. */
    private static Optional<Comparison> comparison(Fields own, String key, Optional<Comparison> given) {
        return own.text(key, given.map(ConditionFormat::text)).flatMap(text -> {
            String[] words = text.strip().split("\\s+", 2);
            Optional<Comparison.Op> op = words.length < 2
                    ? Optional.of(Comparison.Op.EQ)
                    : switch (words[0]) {
                        case "=", "==" -> Optional.of(Comparison.Op.EQ);
                        case ">=" -> Optional.of(Comparison.Op.GE);
                        case "<=" -> Optional.of(Comparison.Op.LE);
                        case "!=" -> Optional.of(Comparison.Op.NE);
                        default -> Optional.empty();
                    };
            String number = words[words.length - 1];
            if (op.isEmpty() || !number.matches("\\d{1,10}")) {
                own.error(
                        key, "'" + text + "' is no condition: write such as \">= 500\", with one of =, !=, >= and <=");
                return Optional.empty();
            }
            return Optional.of(new Comparison(op.get(), Long.parseLong(number)));
        });
    }

    private static String text(Comparison comparison) {
        String operator =
                switch (comparison.op()) {
                    case EQ -> "=";
                    case NE -> "!=";
                    case GE -> ">=";
                    case LE -> "<=";
                };
        return operator + " " + comparison.value();
    }
}
