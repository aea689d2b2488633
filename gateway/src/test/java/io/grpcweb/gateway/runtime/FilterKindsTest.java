package io.grpcweb.gateway.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.filter.FilterKind;
import java.io.File;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FilterKindsTest {
    private static final String TEXT = """
            listeners.main {
              listen = "127.0.0.1:8080"
              filters = [cors, grpc-web, grpc-stats, { type = rate-limit, bucket { max = 1 } },
                { type = health-check, match-headers = [{ name = ":path", exact = "/healthz" }] },
                { type = envoy, name = more, typed-config {
                    "@type" = "x/envoy.extensions.filters.http.grpc_stats.v3.FilterConfig" } }]
              routes = [{ prefix = "/", respond { status = 200 } }]
            }
            """;

    @Test
    void noTwoKindsHaveTheSameNames() {
        List<Object> names = new ArrayList<>();
        for (FilterKind<?> kind : FilterKinds.ALL.list()) {
            names.add(kind.settings());
            names.add(kind.type());
            names.addAll(kind.envoyTypes());
            kind.olderNames().forEach(older -> names.add("older " + older));
        }
        assertThat(names).doesNotHaveDuplicates();
    }

    @Test
    void allKindsAreReadAndWrittenWithoutNetty() throws Exception {
        List<URL> jars = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!entry.contains("netty")) {
                jars.add(new File(entry).toURI().toURL());
            }
        }
        try (URLClassLoader loader =
                new URLClassLoader(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            assertThatThrownBy(() -> loader.loadClass("io.netty.handler.codec.http2.Http2Headers"))
                    .isInstanceOf(ClassNotFoundException.class);
            Object filters = filters(loader);
            Class<?> format = loader.loadClass("io.grpcweb.gateway.config.hocon.GatewayConf");
            Method parse = format.getMethod("parse", String.class, String.class, filters.getClass());
            Object config = parse.invoke(null, TEXT, "x.conf", filters);
            Object text = format.getMethod("write", config.getClass(), filters.getClass())
                    .invoke(null, config, filters);

            assertThat(parse.invoke(null, text, "x.conf", filters).toString()).contains("LocalRateLimit[");
        }
    }

    private static Object filters(ClassLoader loader) throws ReflectiveOperationException {
        Class<?> kinds = loader.loadClass(FilterKinds.class.getName());
        return kinds.getMethod("ownFormats").invoke(kinds.getField("ALL").get(null));
    }
}
