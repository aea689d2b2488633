package io.grpcweb.gateway.http;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.Metadata;
import io.grpcweb.gateway.config.RouteConfig;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its response: the chain of filters they pass, the route they take, and how they end. Confined to the
 * event loop of its downstream connection.
 */
public final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final StreamInfo info;
    private final HttpConfig http;
    private final ErrorFormat errorFormat;
    private final EventExecutor executor;
    private final ByteBufAllocator allocator;
    private final ExchangeTimer timer;
    private final ExchangeObserver observer;
    private final AttemptObserver attempts;

    private HttpFilter top;
    private HttpFilter bottom;
    private Routing routing;
    private RouteConfig.VirtualHost virtualHost;
    private RouteConfig.WeightedCluster drawn;
    private RouteConfig.Route route;
    private HeaderEdits headerEdits = HeaderEdits.NONE;
    private LocalReplies localReplies = LocalReplies.NONE;
    private LocalReply localReply;
    private boolean responseStarted;
    private boolean requestEnded;
    private boolean over;
    private Runnable atEnd;

    public Exchange(
            StreamInfo info,
            HttpConfig http,
            ErrorFormat errorFormat,
            ExchangeTimers timers,
            ByteBufAllocator allocator,
            ExchangeObserver observer) {
        this.info = info;
        this.http = http;
        this.errorFormat = errorFormat;
        this.executor = timers.executor();
        this.allocator = allocator;
        this.observer = observer;
        this.attempts = observer.attempts();
        this.timer = new ExchangeTimer(this, timers, http.timeouts());
        observer.started(info);
    }

    /**
     * An exchange beside this one, on the same connection: a call that a WebSocket carries.
     *
     * @param timers of what the WebSocket carries
     */
    public Exchange beside(StreamInfo facts, ExchangeTimers timers) {
        facts.filterChain = info.filterChain;
        return new Exchange(facts, http, errorFormat, timers, allocator, observer);
    }

    public StreamInfo info() {
        return info;
    }

    public HttpConfig http() {
        return http;
    }

    public ErrorFormat errorFormat() {
        return errorFormat;
    }

    /** The event loop that everything of this exchange happens on. */
    public EventExecutor executor() {
        return executor;
    }

    /** Who is told of its attempts at backends; null for nobody. */
    public AttemptObserver attempts() {
        return attempts;
    }

    public ExchangeTimer timer() {
        return timer;
    }

    /** The virtual host of the request's authority; null where none fits. */
    public RouteConfig.VirtualHost virtualHost() {
        return virtualHost;
    }

    /** The route; null where none fits. It stays what it was when the request arrived, unless a filter reroutes it. */
    public RouteConfig.Route route() {
        return route;
    }

    public void routed(RouteConfig.VirtualHost host, RouteConfig.Route chosen) {
        virtualHost = host;
        route = chosen;
        drawn = null;
        info.virtualHost = host == null ? "" : host.name();
        info.routeName = chosen == null ? "" : chosen.name();
        info.routeMetadata = chosen == null ? Metadata.NONE : chosen.metadata();
        if (chosen != null
                && chosen.action() instanceof RouteConfig.Forward forward
                && forward.cluster() instanceof RouteConfig.ClusterChoice.Named named) {
            info.cluster = named.cluster();
        }
    }

    /** Says who can choose the route anew. */
    public void routing(Routing by) {
        routing = by;
    }

    /**
     * Chooses the route anew, for a filter that has changed what it was chosen by. The filters of the exchange stay, with
     * the settings of the first route; what the new one changes of heads, its deadlines and its cluster count from now on.
     * Only before the router has seen the request.
     *
     * @throws IllegalStateException where it is too late: an attempt has begun, or the exchange is answered
     */
    public void reroute() {
        if (info.attempts > 0 || localReply != null || over) {
            throw new IllegalStateException("the exchange is on its way already");
        }
        info.cluster = null;
        routing.reroute(this, info.requestHeaders);
    }

    /**
     * Serves the exchange anew with another request, from the first filter on: those that it has passed are cancelled. Only while
     * nothing of a response has left.
     *
     * @param body whole; taken over
     * @return false where there is no route for it, and all is as it was
     */
    public boolean restart(Http2Headers head, ByteBuf body) {
        if (over || localReply != null || responseStarted || !routing.restart(this, top, head)) {
            body.release();
            return false;
        }
        info.attempts = 0;
        boolean end = !body.isReadable();
        boolean mine = true;
        try {
            top.requestHead(head, end);
            if (!end && !over && localReply == null) {
                mine = false;
                top.requestData(body, true);
            }
        } catch (RuntimeException | VirtualMachineError e) {
            broken(e);
        } finally {
            if (mine) {
                body.release();
            }
        }
        return true;
    }

    /** What the configuration changes of heads, and of local replies. */
    public void rules(HeaderEdits edits, LocalReplies replies) {
        headerEdits = edits;
        localReplies = replies;
    }

    /** What is changed of the heads of this exchange. */
    public HeaderEdits headerEdits() {
        return drawn == null ? headerEdits : headerEdits.with(drawn);
    }

    /** The route leaves the cluster to chance, and this one was drawn; null where the weights give none. */
    public void drawn(RouteConfig.WeightedCluster cluster) {
        drawn = cluster;
        info.cluster = cluster == null ? null : cluster.cluster();
    }

    /** The cluster that was drawn; null where none was yet. */
    public RouteConfig.WeightedCluster drawn() {
        return drawn;
    }

    /** Says which filters are the ends of the chain: local replies start at the lowest one. */
    public void chain(HttpFilter uppermost, HttpFilter lowest) {
        top = uppermost;
        bottom = lowest;
    }

    /** Where local replies enter the chain. */
    public HttpFilter lowest() {
        return bottom;
    }

    /** The client's end of the chain: a response that enters here passes no filter. */
    public HttpFilter uppermost() {
        return top;
    }

    /** The response of the gateway's own that is on its way up; null while the response is the backend's. */
    public LocalReply localReply() {
        return localReply;
    }

    /** Whether the head of the response has left for the client. */
    public boolean isResponseStarted() {
        return responseStarted;
    }

    public boolean isRequestEnded() {
        return requestEnded;
    }

    /** Whether nothing more can happen. */
    public boolean isOver() {
        return over;
    }

    /** The uppermost filter has sent the head of the response. */
    public void responseStarted(Http2Headers head) {
        responseStarted = true;
        info.responseHeaders = head;
        info.responseCode = status(head);
        info.firstResponseByteNanos = timer.touch();
    }

    /** The uppermost filter has handed down the last part of the request. */
    public void requestEnded() {
        requestEnded = true;
        info.lastRequestByteNanos = timer.requestEnded();
    }

    /**
     * Ends the exchange with a local reply. It enters at the bottom and passes the same filters as any
     * other response; where the head of a response has left already, the filters are told that the rest cannot come.
     */
    public void reply(LocalReply reply) {
        if (over || localReply != null) {
            return;
        }
        LocalReply told = explained(reply);
        answering(told);
        try {
            bottom.cancel();
            if (responseStarted) {
                bottom.responseAbort(told);
            } else {
                render(told, bottom);
            }
        } catch (RuntimeException | VirtualMachineError e) {
            LOG.error(
                    "{}: a fault of the gateway, on the way of an answer of its own",
                    ForeignText.of(info.originalPath),
                    e);
            passBy(reply);
        }
    }

    /**
     * As the caller is told it: in the gateway's own error format, a message of its own to a call says where the documentation
     * explains it.
     */
    public LocalReply explained(LocalReply reply) {
        return errorFormat == ErrorFormat.BROWSER && info.format != CallFormat.HTTP ? reply.explained() : reply;
    }

    /**
     * Ends the exchange with a response that a filter makes whole, such as the one to a preflight. Neither the
     * route nor the configuration of local replies changes it.
     *
     * @param head with the status of the reply, and whatever else the filter says
     * @param from where it enters: at the filter that makes it, or at the lowest one
     */
    public void reply(LocalReply reply, Http2Headers head, HttpFilter from) {
        if (over || localReply != null) {
            return;
        }
        answering(reply);
        try {
            from.responseHead(head, true);
        } catch (RuntimeException | VirtualMachineError e) {
            broken(e);
        }
    }

    private void answering(LocalReply reply) {
        localReply = reply;
        info.ended(reply);
    }

    /**
     * Puts another response in the place of the one whose head is on its way up. What still comes of the old one is for the
     * caller to drop; a call to a backend is given up.
     *
     * @param above where the new one enters, so that the filters from there on make what they make of local replies
     */
    public void replace(LocalReply reply, HttpFilter above) {
        if (over || responseStarted) {
            return;
        }
        boolean mine = localReply != null;
        answering(reply);
        try {
            if (!mine) {
                bottom.cancel();
            }
            render(reply, above);
        } catch (RuntimeException | VirtualMachineError e) {
            LOG.error(
                    "{}: a fault of the gateway, on the way of an answer of its own",
                    ForeignText.of(info.originalPath),
                    e);
            passBy(reply);
        }
    }

    private void render(LocalReply made, HttpFilter entry) {
        Http2Headers head = new DefaultHttp2Headers(false).status(Integer.toString(made.httpStatus()));
        headerEdits().response(head, info);
        for (Map.Entry<String, String> field : made.headers()) {
            head.add(field.getKey(), field.getValue());
        }
        LocalReply reply = localReplies.rewrite(made, head, info);
        localReply = reply;
        if (info.format == CallFormat.GRPC) {
            head.status("200").set(HttpHeaderNames.CONTENT_TYPE, "application/grpc");
            head.remove(HttpHeaderNames.CONTENT_LENGTH);
            head.set(GrpcHeaders.STATUS, Integer.toString(reply.grpcStatus()));
            if (!reply.message().isEmpty()) {
                head.set(GrpcHeaders.MESSAGE, PercentEncoding.encode(reply.message()));
            }
            info.grpcStatus = reply.grpcStatus();
            entry.responseHead(head, true);
            return;
        }
        byte[] body = reply.message().getBytes(StandardCharsets.UTF_8);
        boolean noBody = body.length == 0;
        if (noBody) {
            head.remove(HttpHeaderNames.CONTENT_LENGTH);
            head.remove(HttpHeaderNames.CONTENT_TYPE);
        } else {
            head.set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
            if (!head.contains(HttpHeaderNames.CONTENT_TYPE)) {
                head.set(HttpHeaderNames.CONTENT_TYPE, "text/plain");
            }
        }
        boolean headOnly = noBody || isHead();
        entry.responseHead(head, headOnly);
        if (!headOnly && !over) {
            entry.responseData(Unpooled.wrappedBuffer(body), true);
        }
    }

    /** Nothing follows the head of a response to HEAD; its fields are those of a response to GET (RFC 9110 section 9.3.2). */
    private boolean isHead() {
        return info.requestHeaders != null
                && info.requestHeaders.method() != null
                && "HEAD".contentEquals(info.requestHeaders.method());
    }

    /** The connection says whether it takes more of the response at the moment. */
    public void responseWritable(boolean writable) {
        if (top != null && !over) {
            top.responseWritable(writable);
        }
    }

    /** The connection is to end when its exchanges have. */
    public void drain() {
        if (top != null && !over) {
            top.drain();
        }
    }

    /** A filter has ended the response although the backend has not: the call to the backend is cancelled. */
    public void giveUpUpstream() {
        bottom.cancel();
    }

    /** Where filters take buffers from. */
    public ByteBufAllocator allocator() {
        return allocator;
    }

    /** The gateway itself failed in one of the filters: the log says where, the caller is told, no other exchange suffers. */
    public void broken(Throwable fault) {
        LOG.error("{}: a fault of the gateway", ForeignText.of(info.originalPath), fault);
        LocalReply reply = LocalReply.internalError();
        reply(reply);
        passBy(reply);
    }

    /** Where the fault is on the way up, the filters there are not asked again. */
    private void passBy(LocalReply reply) {
        if (over) {
            return;
        }
        if (responseStarted) {
            top.responseAbort(reply);
        } else {
            top.responseHead(new DefaultHttp2Headers(false).status(Integer.toString(reply.httpStatus())), true);
        }
        try {
            // They have not seen the response, and may still hold something.
            top.cancel();
        } catch (RuntimeException | VirtualMachineError e) {
            LOG.error("{}: a fault of the gateway, at the end of an exchange", ForeignText.of(info.originalPath), e);
        }
    }

    /** The client has gone: whatever is under way is given up. */
    public void cancelled(ResponseFlag flag, Details details) {
        if (over) {
            return;
        }
        info.flag(flag);
        info.aborted = true;
        info.details = details;
        end();
        if (top != null) {
            top.cancel();
        }
    }

    /** The last byte of the response has left, or nothing more will. */
    public void end() {
        if (over) {
            return;
        }
        over = true;
        timer.stop();
        info.endNanos = System.nanoTime();
        observer.ended(info);
        if (atEnd != null) {
            atEnd.run();
        }
    }

    /** Has something done when the exchange is over, however it ends; by whoever counts what is under way. */
    public void atEnd(Runnable action) {
        Runnable before = atEnd;
        atEnd = before == null
                ? action
                : () -> {
                    before.run();
                    action.run();
                };
    }

    /** The number in {@code :status}. */
    public static int status(Http2Headers head) {
        CharSequence status = head.status();
        return status == null ? 0 : Math.max(0, GrpcStatus.parse(status));
    }
}
