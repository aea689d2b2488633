package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.envoy.EmbeddedFilters;
import io.grpcweb.gateway.config.hocon.FilterFormats;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.filter.adaptiveconcurrency.AdaptiveConcurrencyKind;
import io.grpcweb.gateway.filter.admissioncontrol.AdmissionControlKind;
import io.grpcweb.gateway.filter.apikey.ApiKeyKind;
import io.grpcweb.gateway.filter.bandwidthlimit.BandwidthLimitKind;
import io.grpcweb.gateway.filter.basicauth.BasicAuthKind;
import io.grpcweb.gateway.filter.buffer.BufferKind;
import io.grpcweb.gateway.filter.calllimit.CallLimitKind;
import io.grpcweb.gateway.filter.compressor.CompressorKind;
import io.grpcweb.gateway.filter.connect.ConnectKind;
import io.grpcweb.gateway.filter.cors.CorsKind;
import io.grpcweb.gateway.filter.csrf.CsrfKind;
import io.grpcweb.gateway.filter.customresponse.CustomResponseKind;
import io.grpcweb.gateway.filter.decompressor.DecompressorKind;
import io.grpcweb.gateway.filter.extauthz.ExtAuthzKind;
import io.grpcweb.gateway.filter.fault.FaultKind;
import io.grpcweb.gateway.filter.grpchttp1.GrpcHttp1Kind;
import io.grpcweb.gateway.filter.grpcjsontranscoder.TranscoderKind;
import io.grpcweb.gateway.filter.grpcstats.GrpcStatsKind;
import io.grpcweb.gateway.filter.grpcweb.GrpcWebKind;
import io.grpcweb.gateway.filter.headermutation.HeaderMutationKind;
import io.grpcweb.gateway.filter.headertometadata.HeaderToMetadataKind;
import io.grpcweb.gateway.filter.healthcheck.HealthCheckKind;
import io.grpcweb.gateway.filter.iptagging.IpTaggingKind;
import io.grpcweb.gateway.filter.jwtauthn.JwtAuthnKind;
import io.grpcweb.gateway.filter.messagelimit.MessageLimitKind;
import io.grpcweb.gateway.filter.metadataallowlist.MetadataAllowListKind;
import io.grpcweb.gateway.filter.methoddefaults.MethodDefaultsKind;
import io.grpcweb.gateway.filter.ratelimit.LocalRateLimitKind;
import io.grpcweb.gateway.filter.ratelimitservice.RateLimitServiceKind;
import io.grpcweb.gateway.filter.rbac.RbacKind;
import io.grpcweb.gateway.filter.recorder.RecorderKind;
import io.grpcweb.gateway.filter.router.RouterKind;
import io.grpcweb.gateway.filter.setfilterstate.SetFilterStateKind;
import io.grpcweb.gateway.filter.setmetadata.SetMetadataKind;
import io.grpcweb.gateway.filter.statefulsession.StatefulSessionKind;
import io.grpcweb.gateway.filter.streamrotation.StreamRotationKind;
import io.grpcweb.gateway.format.Substitutions;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * The kinds of filters that exist. Whoever reads a configuration and whoever runs it need the same ones.
 *
 * @param list no two of them have the same settings, type or message
 */
public record FilterKinds(List<FilterKind<?>> list) {

    /** The gateway's own. A new filter is one more line. */
    public static final FilterKinds ALL = new FilterKinds(List.of(
            new CorsKind(),
            new GrpcWebKind(),
            new RouterKind(),
            new HealthCheckKind(),
            new GrpcStatsKind(),
            new LocalRateLimitKind(),
            new HeaderMutationKind(),
            new CsrfKind(),
            new BasicAuthKind(),
            new ApiKeyKind(),
            new HeaderToMetadataKind(),
            new SetMetadataKind(),
            new SetFilterStateKind(),
            new IpTaggingKind(),
            new RbacKind(),
            new JwtAuthnKind(),
            new FaultKind(),
            new BufferKind(),
            new BandwidthLimitKind(),
            new AdmissionControlKind(),
            new AdaptiveConcurrencyKind(),
            new ExtAuthzKind(),
            new RateLimitServiceKind(),
            new StatefulSessionKind(),
            new CustomResponseKind(),
            new CallLimitKind(),
            new MetadataAllowListKind(),
            new MessageLimitKind(),
            new StreamRotationKind(),
            new MethodDefaultsKind(),
            new RecorderKind(),
            new CompressorKind(),
            new DecompressorKind(),
            new ConnectKind(),
            new GrpcHttp1Kind(),
            new TranscoderKind()));

    public FilterKinds {
        list = List.copyOf(list);
    }

    /** These, and one more. */
    public FilterKinds with(FilterKind<?> more) {
        List<FilterKind<?>> all = new ArrayList<>(list);
        all.add(more);
        return new FilterKinds(all);
    }

    /** How they stand in the gateway's own format. */
    public FilterFormats ownFormats() {
        return new FilterFormats(list, new EmbeddedFilters(list, Substitutions::problem));
    }

    /** Makes the factory of a filter. */
    HttpFilterFactory make(FilterConfig config, FilterContext context) {
        for (FilterKind<?> kind : list) {
            if (kind.settings().isInstance(config)) {
                return make(kind, config, context);
            }
        }
        throw new IllegalArgumentException("no kind of filter has the settings " + config);
    }

    private static <C extends FilterConfig> HttpFilterFactory make(
            FilterKind<C> kind, FilterConfig config, FilterContext context) {
        return kind.make(kind.settings().cast(config), context);
    }
}
