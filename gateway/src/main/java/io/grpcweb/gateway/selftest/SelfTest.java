package io.grpcweb.gateway.selftest;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/** Runs the list through a gateway, in each way that a browser can call. */
public final class SelfTest {
    private static final long CELL_SECONDS = 20;

    private final int clearPort;
    private final int securedPort;
    private final SSLContext trust;

    /**
     * Through a gateway on the loopback in front of a test service.
     *
     * @param trust trusts the certificate of its listener with TLS
     */
    public SelfTest(int clearPort, int securedPort, SSLContext trust) {
        this.clearPort = clearPort;
        this.securedPort = securedPort;
        this.trust = trust;
    }

    /** The page that calls, which the gateway has to allow. */
    public static String origin() {
        return Caller.ORIGIN;
    }

    /** Every cell; each ends in its time. */
    public ResultTable run() throws InterruptedException {
        Map<InteropTest, Map<Wire, String>> rows = new LinkedHashMap<>();
        InteropList.ALL.forEach(test -> rows.put(test, new LinkedHashMap<>()));
        ExecutorService threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "selftest");
            thread.setDaemon(true);
            return thread;
        });
        try {
            for (Wire wire : Wire.values()) {
                Caller caller = new Caller(wire, clearPort, securedPort, trust);
                for (InteropTest test : InteropList.ALL) {
                    if (test.fits(wire)) {
                        rows.get(test).put(wire, cell(threads, test, caller));
                    }
                }
            }
        } finally {
            threads.shutdownNow();
        }
        return new ResultTable(rows);
    }

    /** What is wrong; empty for nothing. */
    private static String cell(ExecutorService threads, InteropTest test, Caller caller) throws InterruptedException {
        Future<?> running = threads.submit(() -> {
            test.steps().run(caller);
            return null;
        });
        try {
            running.get(CELL_SECONDS, TimeUnit.SECONDS);
            return "";
        } catch (TimeoutException e) {
            running.cancel(true);
            return "no end after " + CELL_SECONDS + " s";
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            return cause instanceof Mismatch ? cause.getMessage() : cause.toString();
        }
    }
}
