package io.grpcweb.gateway.filter.extauthz;

import io.grpcweb.gateway.filter.service.GrpcService;
import io.grpcweb.gateway.filter.service.ServiceMethod;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.SideCall;
import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.http.Substitution;
import io.grpcweb.gateway.http.UnaryCalls;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.function.Consumer;

/** Asks over gRPC (envoy/service/auth/v3/external_auth.proto). An answer that cannot be read is an error. */
final class GrpcAuthority implements Authority {
    private static final String PATH = "/envoy.service.auth.v3.Authorization/Check";

    private final ServiceMethod method;
    private final CheckRequest request;

    GrpcAuthority(GrpcService service, CheckRequest request, SideCalls calls, Substitution.Compiler compiler) {
        this.method = new ServiceMethod(service, PATH, calls, compiler);
        this.request = request;
    }

    @Override
    public SideCall ask(Question question, Consumer<Decision> decided) {
        return method.call(question.exchange(), request.of(question), new Answer(question.exchange(), decided));
    }

    private record Answer(Exchange exchange, Consumer<Decision> decided) implements UnaryCalls.Observer {
        @Override
        public void answered(ByteBuf lent) {
            Decision decision;
            try {
                decision = CheckResponse.read(lent);
                tag(decision.verdict);
            } catch (IOException e) {
                decision = Decision.error();
            }
            decided.accept(decision);
        }

        /** As Envoy writes it on the span of the call. */
        private void tag(Decision.Verdict verdict) {
            if (exchange.info().trace != null && verdict != Decision.Verdict.ERROR) {
                exchange.info()
                        .trace
                        .tagSide(
                                "ext_authz_status",
                                verdict == Decision.Verdict.PASS ? "ext_authz_ok" : "ext_authz_unauthorized");
            }
        }

        @Override
        public void failed(GrpcStatus status, String message) {
            decided.accept(Decision.error());
        }

        @Override
        public void broken(Throwable fault) {
            exchange.broken(fault);
        }
    }
}
