package io.grpcweb.gateway.http;

import io.grpcweb.gateway.config.Metadata;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.EnumSet;

/**
 * The facts of one exchange: written by the filters that see them, on the exchange's event loop, and read by telemetry
 * when it ends. Data without behaviour, hence the open fields. Times are {@link System#nanoTime}; 0 means "not yet".
 */
public final class StreamInfo {
    public final ConnectionInfo connection;
    public final long startMillis;
    public final long startNanos;

    /** Between the client and the gateway. */
    public Protocol protocol;

    /** As changed on the way to the backend; {@link #originalPath} keeps what the client asked for. */
    public Http2Headers requestHeaders;

    /** As sent to the client; null while there is none. */
    public Http2Headers responseHeaders;

    /** As the backend sent them, before they became a trailers frame; null where there were none. */
    public Http2Headers responseTrailers;

    public String originalPath;

    /** The protocol that the request asks to switch to, lower-case, such as {@code websocket}; null for none. */
    public String upgrade;

    /** Whether fields of it stood in its query, so that no browser has asked whether its page may call. */
    public boolean preflightFree;

    /** Whether a WebSocket carries it. */
    public boolean onWebSocket;

    /** The origin of the page among whose calls over HTTP/1.1 it counts; null where nobody counts it. */
    public String countedFor;

    public CallFormat format = CallFormat.HTTP;
    public String routeName = "";
    public String virtualHost = "";

    /** Name of the listener's filter chain; null where it has none. */
    public String filterChain;

    /** Of the route or the cluster that was asked; null where none was. */
    public String cluster;

    public String upstreamHost;
    public SocketAddress upstreamRemote;
    public SocketAddress upstreamLocal;

    /** Between the gateway and the backend; null where no connection was used. */
    public Protocol upstreamProtocol;

    public String upstreamFailure;

    /** Counts up from 1; 0 where no connection was used. */
    public long upstreamConnectionId;

    /** Null where no connection was used, and in cleartext. */
    public TlsFacts upstreamTls;

    public String upstreamServerName;

    /** When the last attempt began, and when it had a connection. */
    public long attemptNanos;

    public long poolReadyNanos;

    public int attempts;

    /** How many redirects of backends were followed. */
    public int redirects;

    /** The endpoint that the first attempt goes to; null where the load balancer chooses. */
    public Destination destination;

    /** A cookie that keeps the client at one endpoint, for the response; null for none. */
    public String setCookie;

    /** The client's address by x-forwarded-for and the rules about it; null means the peer. */
    public String clientAddress;

    public int responseCode;

    /** Whether the client did not get the response to its end, or broke it off itself. */
    public boolean aborted;

    /** As the caller is told it, wherever it stands; -1 while unknown or where the call is not gRPC. */
    public int grpcStatus = -1;

    /** Why it ended as it did; null while that is unknown. */
    public Details details;

    /** Whether the gateway itself refused or failed it, for whatever reason. */
    public boolean refused;

    /** Whether a load balancer asks how the gateway is. */
    public boolean healthCheck;

    /** The text of a local reply, before it was put into another form; null where it is not. */
    public String localReplyBody;

    /** Whether a filter knows that the call may be executed more than once, and wants it to be tried again. */
    public boolean idempotent;

    /** What went to backends and came from them; null where no access log says it, so that nobody counts. */
    public WireBytes upstreamBytes;

    /** What filters have found out; null while that is nothing. */
    public DynamicMetadata metadata;

    /** What the route says for others to read. */
    public Metadata routeMetadata = Metadata.NONE;

    /** What filters keep for one another; null while that is nothing. */
    public FilterState filterState;

    /** Null where nobody traces. */
    public CallTrace trace;

    private EnumSet<ResponseFlag> flags;

    /** Body bytes from the client as they came, and to it as they left. */
    public long bytesReceived;

    public long bytesSent;
    public long requestMessages;
    public long responseMessages;

    public long lastRequestByteNanos;
    public long firstUpstreamTxNanos;
    public long lastUpstreamTxNanos;
    public long firstUpstreamRxNanos;
    public long lastUpstreamRxNanos;
    public long firstResponseByteNanos;
    public long endNanos;

    public StreamInfo(ConnectionInfo connection, long startNanos) {
        this(connection, System.currentTimeMillis(), startNanos);
    }

    /** Of what began then, in milliseconds since 1970 too. */
    public StreamInfo(ConnectionInfo connection, long startMillis, long startNanos) {
        this.connection = connection;
        this.startMillis = startMillis;
        this.startNanos = startNanos;
    }

    /** Has the bytes to and from backends counted; to be called when the exchange starts. */
    public void countUpstreamBytes() {
        if (upstreamBytes == null) {
            upstreamBytes = new WireBytes();
        }
    }

    /** What filters have found out, to be added to. */
    public DynamicMetadata addMetadata() {
        if (metadata == null) {
            metadata = new DynamicMetadata();
        }
        return metadata;
    }

    /** What a filter has found out; null for nothing. */
    public <T> T metadata(MetadataKey<T> key) {
        return metadata == null ? null : metadata.get(key);
    }

    /** What filters keep for one another, to be added to. */
    public FilterState addState() {
        if (filterState == null) {
            filterState = new FilterState();
        }
        return filterState;
    }

    /** An object of the filter state as a text; null where there is none. */
    public String state(String key) {
        FilterState.Entry entry = filterState == null ? null : filterState.get(key);
        return entry == null ? null : entry.plain();
    }

    /** The client, by x-forwarded-for as far as that is trusted; null where it has no IP address. */
    public InetAddress client() {
        if (clientAddress != null) {
            return NetUtil.createInetAddressFromIpAddressString(clientAddress);
        }
        return connection.remote() instanceof InetSocketAddress peer ? peer.getAddress() : null;
    }

    /** Notes why the gateway itself answers, or breaks the response off. */
    public void ended(LocalReply reason) {
        if (reason.flag() != null) {
            flag(reason.flag());
        }
        details = reason.details();
        refused |= reason.isRefusal();
    }

    /** Notes a reason; several may apply. */
    public void flag(ResponseFlag flag) {
        if (flags == null) {
            flags = EnumSet.of(flag);
        } else {
            flags.add(flag);
        }
    }

    public boolean has(ResponseFlag flag) {
        return flags != null && flags.contains(flag);
    }

    /** Whether any reason was noted. */
    public boolean hasFlags() {
        return flags != null;
    }

    /** The reasons in Envoy's order; a copy. */
    public EnumSet<ResponseFlag> flags() {
        return flags == null ? EnumSet.noneOf(ResponseFlag.class) : EnumSet.copyOf(flags);
    }
}
