package io.grpcweb.gateway.filter.extauthz;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.MetadataMatch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who is asked about a request, what it is told, and what its answer may do.
 *
 * @param off whether calls pass unasked, in a route
 * @param service absent only in settings of a place, where that of the listener counts
 * @param body what of the body the service sees; absent in settings of a place where that of the listener counts
 * @param extensions facts of the place for the service
 * @param enabled share of calls that it is asked about, 0 to 1
 * @param where which of them, by what filters before have found out; absent: all
 * @param shadow whether a call passes whatever the answer is, which is counted only
 * @param denyOthers whether the calls that it is not asked about are refused
 * @param statPrefix a further part of the names of the series; mostly empty
 * @param countAtCluster whether a refusal counts among the responses of the cluster of the call
 */
public record ExtAuthzConfig(
        String name,
        boolean off,
        Optional<AuthzService> service,
        Shown shown,
        Optional<Body> body,
        Map<String, String> extensions,
        Effect effect,
        OnError onError,
        double enabled,
        Optional<MetadataMatch> where,
        boolean shadow,
        boolean denyOthers,
        String statPrefix,
        boolean countAtCluster)
        implements FilterConfig {

    public ExtAuthzConfig {
        extensions = Map.copyOf(extensions);
    }

    @Override
    public boolean readsQuery() {
        return true;
    }

    @Override
    public Set<String> clusters() {
        return off || service.isEmpty() ? Set.of() : Set.of(service.get().cluster());
    }

    /**
     * The part of the body that the service sees.
     *
     * @param most bytes, and the bound of what is held; 0 for no body
     * @param part whether the beginning is enough; else a longer body is answered with 413
     * @param raw whether it is shown as bytes, not as a text
     */
    public record Body(int most, boolean part, boolean raw) {
        /** The service is not shown any. */
        static final Body NONE = new Body(0, false, false);

        /** Of the gateway's own format. */
        static final Body USUAL = new Body(8 * 1024, false, false);
    }

    /**
     * What of a request the service sees besides.
     *
     * @param fields what it sees of the head
     * @param rawFields whether the head is shown as a list, with repeated fields apart
     * @param metadata namespaces of what filters before have found out
     * @param routeMetadata namespaces of what the route says
     */
    public record Shown(
            VisibleFields fields,
            boolean rawFields,
            boolean certificate,
            boolean tlsSession,
            List<String> metadata,
            List<String> routeMetadata) {
        static final Shown USUAL = new Shown(VisibleFields.USUAL, false, false, false, List.of(), List.of());

        public Shown {
            metadata = List.copyOf(metadata);
            routeMetadata = List.copyOf(routeMetadata);
        }
    }

    /**
     * What an answer may do.
     *
     * @param reroute whether the route is chosen anew where the head was changed
     * @param rerouteFields the fields whose change counts for that; empty for all
     * @param keepMetadata whether metadata of the service is kept
     * @param strict whether an answer that names an invalid field is an error
     * @param rules which fields of the request it may change; absent: all
     * @param mostText bytes of a refusal's text; 0 for any length
     */
    public record Effect(
            boolean reroute,
            List<String> rerouteFields,
            boolean keepMetadata,
            boolean strict,
            Optional<MutationRules> rules,
            int mostText) {
        static final Effect USUAL = new Effect(false, List.of(), true, false, Optional.empty(), 0);

        public Effect {
            rerouteFields = List.copyOf(rerouteFields);
        }
    }

    /**
     * What happens where there is no answer that says yes or no.
     *
     * @param pass whether the call goes on
     * @param tell whether the backend is told so
     * @param status the HTTP status of a refusal
     */
    public record OnError(boolean pass, boolean tell, int status) {
        static final OnError REFUSE = new OnError(false, false, 403);
    }

    /** What a place says; the rest is as usual. */
    static ExtAuthzConfig place(
            String name,
            boolean off,
            Optional<AuthzService> service,
            Optional<Body> body,
            Map<String, String> extensions) {
        return new ExtAuthzConfig(
                name,
                off,
                service,
                Shown.USUAL,
                body,
                extensions,
                Effect.USUAL,
                OnError.REFUSE,
                1,
                Optional.empty(),
                false,
                false,
                "",
                true);
    }

    /** The same for a route, a virtual host or a route configuration with settings of its own. */
    ExtAuthzConfig at(ExtAuthzConfig place, Map<String, String> allExtensions) {
        return new ExtAuthzConfig(
                name,
                place.off,
                service,
                shown,
                place.body.map(this::shownAs).or(() -> body),
                allExtensions,
                effect,
                onError,
                enabled,
                where,
                shadow,
                denyOthers,
                statPrefix,
                countAtCluster);
    }

    /** A place says how much is shown, the listener in which form. */
    private Body shownAs(Body of) {
        return new Body(of.most, of.part, body.isPresent() && body.get().raw);
    }

    /** The same with another service. */
    ExtAuthzConfig asking(AuthzService other) {
        return new ExtAuthzConfig(
                name,
                off,
                Optional.of(other),
                shown,
                body,
                extensions,
                effect,
                onError,
                enabled,
                where,
                shadow,
                denyOthers,
                statPrefix,
                countAtCluster);
    }
}
