package io.grpcweb.gateway.cli;

import io.grpcweb.gateway.process.HandOver;
import io.grpcweb.gateway.process.Milestones;
import io.grpcweb.gateway.process.PassedSockets;
import io.grpcweb.gateway.process.Predecessor;
import io.grpcweb.gateway.process.ServiceManager;
import io.grpcweb.gateway.process.SocketActivation;
import io.grpcweb.gateway.runtime.Gateway;
import io.grpcweb.gateway.runtime.Host;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who started the process, whom it takes over from, and who may take over from it. Where none of that is asked for, nothing is
 * opened and no class of it is loaded.
 */
final class Surroundings implements Milestones {
    private static final Logger LOG = LoggerFactory.getLogger(Surroundings.class);

    private final Optional<String> socket;
    private final Duration parentLimit;
    private final Optional<ServiceManager> manager;
    private final Optional<Predecessor> before;
    private final PassedSockets passed;
    private final CompletableFuture<Gateway> gateway = new CompletableFuture<>();
    private final CompletableFuture<HandOver> next = new CompletableFuture<>();

    private Surroundings(CommandOptions.Succeeding options, Map<String, String> environment) throws IOException {
        long pid = ProcessHandle.current().pid();
        socket = options.socket();
        parentLimit = options.parentLimit();
        manager = ServiceManager.of(environment, pid);
        PassedSockets activated = SocketActivation.sockets(environment, pid);
        before = socket.isPresent() ? options.predecessor(socket.get()) : Optional.empty();
        passed = before.map(Predecessor::sockets).orElseGet(PassedSockets::none).and(activated);
    }

    /**
     * Looks at the command line and the environment; takes the sockets of the process before, which goes on meanwhile.
     *
     * @throws IOException says which of them cannot be used
     * @throws IllegalArgumentException where the command line contradicts itself
     */
    static Optional<Surroundings> of(CommandOptions options) throws IOException {
        Map<String, String> environment = System.getenv();
        boolean any = options.succeeding.socket().isPresent()
                || environment.containsKey("NOTIFY_SOCKET")
                || environment.containsKey("LISTEN_FDS");
        return any ? Optional.of(new Surroundings(options.succeeding, environment)) : Optional.empty();
    }

    Host host(int eventLoops) {
        return Host.process(eventLoops, passed, this);
    }

    /** It has started; it may be live already, or become that later. */
    void started(Gateway running) {
        manager.ifPresent(running::watch);
        gateway.complete(running);
    }

    @Override
    public void live() {
        if (socket.isEmpty()) {
            manager.ifPresent(ServiceManager::live);
            return;
        }
        Thread thread = new Thread(this::succeed, "succession");
        thread.setDaemon(true);
        thread.start();
    }

    private void succeed() {
        before.ifPresent(this::end);
        manager.ifPresent(ServiceManager::live);
        try {
            next.complete(HandOver.open(socket.get(), gateway.join().giver()));
        } catch (IOException e) {
            LOG.error("no process can take over from this one: {}", e.getMessage());
        }
    }

    private void end(Predecessor one) {
        try (one) {
            one.end(parentLimit);
            LOG.info("took over: the process before drains");
        } catch (IOException e) {
            LOG.warn("the process before does not drain: {}", e.getMessage());
        }
    }

    @Override
    public void reloading() {
        manager.ifPresent(ServiceManager::reloading);
    }

    @Override
    public void reloaded(String problem) {
        manager.ifPresent(one -> one.reloaded(problem));
    }

    @Override
    public void stopping() {
        manager.ifPresent(ServiceManager::stopping);
        if (next.isDone()) {
            next.join().close();
        }
    }
}
