package io.grpcweb.gateway.filter.jwtauthn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.testing.Tokens;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JwtAuthnKindTest {
    private static final String KEYS = new Tokens().keys("RS256");

    private static GatewayConfig config(String filter) throws ConfigException {
        return Configs.parse("""
                listeners.main {
                  listen = "127.0.0.1:8080"
                  filters = [{ type = jwt-authn, %s }]
                  routes = [{ prefix = "/", respond { status = 200 } }]
                }
                clusters.keys { endpoints = ["keys.example:443"] }
                """.formatted(filter), "x.conf");
    }

    private static JwtAuthnConfig filter(GatewayConfig config) {
        HttpConfig http = config.listeners().get(0).chains().get(0).http();
        return (JwtAuthnConfig) http.filters().get(0);
    }

    @Test
    void theOwnFormatIsReadAndWritten() throws ConfigException {
        GatewayConfig config = config("""
                providers {
                  main {
                    issuer = "https://i", audiences = [web], subjects { prefix = user- }, max-lifetime = 1h
                    keys { uri = "https://keys.example/set", cluster = keys, cache = 5m, ahead = false }
                    from-headers = [{ name = X-Token, prefix = "Tok " }], from-cookies = [c], forward = true
                    claim-to-headers = [{ header = X-City, claim = home.city }, { header = x-b, claim = ["a.b", c] }]
                    space-delimited-claims = [scope], cache-tokens { most = 7 }
                  }
                  "odd name" { keys { json = \"""%s\""" } }
                }
                requirements { named { all = [{ provider = main }, { provider = "odd name", audiences = [app] }] } }
                rules = [
                  { path = /a, requires = named }
                  { prefix = /b, requires { any = [{ provider = main }, { allow = missing }] } }
                  { prefix = /c, requires { allow = anything, failed-header = x-bad } }
                  { prefix = /d }
                ]
                state-rules { key = who, requires { staff { provider = main } } }
                bypass-preflight = true, stat-prefix = own, requirement = named
                """.formatted(KEYS));

        JwtAuthnConfig filter = filter(config);
        JwtProvider main = filter.providers().get("main");
        assertThat(main.subjects()).contains(new StringMatch.Prefix("user-", false));
        assertThat(main.maxLifetime()).contains(Duration.ofHours(1));
        assertThat(main.places().headers()).containsExactly(new JwtProvider.Header("x-token", "Tok "));
        assertThat(main.outcome().claims())
                .containsExactly(
                        new JwtProvider.Claim("x-city", List.of("home", "city")),
                        new JwtProvider.Claim("x-b", List.of("a.b", "c")));
        assertThat(((Jwks.Remote) main.keys()).cacheDuration()).isEqualTo(Duration.ofMinutes(5));
        assertThat(filter.rules().get(0).requirement())
                .contains(new Requirement.All(List.of(
                        new Requirement.Provider("main", Optional.empty()),
                        new Requirement.Provider("odd name", Optional.of(List.of("app"))))));
        assertThat(filter.rules().get(2).requirement()).contains(new Requirement.ExtractOnly("x-bad"));
        assertThat(filter.rules().get(3).requirement()).isEmpty();
        assertThat(filter.place()).isEqualTo(new JwtAuthnConfig.Place.Named("named"));
        assertThat(filter(Configs.parse(Configs.write(config), "x.conf"))).isEqualTo(filter);
    }

    @Test
    void whatIsWrongIsNamedWithItsLine() {
        assertThatThrownBy(() -> config("""
                providers {
                  none { issuer = i }
                  bad { keys { json = "{}" } }
                  lost { keys { file = "/nowhere/keys.json" } }
                  odd { keys { uri = "no uri", cluster = keys } }
                }
                rules = [
                  { requires { provider = other } }
                  { requires = gone }
                  { requires { provider = bad, allow = missing } }
                ]
                """))
                .hasMessageContaining(
                        "x.conf:5: listeners.main.filters[0].providers.bad.keys.json: the key set has no list 'keys'")
                .hasMessageContaining("providers.none.keys: one of file, json and uri is expected")
                .hasMessageContaining("the file '/nowhere/keys.json' cannot be read")
                .hasMessageContaining("'no uri' is no URI")
                .hasMessageContaining("unknown provider 'other': providers has ")
                .hasMessageContaining("no requirement 'gone'; there is none")
                .hasMessageContaining("one of provider, any, all and allow is expected");
    }
}
