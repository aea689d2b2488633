package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Fields that are treated alike, whatever their type. */
abstract class UniformFields implements Fields {

    abstract <T> T field(String key, T value);

    @Override
    public String text(String key, String value) {
        return field(key, value);
    }

    @Override
    public Optional<String> text(String key, Optional<String> value) {
        return field(key, value);
    }

    @Override
    public boolean flag(String key, boolean value) {
        return field(key, value);
    }

    @Override
    public int integer(String key, int value) {
        return field(key, value);
    }

    @Override
    public OptionalInt integer(String key, OptionalInt value) {
        return field(key, value);
    }

    @Override
    public long whole(String key, long value) {
        return field(key, value);
    }

    @Override
    public double decimal(String key, double value) {
        return field(key, value);
    }

    @Override
    public double share(String key, double value) {
        return field(key, value);
    }

    @Override
    public Duration duration(String key, Duration value) {
        return field(key, value);
    }

    @Override
    public Optional<Duration> duration(String key, Optional<Duration> value) {
        return field(key, value);
    }

    @Override
    public int bytes(String key, int value) {
        return field(key, value);
    }

    @Override
    public List<String> texts(String key, List<String> values) {
        return field(key, values);
    }

    @Override
    public List<Integer> integers(String key, List<Integer> values) {
        return field(key, values);
    }

    @Override
    public List<Endpoint> endpoints(String key, List<Endpoint> values) {
        return field(key, values);
    }

    @Override
    public Optional<Endpoint> endpoint(String key, Optional<Endpoint> value) {
        return field(key, value);
    }

    @Override
    public int integer(String key, int value, int least, int most) {
        return field(key, value);
    }

    @Override
    public <E extends Enum<E>> E choice(String key, E value) {
        return field(key, value);
    }
}
